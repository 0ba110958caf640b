"""How good a recipe is on labelled videos, beside the baselines.

The protocol, docs/models/protocol.md says why: labelled rows only; five folds, five
shuffles (seeds 0 to 4). The primary folds keep near-duplicates together
(StratifiedGroupKFold), the secondary ones do not (StratifiedKFold). A recipe makes its
choices, such as C, on the training part alone. Each shuffle is scored over all its
rows, every one predicted once; scores are means over the shuffles. Baselines and the
recipe see the same folds, so that they are compared in pairs.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ml.bootstrap import Interval, interval
from ml.evaluation.comparison import Bootstrap, Comparison, compare
from ml.evaluation.confidence import ConfidenceThreshold, calibrate_threshold
from ml.evaluation.folds import N_FOLDS, Shuffle, cross_validate, split
from ml.evaluation.groups import find_groups
from ml.evaluation.scores import Scores, combine, score
from ml.moods.predict import BASELINE, DEFAULT_RECIPE, find_recipe
from ml.moods.recipe import MOODS, Codes, Floats
from ml.moods.text import VideoText
from ml.moods.train import (
    LengthMismatch,
    TrainingError,
    check_trainable,
    digest_rows,
    encode_moods,
)
from ml.parallel import Progress, call_each

SEEDS = (0, 1, 2, 3, 4)


class TooFewGroups(TrainingError):
    """There are fewer near-duplicate groups than folds. Label more varied videos."""


@dataclass(frozen=True)
class ProtocolResult:
    """One protocol: the recipe beside the baselines, in the same folds."""

    folds: str
    recipe: Scores
    recipe_sd: Scores  # standard deviations over the shuffles
    seen_macro_f1: float  # of the recipe on rows it was fitted on: what it memorises
    majority: Scores
    baselines: dict[str, Scores]  # by name of recipe, without the judged one


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The predictions behind the figures, all of the grouped protocol."""

    codes: Codes  # (n_videos,), true moods, positions in MOODS
    groups: Codes  # (n_videos,)
    probabilities: Floats  # (n_shuffles, n_videos, 6), of the judged recipe

    def mean(self) -> Floats:
        """Mean over the shuffles, shape (n_videos, 6): one opinion of each video."""
        mean: Floats = self.probabilities.mean(axis=0)
        return mean


