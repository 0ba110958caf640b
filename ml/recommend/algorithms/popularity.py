"""What most people like: the baseline that every other algorithm is shown beside."""

from typing import Any

import numpy as np

from ml.recommend.arrays import Floats32, Ints, count_likes
from ml.recommend.interface import (
    NO_ITEM,
    Algorithm,
    Arrays,
    Neighbours,
    Run,
    Settings,
)


def _fit(likes: Any, settings: Settings, run: Run) -> Arrays:
    run.report(1, 1)
    return {"listeners": count_likes(likes).astype(np.float32)}


def _score(arrays: Arrays, profiles: Any, users: Ints | None) -> Floats32:
    return np.tile(arrays["listeners"], (profiles.shape[0], 1))


def _neighbours(arrays: Arrays, items: Ints, n: int) -> Neighbours:
    listeners = arrays["listeners"]
    order = np.argsort(-listeners, kind="stable")[: n + 1].astype(np.int32)
    order = order[listeners[order] > 0]
    found = np.full((len(items), n), NO_ITEM, np.int32)
    closeness = np.zeros((len(items), n), np.float32)
    for row, item in enumerate(items):
        others = order[order != item][:n]
        found[row, : len(others)] = others
        closeness[row, : len(others)] = listeners[others] / listeners.max()
    return Neighbours(found, closeness)


def _affinities(arrays: Arrays, items: Ints, known: Ints) -> Floats32:
    return np.zeros((len(items), len(known)), np.float32)


ALGORITHM = Algorithm(
    name="popularity",
    summary="What most people like, the same for everybody.",
    settings={},
    closeness_is="the share of the listeners that the most popular item has",
    fit=_fit,
    score=_score,
    neighbours=_neighbours,
    affinities=_affinities,
)
