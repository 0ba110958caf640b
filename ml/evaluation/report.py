"""The report on a judged recipe: JSON-able figures, which `songs.predictions` shows.

What is stored names videos by their ids alone: titles are YouTube's and have a clock.
Needs no scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.evaluation.scores import accuracy_at
from ml.moods.recipe import MOODS, Codes, Floats

if TYPE_CHECKING:
    from ml.evaluation.evaluate import Evaluation
    from ml.evaluation.learning_curve import LearningCurve

N_BINS = 10
COVERAGES = tuple(percent / 100 for percent in range(5, 101, 5))
MAX_MISTAKES = 20


def build(
    evaluation: Evaluation,
    ids: Sequence[str] | None = None,
    *,
    curve: LearningCurve | None = None,
    version: str = "",
    created: datetime | None = None,
) -> dict[str, Any]:
    """Gather what the page shows, of the grouped protocol unless it says otherwise.

    Parameters
    ----------
    evaluation : Evaluation
    ids : sequence of str, length n_videos, optional
        Of the evaluated rows in their order; without them no mistakes are named.
    curve : LearningCurve, optional
    version : str
        Name of the trained model, if there is one.
    created : timezone-aware datetime, optional
        Now, unless given.

    Returns
    -------
    dict
        JSON-able; ``metrics`` is ``Evaluation.to_dict()``. Confusion counts and
        curves are means over the shuffles.
    """
    held = evaluation.held_out
    return {
        "version": version,
        "created": (created or datetime.now(UTC)).isoformat(timespec="seconds"),
        "metrics": evaluation.to_dict(),
        "confusion": _confusion(held.codes, held.probabilities),
        "reliability": _reliability(held.codes, held.probabilities),
        "coverage": _coverage(held.codes, held.probabilities),
        "learning_curve": curve.to_dict() if curve else None,
        "mistakes": _mistakes(ids, held.codes, held.mean()) if ids else [],
    }


def _confusion(codes: Codes, probabilities: Floats) -> list[list[float]]:
    """Videos of each mood (rows) by the mood that was named (columns)."""
    counts = np.zeros((len(MOODS), len(MOODS)))
    for best in probabilities.argmax(axis=2):
        np.add.at(counts, (codes, best), 1)
    table: list[list[float]] = (counts / len(probabilities)).tolist()
    return table


def _reliability(codes: Codes, probabilities: Floats) -> list[dict[str, float]]:
    """Stated probability beside the share that was right, in bins that hold videos."""
    confidence = probabilities.max(axis=2).ravel()
    correct = (probabilities.argmax(axis=2) == codes).ravel()
    bins = np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
    return [
        {
            "low": i / N_BINS,
            "high": (i + 1) / N_BINS,
            "n_videos": float((bins == i).sum() / len(probabilities)),
            "confidence": float(confidence[bins == i].mean()),
            "accuracy": float(correct[bins == i].mean()),
        }
        for i in np.unique(bins).tolist()
    ]


def _coverage(codes: Codes, probabilities: Floats) -> list[dict[str, float]]:
    """How often the model is right on the part that it is most confident of."""
    correct = probabilities.argmax(axis=2) == codes
    shuffles = list(zip(probabilities.max(axis=2), correct, strict=True))
    return [
        {
            "coverage": coverage,
            "accuracy": float(
                np.mean([accuracy_at(coverage, *shuffle) for shuffle in shuffles])
            ),
        }
        for coverage in COVERAGES
    ]


def _mistakes(
    ids: Sequence[str], codes: Codes, mean: Floats
) -> list[dict[str, str | float]]:
    """The videos whose label the model contradicts most confidently, those first."""
    best, confidence = mean.argmax(axis=1), mean.max(axis=1)
    wrong = np.flatnonzero(best != codes)
    order = wrong[np.argsort(-confidence[wrong], kind="stable")]
    return [
        {
            "video_id": ids[i],
            "label": MOODS[codes[i]],
            "mood": MOODS[best[i]],
            "probability": float(confidence[i]),
            "probability_of_label": float(mean[i, codes[i]]),
        }
        for i in order[:MAX_MISTAKES].tolist()
    ]
