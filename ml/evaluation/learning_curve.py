"""The learning curve: what more labels have brought, and may bring."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ml.bootstrap import Interval, interval
from ml.evaluation.comparison import Bootstrap, Resampled
from ml.evaluation.evaluate import Evaluation
from ml.evaluation.folds import N_FOLDS, Fold, cross_validate, split
from ml.moods.predict import find_recipe
from ml.moods.recipe import Codes, Floats
from ml.moods.text import VideoText
from ml.parallel import Progress, call_each

SHARES = (0.25, 0.5, 0.75)  # of the groups of a training part; all is known already
N_SHUFFLES = 3
MORE = 100  # labels


@dataclass(frozen=True)
class CurvePoint:
    """How good the recipe is on unseen videos after so many labels."""

    n_videos: int  # that it was trained on, mean over the folds
    macro_f1: float
    macro_f1_interval: Interval  # 95 %, over the groups
    accuracy: float
    accuracy_interval: Interval


@dataclass(frozen=True)
class Gain:
    """What more labels would bring if the curve went on as it came."""

    expected: float
    low: float  # 95 %, over the groups
    high: float


@dataclass(frozen=True)
class LearningCurve:
    """Figures of the grouped protocol on parts of the labels, the fewest first."""

    points: list[CurvePoint]
    n_more: int  # labels
    macro_f1_gain: Gain
    accuracy_gain: Gain

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as JSON-able values."""
        return asdict(self)


def learning_curve(
    texts: Sequence[VideoText],
    evaluation: Evaluation,
    *,
    n_jobs: int = 1,
    progress: Progress | None = None,
) -> LearningCurve:
    """Judge the evaluated recipe after training on parts of the groups.

    The test parts are those of the evaluation, whole; its first three shuffles. The
    smaller training parts are inside the larger ones. What `MORE` labels would bring
    comes from a straight line through the points over the logarithm of the number of
    labels; its interval from lines through the same points of resampled groups.

    Parameters
    ----------
    texts : sequence of VideoText, length n_videos
        The evaluated rows in their order.
    evaluation : Evaluation
    n_jobs : int
        Shuffles judged at the same time.
    progress : callable, optional
        As `ml.evaluation.evaluate.evaluate`.

    Returns
    -------
    LearningCurve
        Source: Perlich et al., "Tree Induction vs. Logistic Regression: A
        Learning-Curve Analysis", 2003, for the shape.
    """
    held = evaluation.held_out
    seeds = evaluation.seeds[:N_SHUFFLES]
    jobs = [(share, seed) for share in SHARES for seed in seeds]
    known = (evaluation.recipe, texts, held.codes, held.groups)
    runs = call_each(
        _judge, [(*known, *job) for job in jobs], n_jobs=n_jobs, progress=progress
    )
    by_share = [runs[i : i + len(seeds)] for i in range(0, len(runs), len(seeds))]
    whole = held.probabilities[: len(seeds)].argmax(axis=2)
    n_whole = evaluation.n_videos * (N_FOLDS - 1) / N_FOLDS
    return _curve(
        Bootstrap(held.codes, held.groups),
        [float(np.mean([n for n, _ in of_share])) for of_share in by_share] + [n_whole],
        [np.stack([best for _, best in of_share]) for of_share in by_share] + [whole],
        n_now=evaluation.n_videos,
    )


def _judge(
    recipe: str,
    texts: Sequence[VideoText],
    codes: Codes,
    groups: Codes,
    share: float,
    seed: int,
) -> tuple[float, Codes]:
    """Return the mean size of the training parts, and the mood named of each row."""
    folds = [
        _thinned(fold, groups, share, seed)
        for fold in split(codes, groups, seed=seed, together=True)
    ]
    shuffle = cross_validate(
        find_recipe(recipe), texts, codes, groups, folds, seed=seed, together=True
    )
    n_trained = float(np.mean([len(train) for train, _ in folds]))
    return n_trained, shuffle.probabilities.argmax(axis=1)


def _thinned(fold: Fold, groups: Codes, share: float, seed: int) -> Fold:
    """Keep a share of the groups of the training part; a smaller share is inside."""
    train, test = fold
    order = np.random.default_rng(seed).permutation(np.unique(groups[train]))
    kept = order[: int(np.ceil(share * len(order)))]
    return train[np.isin(groups[train], kept)], test


def _curve(
    bootstrap: Bootstrap, n_videos: list[float], best: list[Codes], *, n_now: int
) -> LearningCurve:
    as_is = [bootstrap.all_rows(moods) for moods in best]
    resampled = [bootstrap.figures(moods) for moods in best]
    points = [
        CurvePoint(
            n_videos=round(n),
            macro_f1=float(one.macro_f1[0]),
            macro_f1_interval=interval(many.macro_f1),
            accuracy=float(one.accuracy[0]),
            accuracy_interval=interval(many.accuracy),
        )
        for n, one, many in zip(n_videos, as_is, resampled, strict=True)
    ]
    return LearningCurve(
        points=points,
        n_more=MORE,
        macro_f1_gain=_gain(n_videos, as_is, resampled, "macro_f1", n_now),
        accuracy_gain=_gain(n_videos, as_is, resampled, "accuracy", n_now),
    )


def _gain(
    n_videos: list[float],
    as_is: list[Resampled],
    resampled: list[Resampled],
    figure: str,
    n_now: int,
) -> Gain:
    doublings = float(np.log2((n_now + MORE) / n_now))
    expected, many = (
        doublings * _slopes(n_videos, np.stack([getattr(f, figure) for f in figures]))
        for figures in (as_is, resampled)
    )
    tails = interval(many)
    return Gain(float(expected[0]), tails.low, tails.high)


def _slopes(n_videos: list[float], figures: Floats) -> Floats:
    """Least-squares slopes per doubling; figures of shape (n_points, n_lines)."""
    x = np.log2(n_videos)
    x = x - x.mean()
    slopes: Floats = x @ figures / (x @ x)
    return slopes
