"""Arrays of codes and scores: their types, counting, looking up, and the best of them.

Needs NumPy alone, so that a web process may import it before anybody asks a recommender.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]
Floats32: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]
AT_ONCE = 1 << 20  # rows; NumPy copies codes to count them or to look them up
FEW = 4096  # scores that are not worth cutting into lanes
N_LANES = 1024


def count_codes(codes: Ints, n: int) -> NDArray[np.int64]:
    """Count each code from 0 to n - 1, by parts."""
    counts = np.zeros(n + 1, np.int64)
    for start in range(0, len(codes), AT_ONCE):
        part = codes[start : start + AT_ONCE]
        counts += np.bincount(part + 1, minlength=n + 1)
    return counts[1:]


def look_up(new: NDArray[Any], codes: Ints, nothing: Any = -1) -> NDArray[Any]:
    """Return ``new[codes]``, and `nothing` where there is no code; also by parts."""
    table = np.append(new, np.array([nothing], new.dtype))  # which -1 finds
    found = np.empty(len(codes), new.dtype)
    for start in range(0, len(codes), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        np.take(table, codes[part], out=found[part], mode="wrap")  # the fastest mode
    return found


def count_likes(likes: Any) -> NDArray[np.int64]:
    """Return the users who like each item; int64, shape (n_items,)."""
    return count_codes(likes.indices, likes.shape[1])


def best(scores: Floats32, n: int) -> NDArray[np.int64]:
    """Return the n greatest, greatest first, of equals the smaller code.

    Parameters
    ----------
    scores : float array, shape (n_items,)
        -inf for what is no candidate.
    n : int
        May be greater than there are.

    Returns
    -------
    int64 array, shape (at most n,)
    """
    n = min(n, len(scores))
    if n < 1:
        return np.empty(0, np.int64)
    many = len(scores) > FEW and n <= N_LANES
    found = _likely(scores, n) if many else np.arange(len(scores))
    found = found[scores[found] > -np.inf]
    if len(found) > n:  # of the n-th's equals, which may be nearly all, the first few
        likely = scores[found]
        least = _nth(likely, n)
        above, level = found[likely > least], found[likely == least]
        found = np.concatenate([above, level[: n - len(above)]])
    return found[np.argsort(-scores[found], kind="stable")[:n]]


def _likely(scores: Floats32, n: int) -> NDArray[np.int64]:
    """Return the positions of the n greatest and of few others; equals in their order."""
    table = scores[: len(scores) // N_LANES * N_LANES].reshape(-1, N_LANES)
    lanes = table.max(axis=0)
    least = _nth(lanes, n)  # which n lanes reach, so the n greatest do
    good = np.flatnonzero(lanes >= least)
    if len(good) == N_LANES:  # nearly all are equal
        level = np.flatnonzero(scores == least)[:n]
        return np.concatenate([np.flatnonzero(scores > least), level])
    rows, places = np.divmod(np.flatnonzero(table[:, good] >= least), len(good))
    rest = np.flatnonzero(scores[table.size :] >= least)
    return np.concatenate([rows * N_LANES + good[places], table.size + rest])


def _nth(scores: Floats32, n: int) -> float:
    """Return the n-th greatest."""
    return float(np.partition(scores, len(scores) - n)[len(scores) - n])
