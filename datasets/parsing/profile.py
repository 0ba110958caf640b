"""What is in each column of a typed table: counts, extremes, quantiles, top values."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb

from datasets.parsing.columns import Column, Type
from datasets.parsing.engine import Fraction, name, run, text

MOST_EXACT = 200_000  # different values that are counted one by one
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
N_TOP, N_BINS, N_EXAMPLES = 20, 20, 3
N_LOOKED_AT = 200  # rows to take examples from
MOST_TEXT, LESS_TEXT = 200, 40  # characters; the less of wide tables
MOST_GROUPED = 1_000  # ... of the texts that are counted as they are
WIDE = 100  # columns; of a wider table a part is unpacked at a time
AT_ONCE = 50
LESS_FROM = 500  # columns; of each less is kept then: 10,000 fit into 5 MB
ORDERED = (Type.INTEGER, Type.NUMBER, Type.DATE, Type.DATETIME)
EPOCH = datetime(1970, 1, 1)
DATE_OF_A_SPREADSHEET = re.compile(
    r"\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
MANGLED = "a spreadsheet may have made dates of fractions: 4/4 becomes 4-Apr"

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


def profile(
    connection: duckdb.DuckDBPyConnection,
    table: Path,
    columns: Sequence[Column],
    progress: Fraction = lambda fraction: None,
) -> list[Profile]:
    """Profile the columns of a Parquet file; `progress` is told the fraction done."""
    profiles: list[Profile] = []
    for at in range(0, len(columns), AT_ONCE):
        some = columns[at : at + AT_ONCE]
        with _relation(connection, table, some, wide=len(columns) > WIDE) as relation:
            found = _counted(connection, relation, some)
            _give_examples(connection, relation, found)
            for one in found:
                if one.distinct:
                    _describe(connection, relation, one)
                progress((len(profiles) + 1) / len(columns))
                profiles.append(one)
    if len(columns) > LESS_FROM:
        for one in profiles:
            _shorten(one)
    return profiles


@contextmanager
def _relation(
    connection: duckdb.DuckDBPyConnection,
    table: Path,
    columns: Sequence[Column],
    *,
    wide: bool,
) -> Iterator[str]:
    """The columns to be asked often: to open a wide Parquet takes long each time."""
    file = f"read_parquet({text(str(table))})"
    if not wide:
        yield file
        return
    names = ", ".join(name(column.name) for column in columns)
    run(connection, f"CREATE OR REPLACE TEMP TABLE part AS SELECT {names} FROM {file}")
    yield "part"
    run(connection, "DROP TABLE part")


def _counted(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[Column]
) -> list[Profile]:
    parts = []
    for column in columns:
        c = name(column.name)
        parts += [
            f"count({c})",
            f"approx_count_distinct({c})",
            f"min({c})",
            f"max({c})",
        ]
        if column.type in (Type.INTEGER, Type.NUMBER):
            parts.append(f"avg({c})")
        else:
            parts.append(f"max(length({c}))" if column.type == Type.TEXT else "NULL")
    n_rows, *row = run(
        connection, f"SELECT count(*), {', '.join(parts)} FROM {relation}"
    )[0]
    found = []
    for at, column in enumerate(columns):
        n, distinct, low, high, more = row[at * 5 : at * 5 + 5]
        is_text = column.type == Type.TEXT
        found.append(
            Profile(
                name=column.name,
                type=str(column.type),
                note=column.note,
                nulls=n_rows - n,
                distinct=min(distinct, n) or min(n, 1),
                min=plain(low),
                max=plain(high),
                mean=None if is_text else finite(more),
                longest=more if is_text else None,
            )
        )
    return found


def _give_examples(
    connection: duckdb.DuckDBPyConnection, relation: str, profiles: Sequence[Profile]
) -> None:
    names = ", ".join(
        f"left({name(one.name)}, {MOST_TEXT + 1})"
        if one.type == Type.TEXT
        else name(one.name)
        for one in profiles
    )
    rows = run(connection, f"SELECT {names} FROM {relation} LIMIT {N_LOOKED_AT}")
    for one, cells in zip(profiles, zip(*rows, strict=True), strict=False):
        values = dict.fromkeys(plain(cell) for cell in cells if cell is not None)
        one.examples = [value for value in values if value is not None][:N_EXAMPLES]


def _describe(
    connection: duckdb.DuckDBPyConnection, relation: str, one: Profile
) -> None:
    exact = one.distinct <= MOST_EXACT
    if one.type in ORDERED:
        if exact:
            _measure_exactly(connection, relation, one)
        else:
            _measure_roughly(connection, relation, one)
    elif exact:
        _count_values(connection, relation, one)
    else:
        _guess_top(connection, relation, one)
    if not one.examples:
        one.examples = [value for value, _ in one.top[:N_EXAMPLES]]


def _count_values(
    connection: duckdb.DuckDBPyConnection, relation: str, one: Profile
) -> None:
    c = name(one.name)
    value, key = c, c
    if (one.longest or 0) > MOST_GROUPED:  # long texts by what tells them apart
        cut = f"left({c}, {MOST_TEXT + 1})"  # so that it is seen that it is cut
        value, key = f"any_value({cut})", f"hash({c})"
    rows = run(
        connection,
        f"SELECT {value} AS value, count(*) AS n, count(*) OVER () FROM {relation}"
        f" WHERE {c} IS NOT NULL GROUP BY {key} ORDER BY n DESC, value LIMIT {N_TOP}",
    )
    one.distinct, one.distinct_exact = rows[0][2], True
    few = one.distinct <= N_TOP
    one.top = [(_told(value), n) for value, n, _ in rows if few or n > 1]
    if one.top and DATE_OF_A_SPREADSHEET.fullmatch(str(one.top[0][0])):
        one.note = f"{one.note} {MANGLED}".strip()


def _guess_top(
    connection: duckdb.DuckDBPyConnection, relation: str, one: Profile
) -> None:
    """Candidates for the most frequent values are guessed, and their counts exact."""
    c = name(one.name)
    rows = run(
        connection,
        f"SELECT {c}, count(*) AS n FROM {relation} WHERE {c} IN (SELECT unnest("
        f"approx_top_k({c}, {N_TOP})) FROM {relation}) GROUP BY 1 ORDER BY n DESC, 1",
    )
    one.top = [(_told(value), n) for value, n in rows if n > 1]


def _measure_exactly(
    connection: duckdb.DuckDBPyConnection, relation: str, one: Profile
) -> None:
    c = name(one.name)
    query = f"SELECT {c}, count(*) FROM {relation} WHERE {c} IS NOT NULL GROUP BY 1"
    rows = run(connection, f"{query} ORDER BY 1")
    one.distinct, one.distinct_exact = len(rows), True
    top = sorted(rows, key=lambda row: -row[1])[:N_TOP]
    one.top = [(_told(value), n) for value, n in top if n > 1 or len(rows) <= N_TOP]
    sums = list(accumulate(n for _, n in rows))
    for share in QUANTILES:
        at = bisect_left(sums, share * sums[-1])
        one.quantiles[f"{share:g}"] = _told(rows[at][0])
    steps = _Steps(rows[0][0], rows[-1][0])
    counts = [0] * steps.n
    for value, n in rows:
        counts[steps.of(value)] += n
    one.histogram = steps.histogram(counts)


def _measure_roughly(
    connection: duckdb.DuckDBPyConnection, relation: str, one: Profile
) -> None:
    c = name(one.name)
    shares = ", ".join(map(str, QUANTILES))
    low, high, values = run(
        connection,
        f"SELECT min({c}), max({c}), approx_quantile({c}, [{shares}]) FROM {relation}",
    )[0]
    one.quantiles = {
        f"{share:g}": _told(value)
        for share, value in zip(QUANTILES, values, strict=True)
    }
    steps = _Steps(low, high)
    number = f"epoch({c})" if steps.is_time else f"{c}::DOUBLE"
    step = f"({number} - {steps.low!r}::DOUBLE) / {steps.width!r}::DOUBLE"
    step = f"floor(least({step}, {steps.n}))::BIGINT"
    counts = [0] * steps.n
    query = f"SELECT {step} AS step, count(*) FROM {relation} WHERE {c} IS NOT NULL"
    for at, n in run(connection, f"{query} GROUP BY 1"):
        counts[min(max(at, 0), steps.n - 1)] += n
    one.histogram = steps.histogram(counts)


class _Steps:
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
    return _cut(shown, MOST_TEXT)


def was_cut(value: object) -> bool:
    """Whether a value of a profile is perhaps only the beginning of one."""
    if not isinstance(value, str) or not value.endswith("…"):
        return False
    return len(value) in (MOST_TEXT, LESS_TEXT)


def finite(number: float | None) -> float | None:
    """The number, or None where it is none: the mean of huge ones overflows."""
    return number if number is not None and math.isfinite(number) else None


def _told(value: object) -> Value:
    return "" if (told := plain(value)) is None else told


def _shorten(one: Profile) -> None:
    one.histogram = []
    one.examples = [_cut(value, LESS_TEXT) for value in one.examples[:1]]
    one.top = [(_cut(value, LESS_TEXT), n) for value, n in one.top[:3]]


def _cut(value: Value, most: int) -> Value:
    if not isinstance(value, str) or len(value) <= most:
        return value
    return value[: most - 1] + "…"
