"""Fitting by lightfm-next, of the LightFM family of libraries; see
`ml.recommend.algorithms.factorisation`."""

from typing import Any

import numpy as np
from lightfm import LightFM
from scipy.sparse import coo_matrix, csr_matrix
from threadpoolctl import threadpool_limits

from ml.recommend.algorithms.factorisation import find_middles
from ml.recommend.algorithms.factors import measure
from ml.recommend.data.pairs import Floats32
from ml.recommend.interface import Arrays, NotFinite, Run, Settings

RIDGE = 10.0  # users; keeps the placing of profiles sane where they are few


def fit(loss: str, likes: Any, settings: Settings, run: Run) -> Arrays:
    """Place the items.

    Parameters
    ----------
    loss : "warp", "bpr", "logistic" or "warp-kos"
    likes, settings, run
        As `Algorithm.fit`. Settings are the library's, and for the logistic loss
        `n_negatives`: how many items that a user does not know are held against each
        like, drawn anew in each epoch.

    Returns
    -------
    Arrays
        The items' places and how popular they are anyway, and what places a profile.

    Raises
    ------
    NotFinite

    Notes
    -----
    Threads of this library overwrite each other's steps, so it has one, whatever
    `run.n_threads`: the same seed must give the same model.
    """
    n_items = likes.shape[1]
    n_components = int(settings["no_components"])
    if not likes.nnz:
        run.report(1, 1)
        zeros = measure(np.zeros((n_items, n_components)))
        fold = np.zeros((n_components + 1, n_components), np.float32)
        return zeros | {"biases": np.zeros(n_items, np.float32), "fold": fold}
    ones = csr_matrix(
        (np.ones(likes.nnz, np.float32), likes.indices, likes.indptr), likes.shape
    )
    model = _learn(loss, ones, settings, run)
    return measure(model.item_embeddings) | {
        "biases": model.item_biases,
        "fold": _learn_to_place(ones, model),
    }


def _learn(loss: str, likes: Any, settings: Settings, run: Run) -> Any:
    options = {k: v for k, v in settings.items() if k not in ("epochs", "n_negatives")}
    if loss == "warp-kos":  # else it takes the logarithm of 0 where items are few
        options["max_sampled"] = min(options["max_sampled"], max(likes.shape[1] - 1, 1))
    model = LightFM(loss=loss, random_state=run.seed, **options)
    rng = np.random.default_rng(run.seed)
    shown, n_epochs = likes.tocoo(), int(settings["epochs"])
    for epoch in range(n_epochs):
        if loss == "logistic":
            shown = _with_negatives(likes, int(settings["n_negatives"]), rng)
        try:
            model.fit_partial(shown, num_threads=1)
        except ValueError as exc:
            raise NotFinite(f"{loss}, epoch {epoch + 1}: {exc}") from exc
        run.report(epoch + 1, n_epochs)
    return model


def _with_negatives(likes: Any, n: int, rng: np.random.Generator) -> Any:
    """Add items drawn for each like that its user does not know, as -1."""
    n_items = likes.shape[1]
    users = np.repeat(np.arange(likes.shape[0]), np.diff(likes.indptr))
    known = users * n_items + likes.indices
    drawn_for = np.repeat(users, n)
    drawn = rng.integers(n_items, size=len(drawn_for))
    pairs = drawn_for * n_items + drawn
    place = np.minimum(np.searchsorted(known, pairs), len(known) - 1)
    new = known[place] != pairs
    rows = np.concatenate([users, drawn_for[new]]).astype(np.int32)
    items = np.concatenate([likes.indices, drawn[new]]).astype(np.int32)
    signs = np.ones(len(rows), np.float32)
    signs[len(users) :] = -1
    return coo_matrix((signs, (rows, items)), likes.shape)


def _learn_to_place(likes: Any, model: Any) -> Floats32:
    """Learn where a user stands from the middle of what they like.

    On HetRec this recommends better than the places that users were fitted to, and it
    is the same for those who are not in the table. Least squares over all users.
    """
    middles = find_middles(likes, model.item_embeddings)
    with threadpool_limits(1):
        gram = middles.T @ middles + RIDGE * np.eye(middles.shape[1])
        fold = np.linalg.solve(gram, middles.T @ model.user_embeddings)
    placed: Floats32 = fold.astype(np.float32)
    return placed
