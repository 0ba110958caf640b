"""Users and items as points, placed so that each user's likes come before the rest.

Sources: Weston, Bengio and Usunier, "WSABIE: Scaling Up To Large Vocabulary Image
Annotation", 2011, of WARP; Weston, Yee and Weiss, "Learning to Rank Recommendations with
the k-Order Statistic Loss", 2013, of WARP-kOS; Rendle et al., "BPR", 2009.
"""

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags

from ml.recommend.algorithms.factors import closeness, closest
from ml.recommend.data.names import Ints
from ml.recommend.data.pairs import Floats, Floats32
from ml.recommend.interface import Algorithm, Arrays, Neighbours, Settings, fit_by


def find_middles(likes: Any, factors: Any) -> Floats:
    """Return the mean place of each row's items, and a 1."""
    sizes = np.maximum(np.diff(likes.indptr), 1)
    means = diags(1 / sizes) @ (likes @ factors)
    middles: Floats = np.column_stack([means, np.ones(len(sizes))])
    return middles


def _score(arrays: Arrays, profiles: Any, users: Ints | None) -> Floats32:
    ones = csr_matrix(
        (np.ones(profiles.nnz, np.float32), profiles.indices, profiles.indptr),
        profiles.shape,
    )
    factors = arrays["factors"]
    places = (find_middles(ones, factors) @ arrays["fold"]).astype(np.float32)
    scores: Floats32 = places @ factors.T + arrays["biases"]
    return scores


def _affinities(arrays: Arrays, items: Ints, known: Ints) -> Floats32:
    factors = arrays["factors"]
    places = factors[known] @ arrays["fold"][:-1]
    spoken: Floats32 = factors[items] @ places.T
    spoken /= max(len(known), 1)
    return spoken


def _neighbours(arrays: Arrays, items: Ints, n: int) -> Neighbours:
    return closest(closeness(arrays, items), n)


def _algorithm(loss: str, summary: str, settings: Settings) -> Algorithm:
    common = {"no_components": 30, "epochs": 30, "learning_rate": 0.05}
    return Algorithm(
        name=loss,
        summary=summary,
        settings=common | dict(settings) | {"item_alpha": 0.0, "user_alpha": 0.0},
        bounds=BOUNDS,
        closeness_is="the cosine of the two items' places",
        fit=fit_by("ml.recommend.algorithms.factorisation_fit", LIBRARY, loss),
        score=_score,
        neighbours=_neighbours,
        affinities=_affinities,
    )


LIBRARY = "lightfm-next (requirements-factorisation.txt)"
BOUNDS = {
    "no_components": (1, 1024),
    "epochs": (1, 1000),
    "learning_rate": (1e-6, 10),
    "item_alpha": (0, 1),
    "user_alpha": (0, 1),
    "max_sampled": (1, 1000),
    "k": (1, 1000),
    "n": (1, 1000),
    "n_negatives": (1, 100),
}
WARP = _algorithm(
    "warp",
    "Users and items as points; wrongly ranked items are moved, first places matter.",
    {"k": 15, "max_sampled": 50},
)
BPR = _algorithm(
    "bpr", "Users and items as points; each like is to come before any other item.", {}
)
LOGISTIC = _algorithm(
    "logistic",
    "Users and items as points; likes against items by chance.",
    {"n_negatives": 3},
)
WARP_KOS = _algorithm(
    "warp-kos",
    "As WARP, but for the k-th best of n likes of a user, so that more of them count.",
    {"k": 5, "n": 10, "max_sampled": 50},
)
