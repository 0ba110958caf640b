"""Coded rows to sparse matrices: repeated pairs summed, rare ones left out."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from ml.recommend.arrays import Floats, Floats32, Ints, Mask, count_codes, look_up


class CodedRows(NamedTuple):
    """Rows of a table; every array has the shape (n_rows,)."""

    users: Ints
    items: Ints
    amounts: Floats32 | None = None
    times: Floats | None = None


class Pairs(NamedTuple):
    """What users think of items; each a csr_matrix, shape (n_users, n_items).

    Attributes
    ----------
    likes : float32, greater than 0, indices sorted
    dislikes : float32, 1 where a pair is known and not liked
    when : float64, optional
        The latest time of each pair of `likes`, at the same places; -inf if unknown.
    """

    likes: Any
    dislikes: Any
    when: Any | None


class Listeners(NamedTuple):
    """Who likes each item: the users of item i are ``users[starts[i]:starts[i + 1]]``.

    Attributes
    ----------
    starts : integer array, shape (n_items + 1,)
    users : int32 array, shape (n_likes,)
        Of each item in ascending order.
    n_users : int
    """

    starts: NDArray[Any]
    users: Ints
    n_users: int

    def of(self, item: int) -> Ints:
        """Return the users who like an item."""
        return self.users[self.starts[item] : self.starts[item + 1]]

    def count(self, item: int) -> int:
        """Return how many like an item."""
        return int(self.starts[item + 1] - self.starts[item])

    def share(self, item: int, others: Sequence[int]) -> tuple[list[int], int]:
        """Count the users who like an item and each of others, and at least one."""
        likes_item, likes_both = np.zeros((2, self.n_users), bool)
        likes_item[self.of(item)] = True
        each = [users[likes_item[users]] for users in map(self.of, others)]
        for users in each:
            likes_both[users] = True
        return [len(users) for users in each], int(np.count_nonzero(likes_both))


class Thinned(NamedTuple):
    """Pairs after the minimums, and the old codes of those that were kept."""

    pairs: Pairs
    users: NDArray[np.int64]
    items: NDArray[np.int64]
    n_rounds: int


def sum_pairs(
    rows: CodedRows,
    shape: tuple[int, int],
    at_least: float | None = None,
    *,
    usable: Mask | None = None,
) -> Pairs:
    """Add the rows of each pair up.

    Parameters
    ----------
    rows : CodedRows
        Codes inside `shape` and amounts that are no NaN, where they are usable. Codes
        of the others are overwritten: a copy of a large table is dear.
    shape : (n_users, n_items)
    at_least : float, optional
        A pair with a smaller sum is not liked.
    usable : bool array, shape (n_rows,), optional
        The rows that count; all unless given.

    Returns
    -------
    Pairs
        A pair that has both positive and other amounts is liked, by the sum of the
        positive ones.
    """
    dislikes = scipy.sparse.csr_matrix(shape, dtype=np.float32)
    if rows.amounts is not None and np.fmin.reduce(rows.amounts, initial=1) <= 0:
        above, below = rows.amounts > 0, rows.amounts <= 0
        if usable is not None:
            above, below = above & usable, below & usable
        dislikes = _to_csr(CodedRows(rows.users[below], rows.items[below]), shape, None)
        usable = above
    when = None
    if rows.times is not None:
        when = _latest(rows, shape, usable)
    likes = _to_csr(rows, shape, usable)
    if at_least is not None:
        enough = likes.data >= at_least
        dislikes = dislikes + _keep(likes, ~enough)
        likes, when = (
            _keep(likes, enough),
            None if when is None else _keep(when, enough),
        )
    if dislikes.nnz:
        dislikes.data[:] = 1
        both = dislikes.multiply(likes).tocsr()
        both.data[:] = 1
        dislikes = dislikes - both
        dislikes.eliminate_zeros()
    return Pairs(likes, dislikes, when)


def thin(pairs: Pairs, min_per_user: int, min_per_item: int) -> Thinned:
    """Leave out users and items with too few pairs, until all have enough.

    Parameters
    ----------
    pairs : Pairs
        Dislikes count too.
    min_per_user, min_per_item : int

    Returns
    -------
    Thinned
        May be empty.
    """
    users, items = (np.arange(n) for n in pairs.likes.shape)
    n_rounds = 0
    while True:
        likes, dislikes, _ = pairs
        of_user = np.diff(likes.indptr) + np.diff(dislikes.indptr)
        of_item = count_codes(likes.indices, len(items))
        of_item += count_codes(dislikes.indices, len(items))
        good_users, good_items = of_user >= min_per_user, of_item >= min_per_item
        if good_users.all() and good_items.all():
            return Thinned(pairs, users, items, n_rounds)
        pairs = Pairs(
            *[None if m is None else _take(m, good_users, good_items) for m in pairs]
        )
        users, items, n_rounds = users[good_users], items[good_items], n_rounds + 1


def keep_pairs(pairs: Pairs, mask: Mask) -> Pairs:
    """Keep the likes of a mask, shape (n_likes,); users, items and dislikes stay."""
    when = None if pairs.when is None else _keep(pairs.when, mask)
    return Pairs(_keep(pairs.likes, mask), pairs.dislikes, when)


def row_of(matrix: Any, row: int) -> slice:
    """Return where a row of a csr_matrix has its entries; SciPy takes 20 times as long."""
    return slice(matrix.indptr[row], matrix.indptr[row + 1])


def find_listeners(likes: Any) -> Listeners:
    """Turn likes, a csr_matrix of shape (n_users, n_items), to their other side."""
    # SciPy sorts the entries; what it sorts need not be the amounts.
    places = scipy.sparse.csr_matrix(
        (np.empty(likes.nnz, np.int8), likes.indices, likes.indptr), likes.shape
    ).tocsc()
    return Listeners(places.indptr, places.indices, likes.shape[0])


def _to_csr(rows: CodedRows, shape: tuple[int, int], usable: Mask | None) -> Any:
    """Sum the usable rows; the others go to a user after the last, who is cut off."""
    users, items, amounts, _ = rows
    n_users, n_items = shape
    if usable is not None:
        users, items = (np.require(codes, requirements="W") for codes in rows[:2])
        users[~usable], items[~usable] = n_users, 0
    if amounts is None:
        amounts = np.ones(len(users), np.float32)
    wide = (n_users + 1, max(n_items, 1))
    summed = scipy.sparse.coo_matrix((amounts, (users, items)), wide).tocsr()
    end = summed.indptr[n_users]
    parts = (summed.data[:end], summed.indices[:end], summed.indptr[:-1])
    return scipy.sparse.csr_matrix(parts, shape)


def _latest(rows: CodedRows, shape: tuple[int, int], usable: Mask | None) -> Any:
    """Return the latest time of each pair, at the places that `_to_csr` gives them."""
    if usable is None:
        usable = np.ones(len(rows.users), bool)
    users, items = rows.users[usable], rows.items[usable]
    times = np.asarray(rows.times)[usable]
    times = np.where(np.isnan(times), -np.inf, times)
    order = np.lexsort((times, items, users))
    users, items, times = users[order], items[order], times[order]
    last = np.ones(len(order), bool)
    last[:-1] = (np.diff(users) != 0) | (np.diff(items) != 0)
    starts = np.searchsorted(users[last], np.arange(shape[0] + 1))
    return scipy.sparse.csr_matrix((times[last], items[last], starts), shape)


def _keep(matrix: Any, mask: Mask) -> Any:
    parts = (matrix.data[mask], matrix.indices[mask], _starts(matrix, mask))
    return scipy.sparse.csr_matrix(parts, shape=matrix.shape)


def _take(matrix: Any, users: Mask, items: Mask) -> Any:
    """Return the rows and columns of masks, without SciPy's copy of all columns."""
    mask = look_up(items, matrix.indices, False)
    mask &= np.repeat(users, np.diff(matrix.indptr))
    starts = _starts(matrix, mask)
    starts = np.append(starts[:-1][users], starts[-1])
    ranks = np.cumsum(items, dtype=np.int32) - np.int32(1)
    indices = look_up(ranks, matrix.indices[mask])
    shape = (int(users.sum()), int(items.sum()))
    return scipy.sparse.csr_matrix((matrix.data[mask], indices, starts), shape)


def _starts(matrix: Any, mask: Mask) -> Any:
    """Return where the rows of a csr_matrix begin if the entries of a mask are kept."""
    kept = np.cumsum(np.append(False, mask), dtype=matrix.indptr.dtype)
    return kept[matrix.indptr]
