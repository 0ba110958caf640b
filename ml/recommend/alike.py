"""Tables of similar items, worked out once: who asks reads a few lines of them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.recommend.algorithm import Algorithm, Arrays, Neighbours, Run
from ml.recommend.names import Ints
from ml.recommend.pairs import Floats32, Listeners

MOST_ALIKE = 50  # kept of each item
AT_ONCE = 1 << 25  # closenesses that an algorithm may have in memory
MOST_MARKS = 1 << 24  # bytes that tell who likes which of some items
MOST_LISTED = 1 << 20  # listeners that are listed at a time


class Alike(NamedTuple):
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


def work_out(
    algorithm: Algorithm, arrays: Arrays, listeners: Listeners, *, run: Run
) -> Alike:
    """Ask an algorithm for the items closest to each item.

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
    Alike
        At most `MOST_ALIKE` of each item.
    """
    n_items = len(listeners.starts) - 1
    n = min(MOST_ALIKE, max(n_items - 1, 0))
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
    shared = count_shared(listeners, selves, others)
    return Alike(starts, others, closeness, shared)


def _pack(found: Neighbours) -> tuple[Any, Any, Any]:
    there = found.items >= 0
    return there.sum(axis=1), found.items[there], found.closeness[there]


def count_shared(listeners: Listeners, left: Ints, right: Ints) -> Ints:
    """Count the users who like both items of each pair.

    Parameters
    ----------
    listeners : Listeners
    left, right : int32 array, shape (n_pairs,)
        Items.

    Returns
    -------
    int32 array, shape (n_pairs,)
    """
    sizes = np.diff(listeners.starts)
    swap = sizes[left] < sizes[right]
    # The listeners of the greater item are marked once for all its pairs.
    great, small = np.where(swap, right, left), np.where(swap, left, right)
    pairs, again = np.unique(
        great.astype(np.int64) << 32 | small.astype(np.int64), return_inverse=True
    )
    great, small = (pairs >> 32).astype(np.int32), pairs.astype(np.int32)
    items, rows = np.unique(great, return_inverse=True)
    shared = np.zeros(len(pairs), np.int32)
    at_once = max(1, MOST_MARKS // max(listeners.n_users, 1))
    marks = np.zeros((at_once, listeners.n_users), bool)
    for first in range(0, len(items), at_once):
        marked = _list(listeners, items[first : first + at_once])
        marks[marked] = True
        start, stop = np.searchsorted(rows, [first, first + at_once])
        for part in _parts(sizes[small[start:stop]], int(start)):
            place, users = _list(listeners, small[part])
            hits = marks[rows[part][place] - first, users]
            shared[part] = np.bincount(place, hits, len(shared[part]))
        marks[marked] = False
    return shared[again]


def _list(listeners: Listeners, items: Ints) -> tuple[Ints, Ints]:
    """Return the users who like any of the items, and the place of the item of each."""
    starts = listeners.starts[items]
    sizes = listeners.starts[items + 1] - starts
    place = np.repeat(np.arange(len(items), dtype=np.int32), sizes)
    before = np.cumsum(sizes) - sizes
    where = np.arange(len(place)) + np.repeat(starts - before, sizes)
    return place, listeners.users[where]


def _parts(sizes: Any, start: int) -> Iterator[slice]:
    """Cut into parts of at most `MOST_LISTED` together, or of one that has more."""
    ends = np.cumsum(sizes)
    done, before = 0, 0
    while done < len(sizes):
        stop = int(np.searchsorted(ends, before + MOST_LISTED, side="right"))
        stop = max(stop, done + 1)
        yield slice(start + done, start + stop)
        done, before = stop, int(ends[stop - 1])
