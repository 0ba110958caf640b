"""Alternating least squares: factors of users and items, close where one likes the other.

Sources: Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback
Datasets", 2008; Takács, Pilászy and Tikk, "Applications of the Conjugate Gradient Method
for Implicit Feedback Collaborative Filtering", 2011.
"""

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from ml.recommend.algorithms.factors import closeness, closest, measure
from ml.recommend.arrays import Floats, Floats32, Ints, count_likes
from ml.recommend.data.pairs import row_of
from ml.recommend.interface import Algorithm, Arrays, Neighbours, Run, Settings

MIN_IDF = 0.01  # so that what everybody likes still counts


def fit(likes: Any, settings: Settings, run: Run) -> Arrays:
    """Place the items; the library implicit does.

    Parameters
    ----------
    likes, settings, run
        As `Algorithm.fit`; `factors` are the dimensions, `alpha` is the confidence
        in a like beside that in an unknown item not being liked.

    Returns
    -------
    Arrays
        The items' places and what it takes to place a profile among them. Users are
        not kept: a profile is placed when it is asked about, exactly, whether or not
        its owner is in the table.

    Notes
    -----
    CodedRows are solved one by one, so the number of threads does not change them; BLAS has
    one thread, for with more its sums are not always the same.
    """
    from implicit.cpu.als import AlternatingLeastSquares  # whoever asks needs none

    n_users, n_items = likes.shape
    arrays: Arrays = {
        "idf": np.maximum(
            np.log(max(n_users, 1) / (1 + count_likes(likes))), MIN_IDF
        ).astype(np.float32),
        "mean_weight": np.ones((), np.float32),
        "alpha": np.array(settings["alpha"], np.float32),
    }
    n_factors = int(settings["factors"])
    if not likes.nnz:
        run.report(1, 1)
        return arrays | _place(np.zeros((n_items, n_factors)), settings)
    weights = weigh(arrays, likes)
    mean = weights.data.mean(dtype=np.float64)
    arrays["mean_weight"] = np.array(mean, np.float32)
    weights.data /= arrays["mean_weight"]
    n_rounds = int(settings["iterations"])
    with threadpool_limits(1):
        model = AlternatingLeastSquares(
            factors=n_factors,
            regularization=float(settings["regularization"]),
            alpha=float(settings["alpha"]),
            iterations=n_rounds,
            num_threads=run.n_threads,
            random_state=run.seed,
        )
        model.fit(
            weights,
            show_progress=False,
            callback=lambda round_, *_: run.report(round_ + 1, n_rounds),
        )
        return arrays | _place(model.item_factors, settings)


def _place(factors: Any, settings: Settings) -> Arrays:
    arrays = measure(factors)
    wide = arrays["factors"].astype(np.float64)
    shrink = float(settings["regularization"]) * np.eye(wide.shape[1])
    return arrays | {"gram": wide.T @ wide + shrink}


def weigh(arrays: Arrays, likes: Any) -> Any:
    """Return the weight of each like.

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
    confidence = (arrays["alpha"] * weights).astype(np.float64)
    factors = arrays["factors"][liked].astype(np.float64)
    matrix = arrays["gram"] + (factors.T * (confidence - 1)) @ factors
    return matrix, factors.T * confidence


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
    fit=fit,
    score=score,
    neighbours=neighbours,
    affinities=affinities,
)
