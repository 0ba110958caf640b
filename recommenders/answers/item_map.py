"""A map of what is close to an item: positions computed, the same each time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin

WIDTH, HEIGHT = 600, 320  # units of the picture
REACH = 125  # of the outermost ring
NEAREST = 0.5  # of the reach: where the closest stands
LARGEST = 11  # radius of the closest
GAP = 26  # between two names on a side


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Where a neighbour stands, and on which side its name is written."""

    key: int
    x: float
    y: float
    size: float  # radius
    left: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Two neighbours of which one is among the closest of the other."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Map:
    """The item in the middle of the picture, its neighbours around it."""

    points: list[MapPoint]
    links: list[Link]


def lay_out(closeness: Mapping[int, float], near: Mapping[int, Sequence[int]]) -> Map:
    """Place the neighbours around the middle: the closer, the nearer to it.

    `closeness` is 0 to 100 by key; `near` has, by key, those that are close to it.
    Those that are close to each other stand side by side where that is possible.
    """
    order = _in_order(list(closeness), _pairs(closeness, near))
    points = [
        _point(key, number, len(order), _distance(closeness[key], closeness.values()))
        for number, key in enumerate(order)
    ]
    at = {
        point.key: point
        for side in (True, False)
        for point in _without_overlaps([one for one in points if one.left is side])
    }
    links = [
        Link(at[one].x, at[one].y, at[other].x, at[other].y)
        for one, other in sorted(_pairs(closeness, near))
    ]
    return Map(list(at.values()), links)


def _pairs(
    closeness: Mapping[int, float], near: Mapping[int, Sequence[int]]
) -> set[tuple[int, int]]:
    found = {
        (min(one, other), max(one, other))
        for one in closeness
        for other in near.get(one, ())
        if other in closeness and other != one
    }
    return found


def _in_order(keys: list[int], pairs: set[tuple[int, int]]) -> list[int]:
    """A walk over all keys that follows a link wherever one is left."""
    order: list[int] = []
    left = list(keys)
    while left:
        here = order[-1] if order else -1
        linked = [key for key in left if (min(here, key), max(here, key)) in pairs]
        order.append((linked or left)[0])
        left.remove(order[-1])
    return order


def _distance(closeness: float, others: Collection[float]) -> float:
    """0 for the closest of them, 1 for the least close: they may differ by little."""
    least, most = min(others), max(others)
    return (most - closeness) / (most - least) if most > least else 0.5


def _point(key: int, number: int, of: int, distance: float) -> MapPoint:
    # Half a step off, so that no name stands straight above or below the middle.
    angle = 2 * pi * (number + 0.5) / of - pi / 2
    away = NEAREST + (1 - NEAREST) * distance
    x = WIDTH / 2 + REACH * away * cos(angle)
    y = HEIGHT / 2 + REACH * away * sin(angle)
    return MapPoint(
        key, round(x, 1), round(y, 1), round(LARGEST - 5 * distance, 1), cos(angle) < 0
    )


def _without_overlaps(side: list[MapPoint]) -> list[MapPoint]:
    """The same, moved up or down where names would lie upon each other."""
    spread: list[MapPoint] = []
    for point in sorted(side, key=lambda one: (one.y, one.key)):
        least = spread[-1].y + GAP if spread else point.y
        spread.append(replace(point, y=max(point.y, least)))
    over = max(0.0, spread[-1].y - (HEIGHT - GAP)) if spread else 0.0
    return [replace(point, y=round(point.y - over, 1)) for point in spread]
