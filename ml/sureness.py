"""From which probability on a model may call itself sure."""

from dataclasses import dataclass

import numpy as np

from ml.moods import NEVER_SURE
from ml.recipe import Codes, Floats

SURE_ACCURACY = 0.60  # of ten videos that a model is sure of, six are to be right
MIN_SURE_VIDEOS = 30  # fewer could reach it by luck


@dataclass(frozen=True)
class Sureness:
    """The threshold of a recipe, and what such thresholds reached on unseen videos."""

    sure_from: float  # probability; NEVER_SURE if nothing reaches `wanted`
    wanted: float  # accuracy that the threshold was chosen for
    accuracy: float | None  # reached, see `judge_sureness`; None: of no video sure
    coverage: float  # share of the videos it was sure of, likewise


def sure_threshold(
    confidence: Floats, correct: Codes, *, wanted: float = SURE_ACCURACY
) -> float:
    """Return the smallest probability from which on a model is right often enough.

    Parameters
    ----------
    confidence : float64 array, shape (n_shuffles, n_videos)
        Probability of the mood that was named, on unseen videos.
    correct : bool array, shape (n_shuffles, n_videos)
    wanted : float
        Share of the videos above the threshold that must be right.

    Returns
    -------
    float
        `NEVER_SURE` if fewer than `MIN_SURE_VIDEOS` a shuffle would remain.
    """
    order = np.argsort(-confidence, axis=None)
    descending, hits = confidence.ravel()[order], correct.ravel()[order]
    accuracy = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    last_of_equals = np.append(descending[1:] < descending[:-1], True)
    enough = np.arange(1, len(hits) + 1) >= MIN_SURE_VIDEOS * len(confidence)
    reached = np.flatnonzero((accuracy >= wanted) & last_of_equals & enough)
    return float(descending[reached[-1]]) if len(reached) else NEVER_SURE


def judge_sureness(
    codes: Codes, probabilities: Floats, fold: Codes, *, wanted: float = SURE_ACCURACY
) -> Sureness:
    """Choose the threshold, and say honestly what it is worth.

    The threshold comes from all held-out predictions. Its accuracy and coverage come
    from thresholds chosen without the fold that they are applied to.

    Parameters
    ----------
    codes : int array, shape (n_videos,)
        True moods.
    probabilities : float64 array, shape (n_shuffles, n_videos, 6)
        Held out.
    fold : int array, shape (n_shuffles, n_videos)
        In which fold each row was held out.
    wanted : float

    Returns
    -------
    Sureness
    """
    confidence = probabilities.max(axis=2)
    correct = probabilities.argmax(axis=2) == codes
    sure = np.zeros_like(correct)
    for shuffle, folds in enumerate(fold):
        for number in np.unique(folds):
            rows = folds == number
            others = confidence[:, ~rows], correct[:, ~rows]
            limit = sure_threshold(*others, wanted=wanted)
            sure[shuffle, rows] = confidence[shuffle, rows] >= limit
    return Sureness(
        sure_from=sure_threshold(confidence, correct, wanted=wanted),
        wanted=wanted,
        accuracy=float(correct[sure].mean()) if sure.any() else None,
        coverage=float(sure.mean()),
    )
