"""Tables of similar items, built once: a question reads a few rows of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from ml.recommend.arrays import Floats32, Ints
from ml.recommend.data.pairs import Listeners, row_of
from ml.recommend.interface import Algorithm, Arrays, Neighbours, Run

MAX_NEIGHBOURS = 50  # stored for each item
AT_ONCE = 1 << 25  # closeness values that an algorithm may have in memory
MANY = 1024  # listeners; with fewer, merging two lists is faster
MAX_LISTED = 1 << 21  # listeners that are merged at a time


class ItemNeighbours(NamedTuple):
    """Similar items as the rows of a CSR matrix, the closest first.

    Attributes
    ----------
    starts : int64 array, shape (n_items + 1,)
    items : int32 array, shape (n_entries,)
    closeness : float32 array, shape (n_entries,)
        0 to 1.
    shared : int32 array, shape (n_entries,)
        Users who like both.
    """

    starts: NDArray[np.int64]
    items: Ints
    closeness: Floats32
    shared: Ints

    def of(self, item: int, n: int) -> tuple[Ints, Floats32, Ints]:
        """Return items, closeness and shared listeners of those closest to an item."""
        start = self.starts[item]
        stop = min(start + max(n, 0), self.starts[item + 1])
        part = slice(int(start), int(stop))
        return self.items[part], self.closeness[part], self.shared[part]


def build_neighbours(
    algorithm: Algorithm, arrays: Arrays, listeners: Listeners, *, run: Run
) -> ItemNeighbours:
    """Build the table of the items closest to each item.

    Parameters
    ----------
    algorithm : Algorithm
    arrays : Arrays
        What it learned.
    listeners : Listeners
        Of n_items items.
    run : Run
        Is told of progress in items.

    Returns
    -------
    ItemNeighbours
        At most `MAX_NEIGHBOURS` of each item.
    """
    n_items = len(listeners.starts) - 1
    n = min(MAX_NEIGHBOURS, max(n_items - 1, 0))
    size = max(1, AT_ONCE // max(n_items, 1))
    parts = []
    for start in range(0, n_items, size):
        items = np.arange(start, min(start + size, n_items), dtype=np.int32)
        parts.append(_pack(algorithm.neighbours(arrays, items, n)))
        run.report(int(items[-1]) + 1, n_items)
    sizes, others, closeness = (
        np.concatenate([part[column] for part in parts] or [np.empty(0, dtype)])
        for column, dtype in enumerate((np.int64, np.int32, np.float32))
    )
    starts = np.append(0, np.cumsum(sizes))
    selves = np.repeat(np.arange(n_items, dtype=np.int32), sizes)
    shared = count_shared(listeners, selves, others, n_threads=run.n_threads)
    return ItemNeighbours(starts, others, closeness, shared)


def _pack(found: Neighbours) -> tuple[Any, Any, Any]:
    there = found.items >= 0
    return there.sum(axis=1), found.items[there], found.closeness[there]


def count_shared(
    listeners: Listeners, left: Ints, right: Ints, *, n_threads: int = 1
) -> Ints:
    """Count the users who like both items of each pair.

    Parameters
    ----------
    listeners : Listeners
    left, right : int32 array, shape (n_pairs,)
        Items.
    n_threads : int

    Returns
    -------
    int32 array, shape (n_pairs,)
    """
    if not len(left):  # of no pairs SciPy would give a matrix
        return np.empty(0, np.int32)
    sizes = np.diff(listeners.starts)
    swap = sizes[left] < sizes[right]
    great, small = np.where(swap, right, left), np.where(swap, left, right)
    ones = np.ones(len(great), np.int8)
    # Each pair once, though each of two may be a neighbour of the other.
    pairs = scipy.sparse.coo_matrix(
        (ones, (great, small)), (len(sizes), len(sizes))
    ).tocsr()
    likes = _as_matrix(listeners)
    rows = np.repeat(np.arange(len(sizes), dtype=np.int32), np.diff(pairs.indptr))
    shared = np.empty(pairs.nnz, np.int32)
    few = np.flatnonzero(sizes[rows] < MANY)
    listed = (sizes[rows] + sizes[pairs.indices])[few]

    def count_few(part: Any) -> None:
        shared[part] = _count_few(likes, rows[part], pairs.indices[part])

    def count_many(item: int) -> None:
        part = row_of(pairs, item)
        shared[part] = _count_many(likes, listeners.of(item), pairs.indices[part])

    many = np.flatnonzero((sizes >= MANY) & (np.diff(pairs.indptr) > 0))
    with ThreadPoolExecutor(n_threads) as threads:  # SciPy lets go of the lock
        list(threads.map(count_few, _parts(listed, few)))
        list(threads.map(count_many, many.tolist()))
    pairs.data = shared
    return np.asarray(pairs[great, small]).ravel()


def _as_matrix(listeners: Listeners) -> Any:
    ones = np.ones(len(listeners.users), np.int32)
    shape = (len(listeners.starts) - 1, listeners.n_users)
    return scipy.sparse.csr_matrix((ones, listeners.users, listeners.starts), shape)


def _count_few(likes: Any, left: Ints, right: Ints) -> Any:
    """Count the users two items share by merging both lists."""
    both = likes[left].multiply(likes[right])
    return np.diff(both.indptr)


def _count_many(likes: Any, users: Ints, others: Ints) -> Any:
    """Count the users that other items share with one that has many: mark those."""
    marks = np.zeros(likes.shape[1], likes.dtype)
    marks[users] = 1
    return likes[others] @ marks


def _parts(sizes: Any, positions: Any) -> Iterator[Any]:
    """Cut positions into parts of about `MAX_LISTED` together, or of one alone."""
    ends = np.cumsum(sizes)
    cuts = np.searchsorted(ends, np.arange(0, ends[-1:].sum(), MAX_LISTED))
    yield from np.split(positions, np.unique(cuts[cuts > 0]))
