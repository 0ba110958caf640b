"""Small charts of columns: bars in units of the picture, for templates to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 1.5  # units: a bar of one row among millions can still be seen


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle that stands on the ground of the picture."""

    x: float
    y: float
    width: float
    height: float
    title: str


def bars(
    counts: Sequence[tuple[str, int]], *, width: float, height: float, gap: float = 1
) -> list[Bar]:
    """One bar for each (title, count), side by side, the highest as high as it may be.

    None where there is nothing to count; a count of 0 has a bar without height.
    """
    most = max((count for _, count in counts), default=0)
    if not most:
        return []
    step = width / len(counts)
    gap = min(gap, step / 4)
    drawn = []
    for place, (title, count) in enumerate(counts):
        tall = max(LEAST, height * count / most) if count else 0
        corner = place * step + gap / 2, height - tall
        drawn.append(Bar(*(round(at, 2) for at in (*corner, step - gap, tall)), title))
    return drawn
