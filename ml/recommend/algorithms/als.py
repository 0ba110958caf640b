"""Alternating least squares: users and items as points, close where one likes the other.

Sources: Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback
Datasets", 2008; Takács, Pilászy and Tikk, "Applications of the Conjugate Gradient Method
for Implicit Feedback Collaborative Filtering", 2011.
"""

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from ml.recommend.algorithms.factors import closeness, closest
from ml.recommend.data.names import Ints
from ml.recommend.data.pairs import Floats, Floats32, row_of
from ml.recommend.interface import Algorithm, Arrays, Neighbours, fit_by


def weigh(arrays: Arrays, likes: Any) -> Any:
    """Return how much each like says.

    The logarithm of an amount beside the mean of the user's, so that a scale does not
    matter and one amount for all is as good; rare items say more.
    """
    logs = np.log1p(likes.data)
    sizes = np.diff(likes.indptr)
    sums = csr_matrix((logs, likes.indices, likes.indptr), likes.shape).sum(axis=1).A1
    means = (sums / np.maximum(sizes, 1)).astype(np.float32)
    weights = logs / np.repeat(means, sizes) * arrays["idf"][likes.indices]
    return csr_matrix(
        (weights / arrays["mean_weight"], likes.indices, likes.indptr), likes.shape
    )


def _system(arrays: Arrays, liked: Ints, weights: Floats32) -> tuple[Floats, Floats]:
    """Return the matrix of the normal equations of a profile, and what each like adds.

    Shapes (n_factors, n_factors) and (n_factors, n_liked).
    """
    surety = (arrays["alpha"] * weights).astype(np.float64)
    factors = arrays["factors"][liked].astype(np.float64)
    matrix = arrays["gram"] + (factors.T * (surety - 1)) @ factors
    return matrix, factors.T * surety


def score(arrays: Arrays, profiles: Any, users: Ints | None) -> Floats32:
    """See `Algorithm.score`."""
    weights = weigh(arrays, profiles)
    places = np.zeros((profiles.shape[0], arrays["factors"].shape[1]), np.float32)
    for row in range(len(places)):
        part = row_of(weights, row)
        matrix, added = _system(arrays, weights.indices[part], weights.data[part])
        places[row] = np.linalg.solve(matrix, added.sum(axis=1))
    scores: Floats32 = places @ arrays["factors"].T
    return scores


def affinities(arrays: Arrays, items: Ints, known: Ints) -> Floats32:
    """See `Algorithm.affinities`: the terms whose sum is the score."""
    profile = csr_matrix(
        (np.ones(len(known), np.float32), known, [0, len(known)]),
        (1, len(arrays["factors"])),
    )
    matrix, added = _system(arrays, known, weigh(arrays, profile).data)
    factors = arrays["factors"][items].astype(np.float64)
    return (factors @ np.linalg.solve(matrix, added)).astype(np.float32)


def neighbours(arrays: Arrays, items: Ints, n: int) -> Neighbours:
    """See `Algorithm.neighbours`."""
    return closest(closeness(arrays, items), n)


ALGORITHM = Algorithm(
    name="als",
    summary="Users and items as points, placed so that likes are close.",
    settings={"factors": 64, "regularization": 40.0, "alpha": 10.0, "iterations": 15},
    bounds={
        "factors": (1, 1024),
        "regularization": (1e-6, 1e9),
        "alpha": (1e-6, 1e6),
        "iterations": (1, 1000),
    },
    closeness_is="the cosine of the two items' places",
    fit=fit_by("ml.recommend.algorithms.als_fit", "implicit"),
    score=score,
    neighbours=neighbours,
    affinities=affinities,
)
