"""Fitting by alternating least squares, which the library implicit does; see
`ml.recommend.algorithms.als`."""

from typing import Any

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from ml.recommend.algorithms.als import weigh
from ml.recommend.algorithms.factors import measure
from ml.recommend.interface import Arrays, Run, Settings, count_likes

LEAST_IDF = 0.01  # so that what everybody likes still counts for something


def fit(likes: Any, settings: Settings, run: Run) -> Arrays:
    """Place the items.

    Parameters
    ----------
    likes, settings, run
        As `Algorithm.fit`; `factors` are the dimensions, `alpha` is how much surer a
        like is than that an unknown item is not liked.

    Returns
    -------
    Arrays
        The items' places and what it takes to place a profile among them. Users are
        not kept: a profile is placed when it is asked about, exactly, whether or not
        its owner is in the table.

    Notes
    -----
    Rows are solved one by one, so the number of threads does not change them; BLAS has
    one thread, for with more its sums are not always the same.
    """
    n_users, n_items = likes.shape
    arrays: Arrays = {
        "idf": np.maximum(
            np.log(max(n_users, 1) / (1 + count_likes(likes))), LEAST_IDF
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
