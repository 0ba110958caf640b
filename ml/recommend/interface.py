"""The interface behind which an algorithm for recommendations stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ml.parallel import Progress
from ml.recommend.data.names import Ints, count_codes
from ml.recommend.data.pairs import Floats32

Arrays: TypeAlias = dict[str, NDArray[Any]]
Settings: TypeAlias = Mapping[str, float | str]
NOBODY = -1  # fills the lists of items that have too few neighbours
FEW = 4096  # scores that are not worth cutting into lanes
N_LANES = 1024


class Unavailable(Exception):
    """The library that this algorithm is fitted by cannot be used here."""


class NotFinite(ArithmeticError):
    """The fit ended in numbers that are none; lower the learning rate or the size."""


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
        All that can be set, and what it is unless it is set. Where that is a whole
        number, others are refused.
    bounds : mapping
        The least and the greatest that each number may be; there is none where a
        setting is not named.
    closeness_is : str
        What a closeness of this algorithm means, in one sentence.
    fit : callable
        Likes, a csr_matrix of shape (n_users, n_items), all settings and a Run to
        `Arrays`. Any matrix will do, an empty one too. The same input gives the same
        arrays. Raises Unavailable, NotFinite, and what `Run.progress` raises.
    score : callable
        Arrays, profiles (csr_matrix, shape (n_rows, n_items), amounts) and `users`
        (int32, shape (n_rows,), codes of those whom fit has seen with these likes; or
        None) to float32 (n_rows, n_items): the higher, the better it suits. All finite.
        Arrays may be mapped from files; what fit was given is not at hand.
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
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def fit_by(module: str, library: str, *first: Any) -> Callable[..., Arrays]:
    """Return the function `fit` of a module, which is imported when it is called.

    Who only asks a fitted model does not need the library. What is `first` comes before
    the arguments of `Algorithm.fit`.
    """

    def fit(likes: Any, settings: Settings, run: Run) -> Arrays:
        try:
            found = import_module(module)
        except ImportError as exc:
            raise Unavailable(f"{library} cannot be used here: {exc}") from exc
        arrays: Arrays = found.fit(*first, likes, settings, run)
        return arrays

    return fit


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


def count_likes(likes: Any) -> NDArray[np.int64]:
    """Return the users who like each item; int64, shape (n_items,)."""
    return count_codes(likes.indices, likes.shape[1])
