"""Ranking metrics, by which recommenders are compared."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.recommend.arrays import Floats, Floats32, best

N = 10
FIGURES = ("precision", "recall", "ndcg", "average_precision", "hit", "auc")


@dataclass(frozen=True)
class Ranking:
    """Means over the users, each from 0 to 1, the higher the better.

    Sources: Järvelin and Kekäläinen, "Cumulated Gain-Based RankingEvaluation of IR
    Techniques", 2002, of nDCG; Rendle et al., "BPR", 2009, of the AUC.
    """

    precision: float  # of 10 recommended, the share that was held out
    recall: float  # of those held out, the share among 10
    ndcg: float  # as precision, but the first places count more
    average_precision: float  # MAP: mean over the users of the one at 10
    hit: float  # users with at least one of theirs among 10
    auc: float  # a held-out item scores higher than one never known: chance is 0.5
    coverage: float  # of all items, those recommended to anybody
    n_users: int


def rank_one(scores: Floats32, known: Any, held_out: Any) -> tuple[Any, Floats]:
    """Judge the list of one user.

    Parameters
    ----------
    scores : float array, shape (n_items,)
        Is changed.
    known, held_out : int array, shape (n_known,), (n_held_out,)
        Items; nothing is in both, and something is held out.

    Returns
    -------
    int64 array, shape (at most 10,)
        The items recommended.
    float64 array, shape (6,)
        Those of `FIGURES`.
    """
    auc = _auc(scores, known, held_out)
    scores[known] = -np.inf
    top = best(scores, N)
    hits = np.zeros(N)
    hits[: len(top)] = np.isin(top, held_out)
    discounts = 1 / np.log2(np.arange(2, N + 2))
    n_possible = min(N, len(held_out))
    precisions = np.cumsum(hits) / np.arange(1, N + 1)
    figures = [
        hits.sum() / N,
        hits.sum() / len(held_out),
        (hits @ discounts) / discounts[:n_possible].sum(),
        (hits @ precisions) / n_possible,
        hits.any(),
        auc,
    ]
    return top, np.array(figures, np.float64)


def _auc(scores: Floats32, known: Any, held_out: Any) -> float:
    """Return how often a held-out item beats one never known; a tie counts half."""
    never = np.ones(len(scores), bool)
    never[known] = never[held_out] = False
    others = np.sort(scores[never])
    if not len(others):
        return 0.5
    below = np.searchsorted(others, scores[held_out], side="left")
    not_above = np.searchsorted(others, scores[held_out], side="right")
    return float((below + not_above).mean() / 2 / len(others))
