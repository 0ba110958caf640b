"""Train and test splits, made before anything is fitted."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.recommend.arrays import Mask
from ml.recommend.data.pairs import Pairs, keep_pairs

SHARE = 0.2  # of the likes of each user
MIN_LIKES = 5  # that a user must have to be judged


class NothingToJudge(Exception):
    """Nobody has enough likes to hold some out. Judge on a larger table."""


@dataclass(frozen=True)
class Split:
    """A table in two parts.

    Attributes
    ----------
    train : Pairs
        All that a fit may see; the same users and items as before.
    test : csr_matrix, float32, shape (n_users, n_items)
        The likes held out; no pair of them is in `train`.
    how : str
        In one sentence.
    seed : int or None
        None where nothing is random.
    """

    train: Pairs
    test: Any
    how: str
    seed: int | None


def hold_out(
    pairs: Pairs, *, seed: int = 0, share: float = SHARE, min_likes: int = MIN_LIKES
) -> Split:
    """Hold out a random share of the likes of each user who has enough.

    Parameters
    ----------
    pairs : Pairs
    seed : int
    share : float
        Rounded to a number of likes, at least one and never all.
    min_likes : int
        Users with fewer keep all of theirs; at least 2.

    Returns
    -------
    Split

    Raises
    ------
    NothingToJudge
    """
    starts, sizes = pairs.likes.indptr[:-1], np.diff(pairs.likes.indptr)
    users = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    order = np.lexsort((np.random.default_rng(seed).random(len(users)), users))
    place = np.empty(len(users), np.int32)
    place[order] = np.arange(len(users)) - np.repeat(starts, sizes)
    n_held = np.clip(np.round(share * sizes), 1, np.maximum(sizes - 1, 0))
    n_held[sizes < max(min_likes, 2)] = 0
    how = f"{share:.0%} of the likes of each user with {min_likes} or more, by chance"
    return _split(pairs, place < n_held[users], how, seed)


def hold_out_latest(pairs: Pairs, *, share: float = SHARE) -> Split:
    """Hold out all likes after a moment: the future, for every user at once.

    Parameters
    ----------
    pairs : Pairs
        With times; likes of unknown time are of the past.
    share : float
        Of all likes that have a time, to find the moment.

    Returns
    -------
    Split
        Users who like nothing before the moment cannot be judged; their likes after it
        are in neither part.

    Raises
    ------
    NothingToJudge
        If there is no such user; if no times are known.
    """
    if pairs.when is None or not np.isfinite(pairs.when.data).any():
        raise NothingToJudge("no row says when it was")
    times = pairs.when.data
    moment = np.quantile(times[np.isfinite(times)], 1 - share)
    how = f"all likes after a moment, the latest {share:.0%}"
    return _split(pairs, times > moment, how, None)


def _split(pairs: Pairs, held: Mask, how: str, seed: int | None) -> Split:
    train, test = keep_pairs(pairs, ~held), keep_pairs(pairs, held).likes
    n_known = np.diff(train.likes.indptr)
    of_known = np.repeat(n_known > 0, np.diff(test.indptr))
    test = keep_pairs(Pairs(test, test, None), of_known).likes
    if not test.nnz:
        raise NothingToJudge("nobody has enough likes to hold some out")
    return Split(train, test, how, seed)
