"""The table of a benchmark: a line for each work, at each number of videos."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

WIDTH = 50


class Goal(NamedTuple):
    """What was promised; None promises nothing."""

    p50: float | None = None  # ms, at most
    p99: float | None = None  # ms, at most
    most: float | None = None  # times the reference
    least: float | None = None  # times the reference

    def __str__(self) -> str:
        said = []
        if self.p50 is not None:
            said.append(f"p50 <= {self.p50:g}")
        if self.p99 is not None:
            said.append(f"p99 <= {self.p99:g}")
        if self.most is not None:
            said.append(f"<= {self.most:g} x")
        if self.least is not None:
            said.append(f">= {self.least:g} x")
        return ", ".join(said)


class Cell(NamedTuple):
    """Milliseconds, and how that compares with the reference."""

    p50: float | None = None
    p99: float | None = None
    ratio: float | None = None

    def misses(self, goal: Goal) -> bool:
        return (
            _more(self.p50, goal.p50)
            or _more(self.p99, goal.p99)
            or _more(self.ratio, goal.most)
            or _more(goal.least, self.ratio)
        )


class Line(NamedTuple):
    """A work, or with no goal of its own a reference."""

    label: str
    goal: Goal


class Table:
    """Lines in the order in which they were first measured."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.lines: dict[str, Line] = {}
        self.cells: dict[tuple[str, int], Cell] = {}
        self.heads: dict[str, str] = {}  # {the label below it: the head}
        self._head = ""

    def of(self, n_videos: int) -> None:
        """What is added from now on was measured with so many videos."""
        self.sizes.append(n_videos)

    def head(self, text: str) -> None:
        self._head = text

    def add(self, label: str, cell: Cell, goal: Goal = Goal()) -> None:  # noqa: B008
        if label not in self.lines:
            self.lines[label] = Line(label, goal)
            if self._head:
                self.heads[label] = self._head
        self._head = ""
        self.cells[label, self.sizes[-1]] = cell
        print(f"{self.sizes[-1]:>9,} {label:<{WIDTH}}{_text(cell)}", file=sys.stderr)

    def print(self) -> None:
        """With `!` where a goal was missed."""
        sizes = sorted(self.sizes)
        print(f"{'ms; x: times the reference':<{WIDTH}}", end="")
        print("".join(f"{f'{size:,} videos':>26}" for size in sizes))
        columns = f"{'p50':>9}{'p99':>9}{'x':>7} " * len(sizes)
        print(f"{'':<{WIDTH}}{columns}  goal")
        for label, goal in self.lines.values():
            if label in self.heads:
                print(f"\n{self.heads[label]}")
            cells = [self.cells.get((label, size), Cell()) for size in sizes]
            marked = (_text(c) + ("!" if c.misses(goal) else " ") for c in cells)
            print(f"{label:<{WIDTH}}{''.join(marked)}  {goal}".rstrip())


def measured(times: Sequence[float], reference: float | None = None) -> Cell:
    """The cell of these milliseconds."""
    p50 = statistics.median(times)
    p99 = sorted(times)[round(0.99 * (len(times) - 1))]
    return Cell(p50, p99, p50 / reference if reference else None)


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def _text(cell: Cell) -> str:
    numbers = zip(cell, (9, 9, 7), (1, 1, 2), strict=True)
    return "".join(
        f"{'':>{width}}" if value is None else f"{value:>{width},.{digits}f}"
        for value, width, digits in numbers
    )


def _more(value: float | None, most: float | None) -> bool:
    return value is not None and most is not None and value > most
