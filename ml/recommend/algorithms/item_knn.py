"""Items are similar when the same people like them: cosine, BM25 and TF-IDF.

Sources: Sarwar et al., "Item-Based Collaborative Filtering Recommendation Algorithms",
2001, of item-item; Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25
and Beyond", 2009, of BM25, where a user is a document and items are its words.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from ml.recommend.arrays import AT_ONCE, Floats32, Ints, count_likes
from ml.recommend.data.pairs import row_of
from ml.recommend.interface import (
    NO_ITEM,
    Algorithm,
    Arrays,
    Neighbours,
    Run,
    Settings,
)

ROWS_AT_ONCE = 1 << 14  # that are sorted at a time
N_CHUNKS = 20  # of the items, so that progress can be reported
MIN_IDF = 0.01  # so that what everybody likes still counts


def fit(weighting: str, likes: Any, settings: Settings, run: Run) -> Arrays:
    """Keep for each item the k others that are most similar to it.

    Parameters
    ----------
    weighting : "cosine", "bm25" or "tfidf"
    likes, settings, run
        As `Algorithm.fit`; the setting `k` is how many neighbours are kept, BM25 has
        `k1` and `b` too.

    Returns
    -------
    Arrays
        The neighbours' codes, common weights and cosines as the rows of a CSR matrix,
        the closest first, and what a profile's weights need.
    """
    arrays = _measure(likes, settings)
    weights = WEIGHTINGS[weighting](arrays, likes)
    lengths = _lengths(weights)
    if weighting != "bm25":  # its long vectors are long for a reason
        weights.data /= lengths[weights.indices]
        lengths = np.ones_like(lengths)
    common = top_products(weights, int(settings["k"]), run)
    rows = np.repeat(np.arange(len(lengths), dtype=np.int32), np.diff(common.indptr))
    cosines = common.data / (lengths[rows] * lengths[common.indices])
    np.minimum(cosines, 1, out=cosines)
    order = _order(common.indptr, common.indices, cosines)
    return arrays | {
        "starts": common.indptr,
        "items": common.indices[order],
        "common": common.data[order],
        "cosines": cosines[order],
    }


def top_products(weights: Any, k: int, run: Run) -> Any:
    """Multiply each item with each other and keep the k greatest products of each.

    Parameters
    ----------
    weights : csr_matrix, float32, shape (n_users, n_items)
        An item's vector is its column.
    k : int
    run : Run

    Returns
    -------
    csr_matrix, float32, shape (n_items, n_items)
        At most k products a row, greater than 0, without the one with itself.
    """
    n_items = weights.shape[1]
    vectors = weights.T.tocsr()
    chunks = _deal(n_items, run.n_threads)
    data, indices, sizes, n_done = [], [], [np.zeros(1, np.int64)], 0
    for chunk in chunks:
        part = sp_matmul_topn(
            vectors[chunk],
            weights,
            top_n=min(k + 1, n_items),
            threshold=0,
            sort=True,
            n_threads=run.n_threads,
        )
        rows = np.repeat(np.arange(len(chunk)), np.diff(part.indptr))
        other = _without_self(part, chunk[rows], rows, k)
        data.append(part.data[other])
        indices.append(part.indices[other])
        sizes.append(np.bincount(rows[other], minlength=len(chunk)))
        n_done += len(chunk)
        run.report(n_done, n_items)
    found = csr_matrix(
        (
            _join(data, np.float32),
            _join(indices, np.int32),
            np.cumsum(np.hstack(sizes)),
        ),
        shape=(n_items, n_items),
    )
    return found[np.argsort(_join(chunks, np.int64))]


def _deal(n_items: int, n_threads: int) -> list[NDArray[np.int64]]:
    """Deal items out to chunks, and in each chunk to threads, like cards.

    The library gives each thread a stretch of a chunk's rows. Items are ordered by how
    many like them, and so by how much work they are: one thread had nearly all of it.
    """
    step = N_CHUNKS * n_threads
    return [
        np.concatenate(
            [np.arange(first, n_items, step) for first in range(chunk, step, N_CHUNKS)]
        )
        for chunk in range(min(N_CHUNKS, n_items))
    ]


def _measure(likes: Any, settings: Settings) -> Arrays:
    """Collect what the weights of any profile need."""
    sums = likes.sum(axis=1).A1
    n_users, listeners = likes.shape[0], count_likes(likes)
    idf = np.log(max(n_users, 1) / (1 + listeners))
    return {
        "idf": np.maximum(idf, MIN_IDF).astype(np.float32),
        "mean_sum": np.array(sums.mean() if sums.any() else 1, np.float64),
        "k1": np.array(settings.get("k1", 0), np.float64),
        "b": np.array(settings.get("b", 0), np.float64),
    }


def _as_cosine(arrays: Arrays, likes: Any) -> Any:
    return _with_data(likes, np.ones(likes.nnz, np.float32))


def _as_tfidf(arrays: Arrays, likes: Any) -> Any:
    return _with_data(likes, np.sqrt(likes.data) * arrays["idf"][likes.indices])


def _as_bm25(arrays: Arrays, likes: Any) -> Any:
    k1, b = arrays["k1"], arrays["b"]
    sums = likes.sum(axis=1).A1 / arrays["mean_sum"]
    lengths = np.repeat(k1 * (1 - b + b * sums), np.diff(likes.indptr))
    weights = likes.data * (k1 + 1) / (lengths + likes.data)
    return _with_data(likes, weights * arrays["idf"][likes.indices])


WEIGHTINGS: dict[str, Callable[[Arrays, Any], Any]] = {
    "cosine": _as_cosine,
    "tfidf": _as_tfidf,
    "bm25": _as_bm25,
}


def _lengths(weights: Any) -> Floats32:
    """Return the length of each item's vector, 1 for one of zeros."""
    squares = np.zeros(weights.shape[1])
    for start in range(0, weights.nnz, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        values = weights.data[part].astype(np.float64)
        squares += np.bincount(weights.indices[part], values**2, len(squares))
    squares[squares == 0] = 1
    return np.sqrt(squares).astype(np.float32)


def _order(starts: Any, items: Ints, cosines: Floats32) -> NDArray[np.int64]:
    """Return the order of each row's entries: the closest first, then by item."""
    # As one number: the bits of floats from 0 to 1 are in their order.
    keys = ~cosines.view(np.uint32)
    keys = (keys.astype(np.uint64) << np.uint64(32)) | items.astype(np.uint64)
    sizes = np.diff(starts)
    order = np.empty(len(items), np.int64)
    for first in range(0, len(sizes), ROWS_AT_ONCE):
        part = slice(first, first + ROWS_AT_ONCE)
        there = np.arange(sizes[part].max()) < sizes[part, None]
        table = np.full(there.shape, np.iinfo(np.uint64).max)
        entries = slice(starts[part][0], starts[part][0] + sizes[part].sum())
        table[there] = keys[entries]
        placed = np.argsort(table, axis=1) + starts[:-1][part, None]
        order[entries] = placed[there]
    return order


def _with_data(matrix: Any, data: Any) -> Any:
    parts = (data.astype(np.float32, copy=False), matrix.indices, matrix.indptr)
    return csr_matrix(parts, shape=matrix.shape)


def _without_self(part: Any, selves: Any, rows: Any, k: int) -> Any:
    """Return the mask of a row's first k entries that are not the item itself."""
    other = part.indices != selves
    place = np.cumsum(other)
    before = np.append(0, place)[part.indptr[:-1]]
    return other & (place - before[rows] <= k)


def _join(parts: list[Any], dtype: Any) -> Any:
    return np.concatenate(parts).astype(dtype) if parts else np.empty(0, dtype)


def cosine_matrix(arrays: Arrays) -> Any:
    """Return the cosines as a csr_matrix, shape (n_items, n_items)."""
    n_items = len(arrays["starts"]) - 1
    parts = (arrays["cosines"], arrays["items"], arrays["starts"])
    return csr_matrix(parts, shape=(n_items, n_items))


def _score(
    weighting: str, arrays: Arrays, profiles: Any, users: Ints | None
) -> Floats32:
    weights = WEIGHTINGS[weighting](arrays, profiles)
    scores = np.zeros(profiles.shape, np.float32)
    for row, of_row in enumerate(scores):
        part = row_of(weights, row)
        where, sizes = _entries(arrays, weights.indices[part])
        common = arrays["common"][where] * np.repeat(weights.data[part], sizes)
        np.add.at(of_row, arrays["items"][where], common)
    return scores


def _entries(arrays: Arrays, items: Ints) -> tuple[NDArray[np.int64], Any]:
    """Return where the neighbours of items are, one item after the other; how many."""
    starts = arrays["starts"][items].astype(np.int64)
    sizes = arrays["starts"][items + 1] - starts
    before = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) + np.repeat(starts - before, sizes), sizes


