"""Rows of codes to sparse matrices: repeated pairs summed, rare ones left out."""

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

from ml.recommend.names import Ints

Floats: TypeAlias = NDArray[np.float64]
Floats32: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]


class Rows(NamedTuple):
    """Rows of a table; every array has the shape (n_rows,)."""

    users: Ints
    items: Ints
    amounts: Floats32 | None
    times: Floats | None

    def where(self, mask: Mask) -> "Rows":
        """Return the rows of a mask."""
        return Rows(
            self.users[mask],
            self.items[mask],
            None if self.amounts is None else self.amounts[mask],
            None if self.times is None else self.times[mask],
        )


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


class Thinned(NamedTuple):
    """Pairs after the minimums, and the old codes of those that were kept."""

    pairs: Pairs
    users: NDArray[np.int64]
    items: NDArray[np.int64]
    n_rounds: int


def sum_pairs(rows: Rows, shape: tuple[int, int], at_least: float | None) -> Pairs:
    """Add the rows of each pair up.

    Parameters
    ----------
    rows : Rows
        Codes inside `shape`; amounts are no NaN.
    shape : (n_users, n_items)
    at_least : float, optional
        A pair with a smaller sum is not liked.

    Returns
    -------
    Pairs
        A pair that has both positive and other amounts is liked, by the sum of the
        positive ones.
    """
    positive = rows
    dislikes = csr_matrix(shape, dtype=np.float32)
    if rows.amounts is not None and rows.amounts.min(initial=1) <= 0:
        mask = rows.amounts > 0
        positive, other = rows.where(mask), rows.where(~mask)
        dislikes = _to_csr(other.users, other.items, None, shape)
    likes = _to_csr(positive.users, positive.items, positive.amounts, shape)
    when = None
    if positive.times is not None:
        when = _latest(positive, positive.times, likes)
    if at_least is not None:
        enough = likes.data >= at_least
        dislikes = dislikes + _keep(likes, ~enough)
        likes, when = (
            _keep(likes, enough),
            None if when is None else _keep(when, enough),
        )
    if dislikes.nnz:
        dislikes.data[:] = 1
        liked = likes.copy()
        liked.data[:] = 1
        dislikes = (dislikes - dislikes.multiply(liked)).tocsr()
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
        of_item = np.bincount(
            np.concatenate([likes.indices, dislikes.indices]), minlength=len(items)
        )
        good_users, good_items = of_user >= min_per_user, of_item >= min_per_item
        if good_users.all() and good_items.all():
            return Thinned(pairs, users, items, n_rounds)
        pairs = Pairs(
            *[None if m is None else m[good_users][:, good_items] for m in pairs]
        )
        users, items, n_rounds = users[good_users], items[good_items], n_rounds + 1


def keep_pairs(pairs: Pairs, mask: Mask) -> Pairs:
    """Keep the likes of a mask, shape (n_likes,); users, items and dislikes stay."""
    when = None if pairs.when is None else _keep(pairs.when, mask)
    return Pairs(_keep(pairs.likes, mask), pairs.dislikes, when)


def _to_csr(
    users: Ints, items: Ints, amounts: Floats32 | None, shape: tuple[int, int]
) -> Any:
    if amounts is None:
        amounts = np.ones(len(users), np.float32)
    return coo_matrix((amounts, (users, items)), shape).tocsr()


def _latest(rows: Rows, times: Floats, likes: Any) -> Any:
    times = np.where(np.isnan(times), -np.inf, times)
    order = np.lexsort((times, rows.items, rows.users))
    users, items = rows.users[order], rows.items[order]
    last = np.append((np.diff(users) != 0) | (np.diff(items) != 0), True)
    return csr_matrix(
        (times[order][last[: len(order)]], likes.indices, likes.indptr), likes.shape
    )


def _keep(matrix: Any, mask: Mask) -> Any:
    starts = np.append(0, np.cumsum(mask))[matrix.indptr]
    return csr_matrix(
        (matrix.data[mask], matrix.indices[mask], starts), shape=matrix.shape
    )
