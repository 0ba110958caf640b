"""How far several people agree when each says in which of some classes an item is.

Agreement by chance is taken off: 1 is always, 0 as often as chance would have it, below
0 less often. Ratings are a table with one row per item and one column per person, of
class numbers, -1 where a person said nothing.

Cohen, "A coefficient of agreement for nominal scales" (1960); Krippendorff, "Content
Analysis" (2004), chapter 11, nominal data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ratings = NDArray[np.int_]
Counts = NDArray[np.int_]

NOTHING = -1
RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A share of the resampled values in the middle, here 95 %."""

    low: float
    high: float


def count_classes(ratings: Ratings, n_classes: int) -> Counts:
    """How many people put each item in each class.

    Parameters
    ----------
    ratings : int array, shape (n_items, n_people)
        Classes from 0 to n_classes - 1, or -1.
    n_classes : int

    Returns
    -------
    int array, shape (n_items, n_classes); zeros for an item that nobody rated.
    """
    same = ratings[:, :, None] == np.arange(n_classes)
    return np.asarray(same.sum(axis=1))


def observed(counts: Counts) -> float | None:
    """The share of pairs of people that agree on an item, in pairs of ratings.

    Each item counts as often as it has ratings. None where no item has two ratings.

    Parameters
    ----------
    counts : int array, shape (n_items, n_classes)
        See `count_classes`.
    """
    agreeing, ratings, _ = _sums(counts)
    return agreeing / ratings if ratings else None


def krippendorff_alpha(counts: Counts) -> float | None:
    """Krippendorff's alpha for nominal data; any number of people may rate an item.

    Items with a single rating are left out. None where no item has two ratings, or
    where all ratings are the same class: there was nothing to agree on.

    Parameters
    ----------
    counts : int array, shape (n_items, n_classes)
        See `count_classes`.

    Returns
    -------
    float of at most 1, or None
    """
    agreeing, ratings, by_class = _sums(counts)
    if not ratings:
        return None
    by_chance = float(by_class @ (by_class - 1)) / (ratings * (ratings - 1))
    if by_chance == 1:
        return None
    return 1 - (1 - agreeing / ratings) / (1 - by_chance)


def cohen_kappa(one: Ratings, other: Ratings) -> float | None:
    """Cohen's kappa of two people over the items that both rated.

    None where they share no item, or where both always said the same one class.

    Parameters
    ----------
    one, other : int array, shape (n_items,)
        Classes, or -1.

    Returns
    -------
    float of at most 1, or None
    """
    shared = (one != NOTHING) & (other != NOTHING)
    one, other = one[shared], other[shared]
    if not one.size:
        return None
    classes = np.union1d(one, other)
    shares = [np.mean(rated[:, None] == classes, axis=0) for rated in (one, other)]
    by_chance = float(shares[0] @ shares[1])
    if by_chance == 1:
        return None
    return (float(np.mean(one == other)) - by_chance) / (1 - by_chance)


def one_against_rest(ratings: Ratings, class_: int) -> Ratings:
    """The ratings with two classes: 1 for `class_` and 0 for each other."""
    return np.where(ratings == NOTHING, NOTHING, ratings == class_)


def alpha_interval(counts: Counts, *, seed: int) -> Interval | None:
    """Where alpha would lie on other items like these: a bootstrap over the items.

    None where alpha is None, or undefined in most resamples.

    Parameters
    ----------
    counts : int array, shape (n_items, n_classes)
        See `count_classes`.
    seed : int
    """
    counts = counts[counts.sum(axis=1) > 1]
    chance = np.random.default_rng(seed)
    n_items = len(counts)
    values = [
        krippendorff_alpha(counts[chance.integers(n_items, size=n_items)])
        for _ in range(RESAMPLES if n_items else 0)
    ]
    return _middle(values)


def kappa_interval(one: Ratings, other: Ratings, *, seed: int) -> Interval | None:
    """As `alpha_interval`, of `cohen_kappa`."""
    shared = (one != NOTHING) & (other != NOTHING)
    one, other = one[shared], other[shared]
    chance = np.random.default_rng(seed)
    values = []
    for _ in range(RESAMPLES if one.size else 0):
        drawn = chance.integers(one.size, size=one.size)
        values.append(cohen_kappa(one[drawn], other[drawn]))
    return _middle(values)


def _middle(values: list[float | None]) -> Interval | None:
    defined = [value for value in values if value is not None]
    if len(defined) <= len(values) / 2:
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return Interval(float(low), float(high))


def _sums(counts: Counts) -> tuple[float, int, Counts]:
    """Agreeing ratings, ratings, and ratings by class, of items with two or more."""
    counts = counts[counts.sum(axis=1) > 1]
    of_item = counts.sum(axis=1)
    agreeing = np.sum(counts * (counts - 1), axis=1) / (of_item - 1)
    return float(agreeing.sum()), int(of_item.sum()), counts.sum(axis=0)
