"""The interface behind which an algorithm for recommendations stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ml.parallel import Progress
from ml.recommend.names import Ints, count_codes
from ml.recommend.pairs import Floats32

Arrays: TypeAlias = dict[str, NDArray[Any]]
Settings: TypeAlias = Mapping[str, float | str]
NOBODY = -1  # fills the lists of items that have too few neighbours


class Neighbours(NamedTuple):
    """Lists of similar items.

    Attributes
    ----------
    items : int32 array, shape (n_asked, n)
        The closest first, of equals the smaller code; `NOBODY` where there is none.
    closeness : float32 array, shape (n_asked, n)
        0 to 1; greater than 0 where there is an item.
    """

    items: Ints
    closeness: Floats32


@dataclass(frozen=True)
class Run:
    """What a fit is told beside data and settings."""

    seed: int = 0
    n_threads: int = 1  # changes the time, never the result
    progress: Progress | None = None  # told how many steps are done, and of how many

    def report(self, done: int, of: int) -> None:
        """Tell the progress, if somebody listens."""
        if self.progress:
            self.progress(done, of)


@dataclass(frozen=True)
class Algorithm:
    """How a model is fitted and what it says; codes are those of `Interactions`.

    A fitted model is nothing but `Arrays`, arrays by name; so the models of every
    algorithm are stored, compared and loaded the same way.

    Attributes
    ----------
    name : str
        Stored with each model; never reused for one that recommends otherwise.
    summary : str
        One sentence for people.
    settings : mapping
        All that can be set, and what it is unless it is set.
    closeness_is : str
        What a closeness of this algorithm means, in one sentence.
    fit : callable
        Likes, a csr_matrix of shape (n_users, n_items), all settings and a Run to
        `Arrays`. Any matrix will do, an empty one too. The same input gives the same
        arrays.
    score : callable
        Arrays, profiles (csr_matrix, shape (n_rows, n_items), amounts) and `users`
        (int32, shape (n_rows,), codes of those whom fit has seen with these likes; or
        None) to float32 (n_rows, n_items): the higher, the better it suits. All finite.
    neighbours : callable
        Arrays, items (int32, shape (n_asked,)) and n to Neighbours; never the item
        itself, and no more than were kept.
    affinities : callable
        Arrays, items (n_asked,) and known items (n_known,) to float32
        (n_asked, n_known): how much each known item spoke for each item; 0 for nothing.
    """

    name: str
    summary: str
    settings: Settings
    closeness_is: str
    fit: Callable[[Any, Settings, Run], Arrays]
    score: Callable[[Arrays, Any, Ints | None], Floats32]
    neighbours: Callable[[Arrays, Ints, int], Neighbours]
    affinities: Callable[[Arrays, Ints, Ints], Floats32]


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
    least = np.partition(scores, len(scores) - n)[len(scores) - n]
    found = np.flatnonzero((scores >= least) & (scores > -np.inf))
    return found[np.argsort(-scores[found], kind="stable")[:n]]


def count_likes(likes: Any) -> NDArray[np.int64]:
    """Return the users who like each item; int64, shape (n_items,)."""
    return count_codes(likes.indices, likes.shape[1])
