"""A table of rows as a page shows it: readable whatever a cell holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CLIPPED = 160  # characters of a cell that are seen at once
MAX_SHOWN = 5_000  # of one that is opened; programs get all of it


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as text: `whole` and `length` where it is too long for a cell."""

    text: str
    kind: str = "text"  # or "number", "none"
    whole: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A column; `link` sorts by it, `sorted` is what ARIA says of its order."""

    name: str
    type: str = ""
    link: str = ""
    sorted: str = ""

    @property
    def numeric(self) -> bool:
        return self.type in ("integer", "number")


@dataclass(frozen=True, slots=True)
class TableRow:
    number: int | None  # in the dataset, from 1; None where it is not known
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """Some rows and some columns, of `n_columns`."""

    headings: list[Heading]
    rows: list[TableRow]
    n_columns: int

    @property
    def numbered(self) -> bool:
        return any(row.number is not None for row in self.rows)


def table(
    headings: list[Heading],
    rows: Iterable[Sequence[Any]],
    *,
    n_columns: int,
    numbers: Iterable[int] | None = None,
) -> Table:
    """Return rows of values, in the order of the headings, as a table of cells."""
    cells = [[cell(value) for value in row] for row in rows]
    known = list(numbers) if numbers is not None else [None] * len(cells)
    shown = [TableRow(*pair) for pair in zip(known, cells, strict=True)]
    return Table(headings, shown, n_columns)


def cell(value: Any) -> Cell:
    """Return a value for people. Numbers are written as they are, never rounded."""
    if value is None:
        return Cell("", "none")
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    if isinstance(value, (int, float)):
        return Cell(str(value), "number")
    text = value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
    if len(text) <= CLIPPED:
        return Cell(text)
    whole = text[:MAX_SHOWN] + ("…" if len(text) > MAX_SHOWN else "")
    return Cell(text[:CLIPPED], whole=whole, length=len(text))
