"""What is kept of a column, and its values as JSON has them."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

MOST_TEXT, LESS_TEXT = 200, 40  # characters; the less of wide tables
N_BINS = 20
EPOCH = datetime(1970, 1, 1)

Value = bool | int | float | str
Scalar = bool | int | float | str | date | datetime


@dataclass(slots=True)
class Profile:
    """What is known of a column, for JSON: times in ISO 8601, long texts cut.

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
    quantiles: dict[str, Value] = field(default_factory=dict)
    top: list[tuple[Value, int]] = field(default_factory=list)
    histogram: list[tuple[Value, Value, int]] = field(default_factory=list)
    examples: list[Value] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Steps:
    """Equal steps from the least value to the greatest, of numbers or times."""

    def __init__(self, low: Scalar, high: Scalar) -> None:
        self.is_time = isinstance(low, date)
        self.is_date = self.is_time and not isinstance(low, datetime)
        self.is_whole = isinstance(low, int)
        self.low, self.high = number_of(low), number_of(high)
        spread = self.high / N_BINS - self.low / N_BINS  # their difference may overflow
        if self.is_whole or self.is_date:
            unit = 1 if self.is_whole else 86_400
            width = max(
                unit, math.ceil((self.high - self.low + unit) / N_BINS / unit) * unit
            )
            self.n = int((self.high - self.low) // width) + 1
            self.width = float(width)
        else:
            self.width = spread or 1.0
            self.n = N_BINS if spread else 1

    def of(self, value: Scalar) -> int:
        steps = (number_of(value) - self.low) / self.width
        if math.isinf(steps):  # the ends are further apart than numbers go
            steps = number_of(value) / self.width - self.low / self.width
        return min(int(steps), self.n - 1)

    def histogram(self, counts: Sequence[int]) -> list[tuple[Value, Value, int]]:
        ends = [self._value(self.low + i * self.width) for i in range(self.n)]
        ends.append(self._value(min(self.high, self.low + self.n * self.width)))
        return [(ends[i], ends[i + 1], n) for i, n in enumerate(counts)]

    def _value(self, number: float) -> Value:
        if not self.is_time:
            return int(number) if self.is_whole else number
        moment = EPOCH + timedelta(seconds=number)
        return str(moment.date()) if self.is_date else moment.isoformat()


def number_of(value: Scalar) -> float:
    """A number, or the seconds since 1970 of a time."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) - EPOCH.replace(tzinfo=UTC)).total_seconds()
    if isinstance(value, date):
        return (value - EPOCH.date()).days * 86_400.0
    return float(value)


def plain(value: object) -> Value | None:
    """A cell as JSON has it, not longer than `MOST_TEXT`, without NUL."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, date):
        return value.isoformat()
    shown = str(value).replace("\0", "�")
    return cut(shown, MOST_TEXT)


def told(value: object) -> Value:
    """The same of a value that is there."""
    return "" if (shown := plain(value)) is None else shown


def was_cut(value: object) -> bool:
    """Whether a value of a profile is perhaps only the beginning of one."""
    if not isinstance(value, str) or not value.endswith("…"):
        return False
    return len(value) in (MOST_TEXT, LESS_TEXT)


def finite(number: float | None) -> float | None:
    """The number, or None where it is none: the mean of huge ones overflows."""
    return number if number is not None and math.isfinite(number) else None


def cut(value: Value, most: int) -> Value:
    """The value, or the beginning of a text that is longer."""
    if not isinstance(value, str) or len(value) <= most:
        return value
    return value[: most - 1] + "…"
