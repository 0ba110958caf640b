"""Step 4, the measures of columns: distinct and top values, quantiles, histograms."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, groupby
from operator import itemgetter

import duckdb

from datasets.duckdb_session import Row, name, run
from datasets.parsing.columns import (
    MAX_TEXT,
    ColumnProfile,
    ColumnType,
    Value,
    json_value,
)

N_BINS = 20
N_TOP = 20
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MAX_EXACT = 200_000  # distinct values that are counted one by one
MAX_GROUPED = 1_000  # characters of the texts that are counted as they are
BATCH_BYTES = 4_000_000  # of the cells that one query measures
VALUE_BYTES = 16  # of a cell beside its text
EPOCH = datetime(1970, 1, 1)
ORDERED = (
    ColumnType.INTEGER,
    ColumnType.NUMBER,
    ColumnType.DATE,
    ColumnType.DATETIME,
)
SPREADSHEET_DATE = re.compile(
    r"\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
MANGLED = "a spreadsheet may have made dates of fractions: 4/4 becomes 4-Apr"

Scalar = bool | int | float | str | date | datetime


def batches(
    profiles: Sequence[ColumnProfile], n_rows: int
) -> Iterator[list[ColumnProfile]]:
    """Group columns of profile type, each group to be measured by profile query."""
    for _, of_type in groupby(sorted(profiles, key=_batch_key), key=_batch_key):
        batch: list[ColumnProfile] = []
        size = 0
        for profile in of_type:
            n_bytes = n_rows * (VALUE_BYTES + (profile.longest or 0))
            if batch and (size + n_bytes > BATCH_BYTES or _needs_own_query(profile)):
                yield batch
                batch, size = [], 0
            batch.append(profile)
            size += n_bytes
        yield batch


def measure(
    connection: duckdb.DuckDBPyConnection, relation: str, batch: Sequence[ColumnProfile]
) -> None:
    """Complete the profiles of a batch of columns that have values."""
    ordered = batch[0].type in ORDERED
    if batch[0].distinct > MAX_EXACT:
        estimate = _estimate if ordered else _estimate_top
        estimate(connection, relation, batch[0])
    elif ordered:
        _measure_exactly(connection, relation, batch)
    else:
        _count_values(connection, relation, batch)


def _batch_key(profile: ColumnProfile) -> tuple[str, bool]:
    return profile.type, _needs_own_query(profile)


def _needs_own_query(profile: ColumnProfile) -> bool:
    return profile.distinct > MAX_EXACT or _is_long(profile)


def _is_long(profile: ColumnProfile) -> bool:
    return (profile.longest or 0) > MAX_GROUPED


def _cells(relation: str, batch: Sequence[ColumnProfile]) -> str:
    """SQL: the values `v` of the columns, each with the number `i` of its column."""
    if len(batch) == 1:
        return f"(SELECT 0 AS i, {name(batch[0].name)} AS v FROM {relation})"
    columns = ", ".join(name(profile.name) for profile in batch)
    numbers = f"unnest(range({len(batch)}))"
    return f"(SELECT {numbers} AS i, unnest([{columns}]) AS v FROM {relation})"


def _by_column(
    batch: Sequence[ColumnProfile], rows: list[Row]
) -> Iterator[tuple[ColumnProfile, list[Row]]]:
    """Each column with its rows, of which the first value is its number."""
    for i, mine in groupby(rows, key=itemgetter(0)):
        yield batch[i], [row[1:] for row in mine]


def _measure_exactly(
    connection: duckdb.DuckDBPyConnection, relation: str, batch: Sequence[ColumnProfile]
) -> None:
    rows = run(
        connection,
        f"SELECT i, v, count(*) FROM {_cells(relation, batch)} WHERE v IS NOT NULL"
        " GROUP BY i, v ORDER BY i, v",
    )
    for profile, counted in _by_column(batch, rows):
        _keep_counted(profile, counted)


def _keep_counted(profile: ColumnProfile, rows: list[Row]) -> None:
    """Complete a profile by all its values, ascending, with how often each is there."""
    profile.distinct, profile.distinct_exact = len(rows), True
    top = sorted(rows, key=lambda row: -row[1])[:N_TOP]
    profile.top = [
        (json_value(value), n) for value, n in top if n > 1 or len(rows) <= N_TOP
    ]
    sums = list(accumulate(n for _, n in rows))
    for share in QUANTILES:
        at = bisect_left(sums, share * sums[-1])
        profile.quantiles[f"{share:g}"] = json_value(rows[at][0])
    bins = HistogramBins(rows[0][0], rows[-1][0])
    counts = [0] * bins.n
    for value, n in rows:
        counts[bins.index(value)] += n
    profile.histogram = bins.histogram(counts)


def _count_values(
    connection: duckdb.DuckDBPyConnection, relation: str, batch: Sequence[ColumnProfile]
) -> None:
    value, key = "v", "v"
    if _is_long(batch[0]):  # long texts by what tells them apart
        cut = f"left(v, {MAX_TEXT + 1})"  # so that it is seen that it is cut
        value, key = f"any_value({cut})", "hash(v)"
    rows = run(
        connection,
        f"SELECT i, {value} AS value, count(*) AS n, count(*) OVER (PARTITION BY i)"
        f" FROM {_cells(relation, batch)} WHERE v IS NOT NULL GROUP BY i, {key}"
        " QUALIFY row_number() OVER (PARTITION BY i ORDER BY n DESC, value)"
        f" <= {N_TOP} ORDER BY i, n DESC, value",
    )
    for profile, frequent in _by_column(batch, rows):
        profile.distinct, profile.distinct_exact = frequent[0][2], True
        few = profile.distinct <= N_TOP
        profile.top = [
            (json_value(value), n) for value, n, _ in frequent if few or n > 1
        ]
        if profile.top and SPREADSHEET_DATE.fullmatch(str(profile.top[0][0])):
            profile.note = f"{profile.note} {MANGLED}".strip()


def _estimate_top(
    connection: duckdb.DuckDBPyConnection, relation: str, profile: ColumnProfile
) -> None:
    """Candidates for the most frequent values are guessed, and their counts exact."""
    c = name(profile.name)
    rows = run(
        connection,
        f"SELECT {c}, count(*) AS n FROM {relation} WHERE {c} IN (SELECT unnest("
        f"approx_top_k({c}, {N_TOP})) FROM {relation}) GROUP BY 1 ORDER BY n DESC, 1",
    )
    profile.top = [(json_value(value), n) for value, n in rows if n > 1]


def _estimate(
    connection: duckdb.DuckDBPyConnection, relation: str, profile: ColumnProfile
) -> None:
    c = name(profile.name)
    shares = ", ".join(map(str, QUANTILES))
    low, high, values = run(
        connection,
        f"SELECT min({c}), max({c}), approx_quantile({c}, [{shares}]) FROM {relation}",
    )[0]
    profile.quantiles = {
        f"{share:g}": json_value(value)
        for share, value in zip(QUANTILES, values, strict=True)
    }
    bins = HistogramBins(low, high)
    number = f"epoch({c})" if bins.is_time else f"{c}::DOUBLE"
    step = f"({number} - {bins.low!r}::DOUBLE) / {bins.width!r}::DOUBLE"
    step = f"floor(least({step}, {bins.n}))::BIGINT"
    counts = [0] * bins.n
    query = f"SELECT {step} AS step, count(*) FROM {relation} WHERE {c} IS NOT NULL"
    for at, n in run(connection, f"{query} GROUP BY 1"):
        counts[min(max(at, 0), bins.n - 1)] += n
    profile.histogram = bins.histogram(counts)


class HistogramBins:
    """Bins of equal width from the least value to the greatest, of numbers or times."""

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

    def index(self, value: Scalar) -> int:
        at = (number_of(value) - self.low) / self.width
        if math.isinf(at):  # the ends are further apart than numbers go
            at = number_of(value) / self.width - self.low / self.width
        return min(int(at), self.n - 1)

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
