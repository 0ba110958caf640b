"""How good the recommenders are, beside popularity and published figures.

    python -m benchmarks.recommenders.algorithms HETREC [--reference FIGURES.json]
                                      [--seeds 0 1 2] [--neighbours] [--als TABLE]

HETREC is the folder or archive of HetRec 2011 Last.fm. With --als it is another
published table, on which ALS is timed beside implicit called directly.

Claims: each published figure is reproduced or passed on the same split; the best nDCG@10
is above the best published, 0.193; ALS takes at most 1.2 times what implicit does.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from benchmarks.recommenders import hetrec
from ml.recommend.algorithms.als import ALGORITHM as ALS
from ml.recommend.algorithms.als import weigh
from ml.recommend.algorithms.registry import BASELINE, list_available
from ml.recommend.data.interactions import Interactions
from ml.recommend.data.pairs import thin
from ml.recommend.evaluation.evaluate import judge
from ml.recommend.evaluation.ranking import Ranking
from ml.recommend.evaluation.splitting import Split, hold_out
from ml.recommend.interface import Run
from ml.recommend.model import Model, fit_model

N_THREADS = 2
ROUNDS = 3
REPORTS_2021 = {"no_components": 30, "k": 15, "epochs": 30, "max_sampled": 10}
MIN_ROWS_2021 = 50  # of an artist
ARTISTS = ("Radiohead", "The Beatles", "Metallica", "Miles Davis")
GOOD = ("cosine", "bm25", "als", "blend", "warp")
HEAD = "P@10    R@10    nDCG    MAP     hit     AUC     cover"
FIGURES = ("precision", "recall", "ndcg", "average_precision", "hit", "auc", "coverage")
PUBLISHED = {
    "popularity": "popularity",
    "cosine": "item cosine (binary, K=100)",
    "bm25": "item BM25 (K1=100,B=.8,K=100)",
    "als": "ALS 64 on BM25 weights (implicit)",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hetrec", type=Path)
    parser.add_argument("--reference", type=Path, help="JSON of the published figures")
    parser.add_argument("--seeds", type=int, nargs="*", default=[])
    parser.add_argument("--neighbours", action="store_true")
    parser.add_argument("--als", type=Path, help="another table to time ALS on")
    options = parser.parse_args()
    table = hetrec.read(options.hetrec)
    print_figures("the published split", hetrec.split_as_published(table))
    if options.reference:
        print_published(json.loads(options.reference.read_text())["metrics"])
    if options.seeds:
        print_means(table, options.seeds)
    if "warp" in list_available():
        print_reports_2021(table)
    time_als(hetrec.read(options.als) if options.als else table)
    if options.neighbours:
        print_neighbours(table)


def print_figures(title: str, split: Split) -> None:
    print(
        f"\n{title}: {split.train.likes.nnz} pairs to learn from, {split.test.nnz} held"
    )
    print(f"{'':<12}{HEAD}   nDCG of popularity   fit, s   MB")
    baseline = 0.0
    for name in list_available():
        started = time.perf_counter()
        model = fit_model(name, split.train, run=Run(n_threads=N_THREADS))
        seconds = time.perf_counter() - started
        ranking = judge(model, split)
        baseline = baseline or ranking.ndcg  # popularity is the first
        size = sum(array.nbytes for array in model.arrays.values()) / 1e6
        times = f"{ranking.ndcg / baseline:>8.2f} x"
        print(
            f"{name:<12}{_row(ranking)}{times}{seconds:>18.1f}{size:>7.1f}", flush=True
        )


def print_published(metrics: dict[str, dict[str, float]]) -> None:
    print("\nas published")
    for name, published in PUBLISHED.items():
        figures = [metrics[published][key] for key in ("P10", "R10", "NDCG10")]
        print(f"{name:<12}" + "  ".join(f"{figure:.4f}" for figure in figures))


def print_means(table: Interactions, seeds: list[int]) -> None:
    """Print means and standard deviations over other splits."""
    print(f"\nsplits by chance, seeds {seeds}: mean (standard deviation)")
    splits = [hold_out(table.pairs, seed=seed) for seed in seeds]
    print(f"{'':<12}{'P@10':<18}{'nDCG@10':<18}times popularity's nDCG")
    baselines = np.ones(len(seeds))
    for name in list_available():
        rankings = [_judge(name, split) for split in splits]
        precisions = [ranking.precision for ranking in rankings]
        gains = np.array([ranking.ndcg for ranking in rankings])
        baselines = gains if name == BASELINE else baselines
        both = "".join(f"{_spread(figures):<18}" for figures in (precisions, gains))
        print(f"{name:<12}{both}{_spread(gains / baselines)}", flush=True)


def print_reports_2021(table: Interactions) -> None:
    """Print what the settings of the 2021 reports are worth."""
    kept = thin(table.pairs, 1, MIN_ROWS_2021).pairs
    for title, pairs in (("all artists", table.pairs), ("50 rows or more", kept)):
        split = hold_out(pairs)
        print(
            f"\nsettings of the 2021 reports, {title}: {pairs.likes.shape[1]} artists"
        )
        for name, settings in ((BASELINE, {}), ("warp", REPORTS_2021), ("als", {})):
            print(f"{name:<12}{_row(_judge(name, split, settings))}", flush=True)


def time_als(table: Interactions) -> None:
    """Print the time of ALS beside that of implicit with the same weights."""
    likes, settings = table.pairs.likes, ALS.settings
    run = Run(n_threads=N_THREADS)
    arrays = ALS.fit(likes[:0], settings, run)  # imports what it needs
    arrays["idf"] = np.ones(likes.shape[1], np.float32)
    weights = weigh(arrays, likes)

    def call() -> None:
        model = AlternatingLeastSquares(
            **settings, num_threads=N_THREADS, random_state=0
        )
        model.fit(weights, show_progress=False)

    with threadpool_limits(1):
        direct, ours = _best_of_each(call, lambda: ALS.fit(likes, settings, run))
    shape = f"{likes.nnz} pairs, {likes.shape[0]} users, {likes.shape[1]} artists"
    print(f"\nALS on {shape}: {ours:.1f} s, implicit directly {direct:.1f} s,", end="")
    print(f" {ours / direct:.2f} x")


def print_neighbours(table: Interactions) -> None:
    names = table.names.to_pylist()
    for algorithm in (name for name in GOOD if name in list_available()):
        model = fit_model(algorithm, table.pairs, run=Run(n_threads=N_THREADS))
        print(f"\n{algorithm}")
        for artist in ARTISTS:
            found = model.similar(names.index(artist), 10)
            near = ", ".join(f"{names[one.item]} ({one.shared})" for one in found)
            print(f"  {artist}: {near}", flush=True)


def _judge(
    name: str, split: Split, settings: dict[str, float] | None = None
) -> Ranking:
    run = Run(n_threads=N_THREADS)
    model: Model = fit_model(name, split.train, settings, run=run)
    return judge(model, split)


def _best_of_each(*calls: Callable[[], object]) -> list[float]:
    """Return the least seconds of each, taken in turns on a machine that others use."""
    times = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, seconds in zip(calls, times, strict=True):
            started = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - started)
    return [min(seconds) for seconds in times]


def _row(ranking: Ranking) -> str:
    return "  ".join(f"{getattr(ranking, figure):.4f}" for figure in FIGURES)


def _spread(figures: object) -> str:
    return f"{np.mean(figures):.4f} ({np.std(figures):.4f})"


if __name__ == "__main__":
    main()
