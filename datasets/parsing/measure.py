"""What is kept of a column, and its values as JSON has them."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

import duckdb

from datasets.parsing.duckdb_session import Row, name, run
from datasets.parsing.types import ColumnType

MOST_TEXT, LESS_TEXT = 200, 40  # characters; the less of wide tables
N_BINS = 20
EPOCH = datetime(1970, 1, 1)

Value = bool | int | float | str
Scalar = bool | int | float | str | date | datetime


@dataclass(slots=True)
class ColumnProfile:
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


class HistogramBins:
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


MOST_EXACT = 200_000  # different values that are counted one by one
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
N_TOP = 20
MOST_GROUPED = 1_000  # characters of the texts that are counted as they are
TOGETHER_BYTES = 4_000_000  # of the cells that are asked at once
VALUE_BYTES = 16  # of a cell beside its text
ORDERED = (ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.DATE, ColumnType.DATETIME)
DATE_OF_A_SPREADSHEET = re.compile(
    r"\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
MANGLED = "a spreadsheet may have made dates of fractions: 4/4 becomes 4-Apr"


def together(
    profiles: Sequence[ColumnProfile], n_rows: int
) -> Iterator[list[ColumnProfile]]:
    """Parts of the columns, each to be measured by one query; of one type."""
    for _, alike in groupby(sorted(profiles, key=_alike), key=_alike):
        some: list[ColumnProfile] = []
        size = 0
        for one in alike:
            more = n_rows * (VALUE_BYTES + (one.longest or 0))
            if some and (size + more > TOGETHER_BYTES or _is_alone(one)):
                yield some
                some, size = [], 0
            some.append(one)
            size += more
        yield some


def measure(
    connection: duckdb.DuckDBPyConnection, relation: str, some: Sequence[ColumnProfile]
) -> None:
    """Complete the profiles of columns that are measured together and have values."""
    ordered = some[0].type in ORDERED
    if some[0].distinct > MOST_EXACT:
        ask = _measure_roughly if ordered else _guess_top
        ask(connection, relation, some[0])
    elif ordered:
        _measure_exactly(connection, relation, some)
    else:
        _count_values(connection, relation, some)


def _alike(one: ColumnProfile) -> tuple[str, bool]:
    return one.type, _is_alone(one)


def _is_alone(one: ColumnProfile) -> bool:
    return one.distinct > MOST_EXACT or _is_long(one)


def _is_long(one: ColumnProfile) -> bool:
    return (one.longest or 0) > MOST_GROUPED


def _cells(relation: str, some: Sequence[ColumnProfile]) -> str:
    """SQL: the values `v` of the columns, each with the number `i` of its column."""
    if len(some) == 1:
        return f"(SELECT 0 AS i, {name(some[0].name)} AS v FROM {relation})"
    columns = ", ".join(name(one.name) for one in some)
    numbers = f"unnest(range({len(some)}))"
    return f"(SELECT {numbers} AS i, unnest([{columns}]) AS v FROM {relation})"


def _by_column(
    some: Sequence[ColumnProfile], rows: list[Row]
) -> Iterator[tuple[ColumnProfile, list[Row]]]:
    """Each column with its rows, of which the first value is its number."""
    for i, mine in groupby(rows, key=itemgetter(0)):
        yield some[i], [row[1:] for row in mine]


def _measure_exactly(
    connection: duckdb.DuckDBPyConnection, relation: str, some: Sequence[ColumnProfile]
) -> None:
    rows = run(
        connection,
        f"SELECT i, v, count(*) FROM {_cells(relation, some)} WHERE v IS NOT NULL"
        " GROUP BY i, v ORDER BY i, v",
    )
    for one, counted in _by_column(some, rows):
        _keep_counted(one, counted)


def _keep_counted(one: ColumnProfile, rows: list[Row]) -> None:
    """Complete a profile by all its values, ascending, with how often each is there."""
    one.distinct, one.distinct_exact = len(rows), True
    top = sorted(rows, key=lambda row: -row[1])[:N_TOP]
    one.top = [(told(value), n) for value, n in top if n > 1 or len(rows) <= N_TOP]
    sums = list(accumulate(n for _, n in rows))
    for share in QUANTILES:
        at = bisect_left(sums, share * sums[-1])
        one.quantiles[f"{share:g}"] = told(rows[at][0])
    steps = HistogramBins(rows[0][0], rows[-1][0])
    counts = [0] * steps.n
    for value, n in rows:
        counts[steps.of(value)] += n
    one.histogram = steps.histogram(counts)


def _count_values(
    connection: duckdb.DuckDBPyConnection, relation: str, some: Sequence[ColumnProfile]
) -> None:
    value, key = "v", "v"
    if _is_long(some[0]):  # long texts by what tells them apart
        cut = f"left(v, {MOST_TEXT + 1})"  # so that it is seen that it is cut
        value, key = f"any_value({cut})", "hash(v)"
    rows = run(
        connection,
        f"SELECT i, {value} AS value, count(*) AS n, count(*) OVER (PARTITION BY i)"
        f" FROM {_cells(relation, some)} WHERE v IS NOT NULL GROUP BY i, {key}"
        " QUALIFY row_number() OVER (PARTITION BY i ORDER BY n DESC, value)"
        f" <= {N_TOP} ORDER BY i, n DESC, value",
    )
    for one, frequent in _by_column(some, rows):
        one.distinct, one.distinct_exact = frequent[0][2], True
        few = one.distinct <= N_TOP
        one.top = [(told(value), n) for value, n, _ in frequent if few or n > 1]
        if one.top and DATE_OF_A_SPREADSHEET.fullmatch(str(one.top[0][0])):
            one.note = f"{one.note} {MANGLED}".strip()


def _guess_top(
    connection: duckdb.DuckDBPyConnection, relation: str, one: ColumnProfile
) -> None:
    """Candidates for the most frequent values are guessed, and their counts exact."""
    c = name(one.name)
    rows = run(
        connection,
        f"SELECT {c}, count(*) AS n FROM {relation} WHERE {c} IN (SELECT unnest("
        f"approx_top_k({c}, {N_TOP})) FROM {relation}) GROUP BY 1 ORDER BY n DESC, 1",
    )
    one.top = [(told(value), n) for value, n in rows if n > 1]


def _measure_roughly(
    connection: duckdb.DuckDBPyConnection, relation: str, one: ColumnProfile
) -> None:
    c = name(one.name)
    shares = ", ".join(map(str, QUANTILES))
    low, high, values = run(
        connection,
        f"SELECT min({c}), max({c}), approx_quantile({c}, [{shares}]) FROM {relation}",
    )[0]
    one.quantiles = {
        f"{share:g}": told(value)
        for share, value in zip(QUANTILES, values, strict=True)
    }
    steps = HistogramBins(low, high)
    number = f"epoch({c})" if steps.is_time else f"{c}::DOUBLE"
    step = f"({number} - {steps.low!r}::DOUBLE) / {steps.width!r}::DOUBLE"
    step = f"floor(least({step}, {steps.n}))::BIGINT"
    counts = [0] * steps.n
    query = f"SELECT {step} AS step, count(*) FROM {relation} WHERE {c} IS NOT NULL"
    for at, n in run(connection, f"{query} GROUP BY 1"):
        counts[min(max(at, 0), steps.n - 1)] += n
    one.histogram = steps.histogram(counts)