@dataclass(frozen=True)
class Evaluation:
    """A recipe judged by both protocols."""

    recipe: str
    n_videos: int
    n_groups: int
    n_per_mood: dict[str, int]  # all six, in the order of MOODS
    data_digest: str  # as `ml.moods.train.digest_rows`
    seeds: tuple[int, ...]
    grouped: ProtocolResult  # primary
    stratified: ProtocolResult
    macro_f1_interval: Interval  # grouped, 95 %
    accuracy_interval: Interval
    comparisons: dict[str, Comparison]  # grouped; with "majority" and each baseline
    sure: ConfidenceThreshold
    held_out: HeldOut = field(compare=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as JSON-able values, without the predictions."""
        values = asdict(self) | {"seeds": list(self.seeds)}
        del values["held_out"]
        return values


def evaluate(
    texts: Sequence[VideoText],
    moods: Sequence[str],
    groups: Sequence[int] | Codes | None = None,
    *,
    recipe: str = DEFAULT_RECIPE,
    baselines: Sequence[str] = (BASELINE,),
    seeds: Sequence[int] = SEEDS,
    n_jobs: int = 1,
    progress: Progress | None = None,
) -> Evaluation:
    """Judge a recipe on labelled videos by both protocols.

    Parameters
    ----------
    texts : sequence of VideoText, length n_videos
        Of videos that a person labelled, and of no others.
    moods : sequence of str, length n_videos
        Each one of `ml.moods.recipe.MOODS`.
    groups : sequence of int, length n_videos, optional
        Near-duplicate group of each video; `ml.evaluation.groups.find_groups` unless given.
    recipe : str
        A key of `ml.moods.predict.RECIPES`.
    baselines : sequence of str
        Recipes to compare with, such as the live model's; each is fitted again in the
        same folds. The judged recipe itself may be among them and is left out.
    seeds : sequence of int
        One shuffle each. Same rows and seeds: same result, whatever `n_jobs`.
    n_jobs : int
        Shuffles judged at the same time, each in its process.
    progress : callable, optional
        Called after each shuffle with how many are done, and of how many.

    Returns
    -------
    Evaluation

    Raises
    ------
    TrainingError
        As `ml.moods.train.train`; TooFewGroups if there are fewer than five groups.
    UnknownRecipe
    """
    codes = encode_moods(texts, moods)
    check_trainable(find_recipe(recipe), texts, codes, min_rows=N_FOLDS)
    group_of = np.asarray(find_groups(texts) if groups is None else groups)
    if len(group_of) != len(texts):
        raise LengthMismatch(f"{len(texts)} texts, but {len(group_of)} groups")
    n_groups = len(np.unique(group_of))
    if n_groups < N_FOLDS:
        raise TooFewGroups(f"{n_groups} near-duplicate groups, {N_FOLDS} are needed")
    names = list(dict.fromkeys([recipe, *baselines]))
    shuffles = _shuffles(names, texts, codes, group_of, seeds, n_jobs, progress)
    primary = {name: shuffles[name, True] for name in names}
    counts = np.bincount(codes, minlength=len(MOODS)).tolist()
    return Evaluation(
        recipe=recipe,
        n_videos=len(texts),
        n_groups=n_groups,
        n_per_mood=dict(zip(MOODS, counts, strict=True)),
        data_digest=digest_rows(texts, moods),
        seeds=tuple(seeds),
        grouped=_summary("grouped", codes, primary),
        stratified=_summary(
            "stratified", codes, {name: shuffles[name, False] for name in names}
        ),
        **_compared(codes, group_of, primary),
    )


def _shuffles(
    names: Sequence[str],
    texts: Sequence[VideoText],
    codes: Codes,
    groups: Codes,
    seeds: Sequence[int],
    n_jobs: int,
    progress: Progress | None,
) -> dict[tuple[str, bool], list[Shuffle]]:
    """Cross-validate each recipe on each shuffle, with groups together and without."""
    keys = [(name, together) for name in names for together in (True, False)]
    runs = call_each(
        _shuffle,
        [
            (name, texts, codes, groups, seed, together)
            for name, together in keys
            for seed in seeds
        ],
        n_jobs=n_jobs,
        progress=progress,
    )
    n = len(seeds)
    return {key: runs[i * n : (i + 1) * n] for i, key in enumerate(keys)}


def _shuffle(
    name: str,
    texts: Sequence[VideoText],
    codes: Codes,
    groups: Codes,
    seed: int,
    together: bool,
) -> Shuffle:
    folds = split(codes, groups, seed=seed, together=together)
    return cross_validate(
        find_recipe(name), texts, codes, groups, folds, seed=seed, together=together
    )


def _summary(
    folds: str, codes: Codes, shuffles: dict[str, list[Shuffle]]
) -> ProtocolResult:
    """Score the first recipe, the majority class and the other recipes."""
    scores = {
        name: [score(codes, shuffle.probabilities) for shuffle in of_recipe]
        for name, of_recipe in shuffles.items()
    }
    (name, recipe), *others = scores.items()
    return ProtocolResult(
        folds=folds,
        recipe=combine(recipe, np.mean),
        recipe_sd=combine(recipe, np.std),
        seen_macro_f1=float(np.mean([s.seen_macro_f1 for s in shuffles[name]])),
        majority=combine([score(codes, s.majority) for s in shuffles[name]], np.mean),
        baselines={other: combine(runs, np.mean) for other, runs in others},
    )


def _compared(
    codes: Codes, groups: Codes, shuffles: dict[str, list[Shuffle]]
) -> dict[str, Any]:
    """What the grouped predictions tell of the first recipe beside the others."""
    bootstrap = Bootstrap(codes, groups)
    recipe, *_ = shuffles.values()
    probabilities = {
        name: np.stack([shuffle.probabilities for shuffle in of_recipe])
        for name, of_recipe in shuffles.items()
    }
    (_, ours), *others = probabilities.items()
    majority = np.stack([shuffle.majority for shuffle in recipe])
    fold = np.stack([shuffle.fold for shuffle in recipe])
    figures = bootstrap.figures(ours.argmax(axis=2))
    return {
        "macro_f1_interval": interval(figures.macro_f1),
        "accuracy_interval": interval(figures.accuracy),
        "comparisons": {
            name: compare(bootstrap, ours, theirs)
            for name, theirs in [("majority", majority), *others]
        },
        "sure": calibrate_threshold(codes, ours, fold),
        "held_out": HeldOut(codes, groups, ours),
    }
