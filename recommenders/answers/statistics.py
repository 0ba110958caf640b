"""How often items are played, and by how many: tops and distributions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.recommend.arrays import best
from ml.recommend.records import Item

if TYPE_CHECKING:
    from ml.recommend.storage.store import LoadedModel

N = 10
MOST = 100
N_BINS = 24
ENOUGH_LISTENERS = 10  # for an average to say something about an item


class ItemStatistic(StrEnum):
    """A figure that every item has."""

    PLAYS = "plays"  # all amounts together; rows where the table has none
    AVERAGE = "average"  # of a listener
    LISTENERS = "listeners"


@dataclass(frozen=True, slots=True)
class HistogramBin:
    """Items whose figure is at least `low` and below `high`; of the last also that."""

    low: float
    high: float
    items: int


def top(
    loaded: LoadedModel,
    by: ItemStatistic,
    n: int = N,
    *,
    least_listeners: int | None = None,
) -> list[Item]:
    """The items with the greatest figure, of equals the better known.

    For averages, items with fewer than `least_listeners` (`ENOUGH_LISTENERS` unless
    given) are left out: the average of one person is that person's.
    """
    least = ENOUGH_LISTENERS if by is ItemStatistic.AVERAGE else 1
    least = least if least_listeners is None else least_listeners
    figures = np.where(loaded.listeners >= least, values(loaded, by), -np.inf)
    return [loaded.item(int(code)) for code in best(figures, n)]


def distribution(
    loaded: LoadedModel, of: ItemStatistic, n_bins: int = N_BINS
) -> list[HistogramBin]:
    """How many items have how much of it; bins grow by the same factor.

    Items without any listener are not counted.
    """
    figures = values(loaded, of)[loaded.listeners > 0]
    if not len(figures):
        return []
    low, high = float(figures.min()), float(figures.max())
    edges = np.geomspace(low, high, n_bins + 1) if high > low else np.array([low, high])
    edges[0], edges[-1] = low, high  # of which the powers are a little off
    counts, _ = np.histogram(figures, edges) if high > low else ([len(figures)], None)
    return [
        HistogramBin(float(start), float(stop), int(n))
        for start, stop, n in zip(edges, edges[1:], counts, strict=False)
    ]


def values(loaded: LoadedModel, figure: ItemStatistic) -> Any:
    """The figure of each item, float64 or int64, shape (n_items,)."""
    return {
        ItemStatistic.PLAYS: loaded.totals,
        ItemStatistic.AVERAGE: loaded.averages,
        ItemStatistic.LISTENERS: loaded.listeners,
    }[figure]
