"""The confidence threshold: from which probability on a model may call itself sure."""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from ml.moods.predict import NEVER_SURE, SURE_ACCURACY
from ml.moods.recipe import Codes, Floats

MIN_SURE_VIDEOS = 30  # fewer could reach it by chance
TOLERANCE = 0.05  # a promise missed by more on unseen videos is not made


@dataclass(frozen=True)
class ConfidenceThreshold:
    """The threshold of a recipe, and what such thresholds reached on unseen videos."""

    sure_from: float  # probability; NEVER_SURE if `wanted` cannot be promised
    wanted: float  # accuracy that the threshold was chosen for
    accuracy: float | None  # reached, see `calibrate_threshold`; None: of no video sure
    coverage: float  # share of the videos it was sure of, likewise


def choose_threshold(
    confidence: Floats, correct: Codes, *, target: float = SURE_ACCURACY
) -> float:
    """Return the smallest probability from which on a model is right often enough.

    How often it is right at a confidence is read from a logistic curve through all
    videos. Counting the videos above each threshold instead would take the luckiest
    one: on the labels of 2019 that reached 49 % of unseen videos instead of 60 %.

    Parameters
    ----------
    confidence : float64 array, shape (n_shuffles, n_videos)
        Probability of the mood that was named, on unseen videos.
    correct : bool array, shape (n_shuffles, n_videos)
    target : float
        Share of the videos above the threshold that must be right.

    Returns
    -------
    float
        `NEVER_SURE` if fewer than `MIN_SURE_VIDEOS` a shuffle would remain.
    """
    order = np.argsort(-confidence, axis=None)
    descending = confidence.ravel()[order]
    n_kept = np.arange(1, len(order) + 1)
    expected = np.cumsum(_chance_of_right(descending, correct.ravel()[order])) / n_kept
    last_of_equals = np.append(descending[1:] < descending[:-1], True)
    enough = n_kept >= MIN_SURE_VIDEOS * len(confidence)
    reached = np.flatnonzero((expected >= target) & last_of_equals & enough)
    return float(descending[reached[-1]]) if len(reached) else NEVER_SURE


def calibrate_threshold(
    codes: Codes, probabilities: Floats, fold: Codes, *, target: float = SURE_ACCURACY
) -> ConfidenceThreshold:
    """Choose the threshold, and say honestly what it is worth.

    The threshold comes from all held-out predictions. Its accuracy and coverage come
    from thresholds chosen without the fold that they are applied to; if those miss
    `target` by more than `TOLERANCE`, the model is never sure.

    Parameters
    ----------
    codes : int array, shape (n_videos,)
        True moods.
    probabilities : float64 array, shape (n_shuffles, n_videos, 6)
        Held out.
    fold : int array, shape (n_shuffles, n_videos)
        In which fold each row was held out.
    target : float
        Accuracy of the videos above it.

    Returns
    -------
    ConfidenceThreshold
    """
    confidence = probabilities.max(axis=2)
    correct = probabilities.argmax(axis=2) == codes
    sure = np.zeros_like(correct)
    for shuffle, folds in enumerate(fold):
        for number in np.unique(folds):
            rows = folds == number
            others = confidence[:, ~rows], correct[:, ~rows]
            limit = choose_threshold(*others, target=target)
            sure[shuffle, rows] = confidence[shuffle, rows] >= limit
    accuracy = float(correct[sure].mean()) if sure.any() else None
    kept = accuracy is not None and accuracy >= target - TOLERANCE
    limit = NEVER_SURE
    if kept:
        limit = choose_threshold(confidence, correct, target=target)
    return ConfidenceThreshold(limit, target, accuracy, float(sure.mean()))


def _chance_of_right(confidence: Floats, correct: Codes) -> Floats:
    """Fit the chance of being right at each confidence.

    Source: J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999, with
    his softened targets, so that it is defined where all or none are right.
    """
    n_right, n = correct.sum(), len(correct)
    target = np.where(correct, (n_right + 1) / (n_right + 2), 1 / (n - n_right + 2))
    within = np.clip(confidence, 1e-6, 1 - 1e-6)
    log_odds = np.log(within / (1 - within))[:, None]
    curve = LogisticRegression(C=np.inf).fit(
        np.concatenate([log_odds, log_odds]),
        np.repeat([True, False], n),
        np.concatenate([target, 1 - target]),
    )
    chance: Floats = curve.predict_proba(log_odds)[:, 1]
    return chance
