"""Matrix factorisation by ranking losses: WARP, BPR and their kin, and the logistic one.

Sources: Weston, Bengio and Usunier, "WSABIE: Scaling Up To Large Vocabulary Image
Annotation", 2011, of WARP; Weston, Yee and Weiss, "Learning to Rank Recommendations with
the k-Order Statistic Loss", 2013, of WARP-kOS; Rendle et al., "BPR", 2009.
"""

from functools import partial
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags
from threadpoolctl import threadpool_limits

from ml.recommend.algorithms.factors import closeness, closest, measure
from ml.recommend.arrays import Floats, Floats32, Ints
from ml.recommend.interface import (
    Algorithm,
    Arrays,
    Neighbours,
    NotFinite,
    Run,
    Settings,
    Unavailable,
)

LIBRARY = "lightfm-next (requirements-factorisation.txt)"
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
    NotFinite, Unavailable

    Notes
    -----
    Threads of this library overwrite each other's steps, so it has one, whatever
    `run.n_threads`: the same seed must give the same model.
    """
    library = _import_lightfm()
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
    model = _learn(library.LightFM, loss, ones, settings, run)
    return measure(model.item_embeddings) | {
        "biases": model.item_biases,
        "fold": _learn_fold(ones, model),
    }


def _import_lightfm() -> Any:
    """Import the library, which not every host can install and no question needs."""
    try:
        import lightfm
    except ImportError as exc:
        raise Unavailable(f"{LIBRARY} cannot be used here: {exc}") from exc
    return lightfm


def _learn(new_model: Any, loss: str, likes: Any, settings: Settings, run: Run) -> Any:
    options = {k: v for k, v in settings.items() if k not in ("epochs", "n_negatives")}
    if loss == "warp-kos":  # else it takes the logarithm of 0 where items are few
        options["max_sampled"] = min(options["max_sampled"], max(likes.shape[1] - 1, 1))
    model = new_model(loss=loss, random_state=run.seed, **options)
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


def _learn_fold(likes: Any, model: Any) -> Floats32:
    """Learn the map from the mean of a user's items to the user's factors.

    On HetRec this recommends better than the places that users were fitted to, and it
    is the same for those who are not in the table. Least squares over all users.
    """
    middles = find_middles(likes, model.item_embeddings)
    with threadpool_limits(1):
        gram = middles.T @ middles + RIDGE * np.eye(middles.shape[1])
        fold = np.linalg.solve(gram, middles.T @ model.user_embeddings)
    placed: Floats32 = fold.astype(np.float32)
    return placed


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
    contributions: Floats32 = factors[items] @ places.T
    contributions /= max(len(known), 1)
    return contributions


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
        fit=partial(fit, loss),
        score=_score,
        neighbours=_neighbours,
        affinities=_affinities,
    )


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
