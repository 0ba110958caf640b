"""How far several people agree when each says in which of some classes an item is.

Agreement by chance is taken off: 1 is always, 0 as often as chance would have it, below
0 less often. Ratings are a table with one row per item and one column per person, of
class numbers, -1 where a person gave no rating.

Cohen, "A coefficient of agreement for nominal scales" (1960); Krippendorff, "Content
Analysis" (2004), chapter 11, nominal data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.bootstrap import Interval, interval
from ml.moods.recipe import Floats

Ratings = NDArray[np.int_]
Counts = NDArray[np.int_]

NO_RATING = -1
RESAMPLES = 1_000


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
    """The share of agreement: how often another person says what one says of an item.

    Each item counts as often as it has ratings. None where no item has two ratings.

    Parameters
    ----------
    counts : int array, shape (n_items, n_classes)
        See `count_classes`.
    """
    counts = _with_two(counts)
    return float(_agreeing(counts).sum() / counts.sum()) if counts.size else None


def observed_by_class(counts: Counts) -> list[float | None]:
    """How often another person says a class that one says: its specific agreement.

    None for a class that nobody says of an item with two ratings (Fleiss, 1981).

    Parameters
    ----------
    counts : int array, shape (n_items, n_classes)
        See `count_classes`.
    """
    counts = _with_two(counts)
    agreeing, all_ = _agreeing(counts).sum(axis=0), counts.sum(axis=0)
    return [float(a / n) if n else None for a, n in zip(agreeing, all_, strict=True)]


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
    counts = _with_two(counts)
    return _only(_alphas(counts, np.ones((1, len(counts)))))


def alpha_interval(counts: Counts, *, seed: int) -> Interval | None:
    """Where alpha would lie on other items like these: a bootstrap over the items.

    None where alpha is None, or undefined in most resamples.

    Parameters
    ----------
    counts : int array, shape (n_items, n_classes)
        See `count_classes`.
    seed : int
    """
    counts, weights = _resampled(_with_two(counts), seed)
    return _middle(_alphas(counts, weights))


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
    pairs = _shared(one, other)
    return _only(_kappas(pairs, np.ones((1, len(pairs)))))


def kappa_interval(one: Ratings, other: Ratings, *, seed: int) -> Interval | None:
    """As `alpha_interval`, of `cohen_kappa`."""
    pairs, weights = _resampled(_shared(one, other), seed)
    return _middle(_kappas(pairs, weights))


def one_against_rest(ratings: Ratings, class_: int) -> Ratings:
    """The ratings with two classes: 1 for `class_` and 0 for each other."""
    return np.where(ratings == NO_RATING, NO_RATING, ratings == class_)


def _with_two(counts: Counts) -> Counts:
    return np.asarray(counts[counts.sum(axis=1) > 1])


def _shared(one: Ratings, other: Ratings) -> Ratings:
    pairs = np.column_stack([one, other])
    return np.asarray(pairs[(pairs != NO_RATING).all(axis=1)])


def _agreeing(counts: Counts) -> Floats:
    """Of the ratings of each item and class, the share of others that say the same."""
    others = counts.sum(axis=1, keepdims=True) - 1
    return np.asarray(counts * (counts - 1) / others)


def _alphas(counts: Counts, weights: Floats) -> Floats:
    """Alpha for each row of weights of the items; NaN where it is undefined."""
    ratings = weights @ counts.sum(axis=1)
    by_class = weights @ counts
    agreeing = weights @ _agreeing(counts).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_chance = (by_class * (by_class - 1)).sum(axis=1) / (ratings * (ratings - 1))
        return _beyond_chance(agreeing / ratings, by_chance)


def _kappas(pairs: Ratings, weights: Floats) -> Floats:
    """Kappa for each row of weights of the items; NaN where it is undefined."""
    chosen = pairs[:, :, None] == np.unique(pairs)  # item, person, class
    items = weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_class = [weights @ chosen[:, person] / items[:, None] for person in (0, 1)]
        agreeing = weights @ (pairs[:, 0] == pairs[:, 1]) / items
        return _beyond_chance(agreeing, (by_class[0] * by_class[1]).sum(axis=1))


def _beyond_chance(agreeing: Floats, by_chance: Floats) -> Floats:
    defined = by_chance < 1 - 1e-12
    return np.where(defined, (agreeing - by_chance) / (1 - by_chance), np.nan)


def _resampled(items: Ratings, seed: int) -> tuple[Ratings, Floats]:
    """The different items, and how often each is drawn in every resample."""
    if not len(items):
        return items, np.zeros((0, 0))
    items, times = np.unique(items, axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(times.sum(), times / times.sum(), size=RESAMPLES)
    return items, drawn.astype(float)


def _only(values: Floats) -> float | None:
    return None if np.isnan(values[0]) else float(values[0])


def _middle(values: Floats) -> Interval | None:
    defined = values[~np.isnan(values)]
    if len(defined) <= len(values) / 2:
        return None
    return interval(defined)
