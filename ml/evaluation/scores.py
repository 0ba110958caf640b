"""How well probabilities fit labels: the figures of the protocol."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ml.moods.recipe import MOODS, Codes, Floats

N_BINS = 10


@dataclass(frozen=True)
class Scores:
    """How well probabilities fit the labels; all but `log_loss` from 0 to 1."""

    macro_f1: float  # mean over the moods that occur
    accuracy: float
    top2: float  # share of videos whose mood is among the two likeliest
    log_loss: float  # nats; smaller is better
    calibration_error: float  # expected, ten equal bins; smaller is better
    accuracy_at_50: float  # of the half that the model is most confident of
    accuracy_at_25: float  # of the most confident quarter
    f1: dict[str, float]  # per mood that occurs


def score(codes: Codes, probabilities: Floats) -> Scores:
    """Compare probabilities with labels.

    Parameters
    ----------
    codes : int array, shape (n_videos,), not empty
        True moods, positions in `ml.moods.recipe.MOODS`.
    probabilities : float64 array, shape (n_videos, 6)
        Rows sum to 1.

    Returns
    -------
    Scores
        The calibration error is that of Naeini et al., "Obtaining Well Calibrated
        Probabilities Using Bayesian Binning", 2015, of the likeliest mood.
    """
    best = probabilities.argmax(axis=1)
    confidence, correct = probabilities.max(axis=1), best == codes
    of_truth = probabilities[np.arange(len(codes)), codes]
    top2 = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
    f1 = f1_per_mood(codes, best)
    return Scores(
        macro_f1=float(np.mean(list(f1.values()))),
        accuracy=float(np.mean(correct)),
        top2=float(np.mean((top2 == codes[:, None]).any(axis=1))),
        log_loss=float(-np.mean(np.log(np.maximum(of_truth, 1e-15)))),
        calibration_error=_calibration_error(confidence, correct),
        accuracy_at_50=accuracy_at(0.5, confidence, correct),
        accuracy_at_25=accuracy_at(0.25, confidence, correct),
        f1=f1,
    )


def f1_per_mood(codes: Codes, best: Codes) -> dict[str, float]:
    """Return the F1 of each mood that occurs; 0 for one that is never found."""
    hits = np.bincount(codes[best == codes], minlength=len(MOODS))
    named = np.bincount(best, minlength=len(MOODS))
    true = np.bincount(codes, minlength=len(MOODS))
    return {
        mood: float(2 * hits[i] / (named[i] + true[i]))
        for i, mood in enumerate(MOODS)
        if true[i]
    }


def accuracy_at(coverage: float, confidence: Floats, correct: Codes) -> float:
    """Return the accuracy of the most confident share of the videos.

    Where equal confidences straddle the limit, each counts with the same part: the
    order of the rows changes nothing.
    """
    n_kept = int(np.ceil(coverage * len(confidence)))
    limit = np.sort(confidence)[-n_kept]
    above, at = confidence > limit, confidence == limit
    hits = correct[above].sum() + (n_kept - above.sum()) * correct[at].mean()
    return float(hits / n_kept)


def combine(runs: Sequence[Scores], how: Callable[[list[float]], Any]) -> Scores:
    """Combine each figure over the shuffles, by their mean or standard deviation."""
    figures = {
        field.name: float(how([getattr(run, field.name) for run in runs]))
        for field in fields(Scores)
        if field.name != "f1"
    }
    f1 = {m: float(how([run.f1[m] for run in runs])) for m in runs[0].f1}
    return Scores(**figures, f1=f1)


def _calibration_error(confidence: Floats, correct: Codes) -> float:
    bins = np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(bins, weights=confidence - correct, minlength=N_BINS)
    return float(np.abs(gaps).sum() / len(confidence))
