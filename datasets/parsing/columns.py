"""What is stored of a column: its type, its profile, and values as JSON has them.

Imports nothing heavy: the web reads what DuckDB computed.
"""

import math
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

MAX_TEXT, LESS_TEXT = 200, 40  # characters; the less of wide tables

Value = bool | int | float | str


class ColumnType(StrEnum):
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXT = "text"


@dataclass(slots=True)
class ColumnProfile:
    """What is known of a column; stored as JSON: times in ISO 8601, long texts cut.

    `distinct` is exact or within about 2 %, as `distinct_exact` says, and so are the
    `quantiles`. `top` has the most frequent values with their counts, `histogram`
    (low, high, count) in equal steps; the last step has its upper end.
    """

    name: str
    type: str
    note: str
    nulls: int
    distinct: int
    distinct_exact: bool = False
    min: Value | None = None
    max: Value | None = None
    mean: float | None = None
    longest: int | None = None  # characters of the longest text
    quantiles: dict[str, Value | None] = field(default_factory=dict)
    top: list[tuple[Value | None, int]] = field(default_factory=list)
    histogram: list[tuple[Value, Value, int]] = field(default_factory=list)
    examples: list[Value | None] = field(default_factory=list)


def json_value(value: object) -> Value | None:
    """Return a cell as JSON has it, not longer than `MAX_TEXT`, without NUL."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, date):
        return value.isoformat()
    shown = str(value).replace("\0", "�")
    return cut(shown, MAX_TEXT)


def was_cut(value: object) -> bool:
    """Whether a value of a profile is perhaps only the beginning of one."""
    if not isinstance(value, str) or not value.endswith("…"):
        return False
    return len(value) in (MAX_TEXT, LESS_TEXT)


def finite(number: float | None) -> float | None:
    """The number, or None where it is none: the mean of huge ones overflows."""
    return number if number is not None and math.isfinite(number) else None


def cut(value: Value | None, most: int) -> Value | None:
    """The value, or the beginning of a text that is longer."""
    if not isinstance(value, str) or len(value) <= most:
        return value
    return value[: most - 1] + "…"
