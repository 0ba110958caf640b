"""What is in each column of a typed table: counts, extremes, quantiles, top values."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from datasets.parsing import measure
from datasets.parsing.duckdb_session import Fraction, Row, name, run, text
from datasets.parsing.measure import (
    LESS_TEXT,
    MOST_TEXT,
    ColumnProfile,
    Value,
    cut,
    finite,
    plain,
)
from datasets.parsing.types import Column, ColumnType

N_EXAMPLES = 3
N_LOOKED_AT = 200  # rows to take examples from
WIDE = 100  # columns; of a wider table a part is unpacked at a time
FEW, MOST = 50, 1_000  # columns of a part
COUNTED = 200  # ... that one query counts: a longer one takes more than twice
PART_CELLS = 1_000_000  # ... of more columns where the table is short
LESS_FROM = 500  # columns; of each less is kept then: 10,000 fit into 5 MB


def profile(
    connection: duckdb.DuckDBPyConnection,
    table: Path,
    columns: Sequence[Column],
    progress: Fraction = lambda fraction: None,
    *,
    wide: bool = False,
) -> list[ColumnProfile]:
    """Profile the columns of a Parquet file; `progress` is told the fraction done.

    The file is `wide` where it has many more columns than these.
    """
    wide = wide or len(columns) > WIDE
    file = f"read_parquet({text(str(table))})"
    n_rows = run(connection, f"SELECT count(*) FROM {file}")[0][0]
    size = min(MOST, max(FEW, PART_CELLS // max(1, n_rows)))
    profiles: list[ColumnProfile] = []
    while len(profiles) < len(columns):
        some = columns[len(profiles) : len(profiles) + size]
        try:
            with _relation(connection, file, some, wide=wide) as relation:
                found = _counted(connection, relation, some, n_rows)
                _give_examples(connection, relation, found)
                n_measured = len(profiles)
                for alike in measure.together(
                    [one for one in found if one.distinct], n_rows
                ):
                    measure.measure(connection, relation, alike)
                    n_measured += len(alike)
                    progress(n_measured / len(columns))
        except (
            duckdb.OutOfMemoryException
        ):  # long texts: how long, the file does not say
            if size == FEW:
                raise
            size = FEW
        else:
            profiles += found
            progress(len(profiles) / len(columns))
    for one in profiles:
        one.examples = one.examples or [value for value, _ in one.top[:N_EXAMPLES]]
        if len(columns) > LESS_FROM:
            _shorten(one)
    return profiles


@contextmanager
def _relation(
    connection: duckdb.DuckDBPyConnection,
    file: str,
    columns: Sequence[Column],
    *,
    wide: bool,
) -> Iterator[str]:
    """The columns to be asked often: to open a wide Parquet takes long each time."""
    if not wide:
        yield file
        return
    names = ", ".join(name(column.name) for column in columns)
    try:
        run(connection, f"CREATE TEMP TABLE part AS SELECT {names} FROM {file}")
        yield "part"
    finally:
        run(connection, "DROP TABLE IF EXISTS part")


def _counted(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[Column],
    n_rows: int,
) -> list[ColumnProfile]:
    """Profiles without what is measured; `distinct` is a guess, or the most possible."""
    found: list[ColumnProfile] = []
    for at in range(0, len(columns), COUNTED):
        some = columns[at : at + COUNTED]
        parts = ", ".join(_counts(column, n_rows) for column in some)
        row = run(connection, f"SELECT {parts} FROM {relation}")[0]
        for i, column in enumerate(some):
            found.append(_begun(column, n_rows, row[5 * i : 5 * i + 5]))
    return found


def _counts(column: Column, n_rows: int) -> str:
    c = name(column.name)
    distinct = "approx_count_distinct" if n_rows > measure.MOST_EXACT else "count"
    more = "NULL"
    if column.type in (ColumnType.INTEGER, ColumnType.NUMBER):
        more = f"avg({c})"
    elif column.type == ColumnType.TEXT:
        more = f"max(length({c}))"
    return f"count({c}), {distinct}({c}), min({c}), max({c}), {more}"


def _begun(column: Column, n_rows: int, counts: Row) -> ColumnProfile:
    n, distinct, low, high, more = counts
    is_text = column.type == ColumnType.TEXT
    return ColumnProfile(
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


def _give_examples(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    profiles: Sequence[ColumnProfile],
) -> None:
    names = ", ".join(
        f"left({name(one.name)}, {MOST_TEXT + 1})"
        if one.type == ColumnType.TEXT
        else name(one.name)
        for one in profiles
    )
    rows = run(connection, f"SELECT {names} FROM {relation} LIMIT {N_LOOKED_AT}")
    for one, cells in zip(profiles, zip(*rows, strict=True), strict=False):
        one.examples = _first_few(cells)


def _first_few(cells: Sequence[object]) -> list[Value]:
    """The first different values, as JSON has them."""
    found: dict[Value, None] = {}
    for cell in cells:
        if (value := plain(cell)) is not None:
            found[value] = None
            if len(found) == N_EXAMPLES:
                break
    return [*found]


def _shorten(one: ColumnProfile) -> None:
    one.histogram = []
    one.examples = [cut(value, LESS_TEXT) for value in one.examples[:1]]
    one.top = [(cut(value, LESS_TEXT), n) for value, n in one.top[:3]]
