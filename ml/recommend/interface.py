"""The interface of all recommendation algorithms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple, TypeAlias

from numpy.typing import NDArray

from ml.parallel import Progress
from ml.recommend.arrays import Floats32, Ints

Arrays: TypeAlias = dict[str, NDArray[Any]]
Settings: TypeAlias = Mapping[str, float | str]
NO_ITEM = -1  # fills the lists of items that have too few neighbours


class Unavailable(Exception):
    """The library that this algorithm is fitted by cannot be used here."""


class NotFinite(ArithmeticError):
    """The fit ended in NaN or infinity; lower the learning rate or the size."""


class BadSetting(ValueError):
    """A setting that the algorithm does not have, or a value that it cannot be."""


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
    """Seed, threads and progress of a fit."""

    seed: int = 0
    n_threads: int = 1  # changes the time, never the result
    progress: Progress | None = None  # told how many steps are done, and of how many

    def report(self, done: int, of: int) -> None:
        """Report progress, if there is a callback."""
        if self.progress:
            self.progress(done, of)


@dataclass(frozen=True)
class Algorithm:
    """How a model is fitted and scored; codes are those of `Interactions`.

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

    def complete_settings(self, settings: Settings) -> dict[str, float | str]:
        """Fill settings up with the algorithm's own; raises BadSetting."""
        for key, value in settings.items():
            if key not in self.settings:
                known = ", ".join(self.settings) or "none"
                raise BadSetting(f"{self.name} has no setting {key!r}; it has: {known}")
            problem = _find_problem(value, self.settings[key], self.bounds.get(key))
            if problem is not None:
                raise BadSetting(f"{key} cannot be {value!r}{problem}")
        return {**self.settings, **settings}


def _find_problem(
    value: Any, default: float | str, bounds: tuple[float, float] | None
) -> str | None:
    """Say why a setting cannot have a value; None if it can."""
    if isinstance(default, str) or isinstance(value, bool | str):
        return None if isinstance(default, str) and isinstance(value, str) else ""
    if not isinstance(value, int | float) or not isfinite(value):
        return ""
    if isinstance(default, int) and value != int(value):
        return ", it is a whole number"
    if bounds and not bounds[0] <= value <= bounds[1]:
        return f", it is from {bounds[0]:,} to {bounds[1]:,}"
    return None