def _neighbours(arrays: Arrays, items: Ints, n: int) -> Neighbours:
    starts = arrays["starts"][items]
    sizes = np.minimum(arrays["starts"][items + 1] - starts, n)
    found = np.full((len(items), n), NO_ITEM, np.int32)
    closeness = np.zeros((len(items), n), np.float32)
    there = np.arange(n) < sizes[:, None]
    where = (starts[:, None] + np.arange(n))[there]
    found[there] = arrays["items"][where]
    closeness[there] = arrays["cosines"][where]
    return Neighbours(found, closeness)


def _affinities(arrays: Arrays, items: Ints, known: Ints) -> Floats32:
    contributions = np.zeros((len(items), len(known)), np.float32)
    if not len(items):
        return contributions
    where, sizes = _entries(arrays, known)
    others, speakers = arrays["items"][where], np.repeat(np.arange(len(known)), sizes)
    order = np.argsort(items)
    place = order[np.minimum(np.searchsorted(items[order], others), len(items) - 1)]
    asked = items[place] == others
    contributions[place[asked], speakers[asked]] = arrays["common"][where[asked]]
    return contributions


def _algorithm(weighting: str, summary: str, settings: Settings) -> Algorithm:
    return Algorithm(
        name=weighting,
        summary=summary,
        settings={"k": 100} | dict(settings),
        closeness_is=CLOSENESS_IS[weighting],
        fit=partial(fit, weighting),
        score=partial(_score, weighting),
        neighbours=_neighbours,
        affinities=_affinities,
        bounds={"k": (1, 10_000), "k1": (0, 1e9), "b": (0, 1)},
    )


CLOSENESS_IS = {
    "cosine": "the cosine of the two items' listeners: 100 if all are shared",
    "bm25": "the cosine of the two items' listeners, each weighed by BM25",
    "tfidf": "the cosine of the two items' amounts, each weighed by TF-IDF",
}
COSINE = _algorithm("cosine", "Items that share many of their listeners.", {})
BM25 = _algorithm(
    "bm25",
    "Items that share listeners, where rare items and small amounts weigh more.",
    {"k1": 100, "b": 0.8},
)
TFIDF = _algorithm(
    "tfidf", "Items that share amounts, where rare items weigh more.", {}
)
