"""Which order of labelling teaches a model most: simulated on labels that exist.

    python -m benchmarks.catalogue.labelling [VIDEOS.csv] [--groups GROUPS.csv] [--seeds 5]

Each seed shuffles the videos into five folds that keep near-duplicates together. In
each fold the videos of the training part are "unlabelled" but for a few random ones;
each order then asks for batches of 20, as the page does, and a model is fitted after
each and judged on the test part. The first order is random: that is what "newest" is
to a model, and the reference of all others. The last columns compare the mean over the
whole way with random's in the same run: its ratio, and the difference with twice its
standard error over the folds of all shuffles.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from ml.evaluation.groups import find_groups
from ml.evaluation.labelled import read_groups, read_labelled
from ml.labelling.active_learning import (
    LabelledCounts,
    most_useful,
    title_words,
    uncertainty,
    weakness,
)
from ml.moods.baseline2019 import words
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText

VIDEOS = ROOT.parent / "shared" / "data" / "moodibeats" / "videos.csv"
N_FOLDS, BATCH, START, C = 5, 20, 40, 3.0
SHOWN = (60, 100, 160, 220, 300, 380)  # numbers of labels
RANDOM = "random (newest)"


class Videos(NamedTuple):
    """What the simulation knows of each video; the codes are the labels."""

    features: csr_matrix
    codes: np.ndarray
    groups: np.ndarray
    words: list[frozenset[str]]


class Point(NamedTuple):
    n_labels: int
    accuracy: float
    macro_f1: float


Choose = Callable[["Simulation", int], list[int]]


class Simulation:
    """One person labelling one training part in one order."""

    def __init__(self, videos: Videos, pool: np.ndarray, seed: int) -> None:
        self.videos, self.seed = videos, seed
        self.waiting = pool.tolist()
        random.Random(seed).shuffle(self.waiting)
        self.labelled: list[int] = []
        self.label(self.waiting[:START])

    def label(self, chosen: list[int]) -> None:
        self.labelled += chosen
        done = set(chosen)
        self.waiting = [i for i in self.waiting if i not in done]
        self.model = fit(self.videos, self.labelled)

    def probabilities(self) -> np.ndarray:
        return self.model(self.waiting)

    def best(self, scores: np.ndarray, n: int) -> list[int]:
        first = np.argsort(-scores, kind="stable")[:n]
        return [self.waiting[i] for i in first]

    def f1(self) -> dict[str, float]:
        """Per mood, on folds of what is labelled so far, as a report would have it."""
        rows = np.array(self.labelled)
        predicted = np.zeros(len(rows), dtype=int)
        folds = StratifiedKFold(3, shuffle=True, random_state=self.seed)
        for train, test in folds.split(rows, np.minimum(self.videos.codes[rows], 99)):
            model = fit(self.videos, rows[train].tolist())
            predicted[test] = model(rows[test].tolist()).argmax(axis=1)
        every = range(len(MOODS))
        f1 = f1_score(
            self.videos.codes[rows],
            predicted,
            labels=every,
            average=None,
            zero_division=0,
        )
        return dict(zip(MOODS, f1.tolist(), strict=True))


def randomly(simulation: Simulation, n: int) -> list[int]:
    return simulation.waiting[:n]


def most_unsure(simulation: Simulation, n: int) -> list[int]:
    return simulation.best(uncertainty(simulation.probabilities()), n)


def usefully(simulation: Simulation, n: int) -> list[int]:
    words, known = simulation.videos.words, LabelledCounts()
    for i in simulation.labelled:
        known.add(words[i], "")
    chosen = most_useful(
        uncertainty(simulation.probabilities()),
        [words[i] for i in simulation.waiting],
        [""] * len(simulation.waiting),
        known=known,
        n=n,
    )
    return [simulation.waiting[i] for i in chosen]


def weak_first(simulation: Simulation, n: int) -> list[int]:
    scores = weakness(simulation.probabilities(), simulation.f1())
    return simulation.best(scores, n)


ORDERS: dict[str, Choose] = {
    RANDOM: randomly,
    "most unsure": most_unsure,
    "most useful": usefully,
    "weak classes": weak_first,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("videos", type=Path, nargs="?", default=VIDEOS)
    parser.add_argument("--groups", type=Path, help="found by their texts otherwise")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    started = time.perf_counter()
    videos = read(options.videos, options.groups)
    curves = {order: [] for order in ORDERS}
    for seed in range(options.seeds):
        for train, test in folds_of(videos, seed):
            for order, choose in ORDERS.items():
                curves[order].append(list(curve(videos, train, test, choose, seed)))
    print(
        f"{len(videos.codes)} labelled videos, {len(set(videos.groups))} groups; "
        f"{N_FOLDS} grouped folds, {options.seeds} shuffles; "
        f"{time.perf_counter() - started:.0f} s"
    )
    report(curves)


def read(path: Path, groups: Path | None) -> Videos:
    table = read_labelled(path)
    known = read_groups(groups, table.ids) if groups else find_groups(table.texts)
    return Videos(
        featurize(table.texts),
        np.array([MOODS.index(mood) for mood in table.moods]),
        known,
        [title_words([text.title, *text.tags]) for text in table.texts],
    )


def featurize(texts: Sequence[VideoText]) -> csr_matrix:
    """Words of the title beside words of the description."""
    blocks = [
        (TfidfVectorizer(analyzer=words, sublinear_tf=True), "title"),
        (TfidfVectorizer(analyzer=words, sublinear_tf=True), "description"),
    ]
    columns = [v.fit_transform([getattr(t, name) for t in texts]) for v, name in blocks]
    return hstack(columns).tocsr()


def folds_of(videos: Videos, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    splitter = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=seed)
    return splitter.split(videos.codes, videos.codes, videos.groups)


def curve(
    videos: Videos, train: np.ndarray, test: np.ndarray, choose: Choose, seed: int
) -> Iterator[Point]:
    simulation = Simulation(videos, train, seed)
    while True:
        best = simulation.model(test.tolist()).argmax(axis=1)
        truth = videos.codes[test]
        yield Point(
            len(simulation.labelled),
            float(np.mean(best == truth)),
            f1_score(truth, best, average="macro", zero_division=0),
        )
        if not simulation.waiting:
            return
        simulation.label(choose(simulation, BATCH))


def fit(videos: Videos, rows: list[int]) -> Callable[[list[int]], np.ndarray]:
    """A recipe quick enough to be fitted some thousand times; C is fixed."""
    codes = videos.codes[rows]
    features = videos.features[rows]
    columns = np.unique(features.indices)  # the others would get a weight of 0
    present = np.unique(codes)
    models = [
        LogisticRegression(C=C, class_weight="balanced", solver="liblinear").fit(
            features[:, columns], codes == mood
        )
        for mood in present
    ]

    def predict(others: list[int]) -> np.ndarray:
        seen = videos.features[others][:, columns]
        probabilities = np.zeros((len(others), len(MOODS)))
        for mood, model in zip(present, models, strict=True):
            probabilities[:, mood] = model.predict_proba(seen)[:, 1]
        return probabilities / probabilities.sum(axis=1, keepdims=True)

    return predict


def report(curves: dict[str, list[list[Point]]]) -> None:
    """Means over the runs, and over the whole way each order beside random."""
    for metric in ("macro_f1", "accuracy"):
        labels = "".join(f"{n:>8}" for n in SHOWN)
        print(
            f"\n{metric.replace('_', '-'):<18}{labels}{'mean':>8}{'beside random':>22}"
        )
        whole_way = {
            order: np.array([mean_of(run, metric) for run in runs])
            for order, runs in curves.items()
        }
        reference = whole_way[RANDOM]
        for order, runs in curves.items():
            values = "".join(
                f"{np.mean([at(run, n, metric) for run in runs]):>8.3f}" for n in SHOWN
            )
            ratio = whole_way[order].mean() / reference.mean()
            gain = whole_way[order] - reference
            error = gain.std(ddof=1) / np.sqrt(len(gain))
            beside = f"{ratio:>8.2f} {gain.mean():+.3f} ±{2 * error:.3f}"
            print(f"{order:<18}{values}{whole_way[order].mean():>8.3f}{beside:>22}")


def mean_of(run: list[Point], metric: str) -> float:
    """The mean height of a learning curve from its first to its last shown point."""
    return float(
        np.mean([at(run, n, metric) for n in range(*SHOWN[:: len(SHOWN) - 1], BATCH)])
    )


def at(run: list[Point], n_labels: int, metric: str) -> float:
    labels = [point.n_labels for point in run]
    return float(np.interp(n_labels, labels, [getattr(p, metric) for p in run]))


if __name__ == "__main__":
    main()
