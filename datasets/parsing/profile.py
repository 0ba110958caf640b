"""Step 4, the profile of a typed table: what each of its columns holds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from datasets.duckdb_session import Fraction, Row, name, run, text
from datasets.parsing import measure
from datasets.parsing.columns import (
    LESS_TEXT,
    MAX_TEXT,
    ColumnProfile,
    ColumnType,
    Value,
    cut,
    finite,
    json_value,
)
from datasets.parsing.types import Column

N_EXAMPLES = 3
N_EXAMPLE_ROWS = 200  # to take examples from
WIDE = 100  # columns; a wider table is copied in parts
MIN_PART, MAX_PART = 50, 1_000  # columns of a part
PART_CELLS = 1_000_000  # ... of more columns where the table is short
COUNTED = 200  # ... that one query counts: a longer one takes more than twice
LESS_FROM = 500  # columns; less is stored of each then: 10,000 fit into 5 MB


def profile(
    connection: duckdb.DuckDBPyConnection,
    table: Path,
    columns: Sequence[Column],
    progress: Fraction = lambda fraction: None,
    *,
    wide: bool = False,
) -> list[ColumnProfile]:
    """Profile the columns of a Parquet file; `progress` gets the fraction done.

    The file is `wide` where it has many more columns than these.
    """
    wide = wide or len(columns) > WIDE
    file = f"read_parquet({text(str(table))})"
    n_rows = run(connection, f"SELECT count(*) FROM {file}")[0][0]
    size = min(MAX_PART, max(MIN_PART, PART_CELLS // max(1, n_rows)))
    profiles: list[ColumnProfile] = []
    while len(profiles) < len(columns):
        n_done = len(profiles)
        part = columns[n_done : n_done + size]
        try:
            with _relation(connection, file, part, wide=wide) as relation:
                measured = _counted(connection, relation, part, n_rows)
                _set_examples(connection, relation, measured)
                present = [column for column in measured if column.distinct]
                for batch in measure.batches(present, n_rows):
                    measure.measure(connection, relation, batch)
                    n_done += len(batch)
                    progress(n_done / len(columns))
        except duckdb.OutOfMemoryException:  # no file says how long its texts are
            if size == MIN_PART:
                raise
            size = MIN_PART
        else:
            profiles += measured
    for column in profiles:
        column.examples = column.examples or [
            value for value, _ in column.top[:N_EXAMPLES]
        ]
        if len(columns) > LESS_FROM:
            _shorten(column)
    progress(1)
    return profiles


@contextmanager
def _relation(
    connection: duckdb.DuckDBPyConnection,
    file: str,
    columns: Sequence[Column],
    *,
    wide: bool,
) -> Iterator[str]:
    """What the queries read: a copy of a wide Parquet, which takes long to open."""
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
    """Count values and find extremes; `distinct` is an estimate, or the most possible."""
    profiles: list[ColumnProfile] = []
    for start in range(0, len(columns), COUNTED):
        batch = columns[start : start + COUNTED]
        parts = ", ".join(_counts(column, n_rows) for column in batch)
        row = run(connection, f"SELECT {parts} FROM {relation}")[0]
        for i, column in enumerate(batch):
            profiles.append(_counted_column(column, n_rows, row[5 * i : 5 * i + 5]))
    return profiles


def _counts(column: Column, n_rows: int) -> str:
    c = name(column.name)
    distinct = "approx_count_distinct" if n_rows > measure.MAX_EXACT else "count"
    more = "NULL"
    if column.type in (ColumnType.INTEGER, ColumnType.NUMBER):
        more = f"avg({c})"
    elif column.type == ColumnType.TEXT:
        more = f"max(length({c}))"
    return f"count({c}), {distinct}({c}), min({c}), max({c}), {more}"


def _counted_column(column: Column, n_rows: int, counts: Row) -> ColumnProfile:
    n, distinct, low, high, more = counts
    is_text = column.type == ColumnType.TEXT
    return ColumnProfile(
        name=column.name,
        type=str(column.type),
        note=column.note,
        nulls=n_rows - n,
        distinct=min(distinct, n) or min(n, 1),
        min=json_value(low),
        max=json_value(high),
        mean=None if is_text else finite(more),
        longest=more if is_text else None,
    )


def _set_examples(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    profiles: Sequence[ColumnProfile],
) -> None:
    names = ", ".join(
        f"left({name(column.name)}, {MAX_TEXT + 1})"
        if column.type == ColumnType.TEXT
        else name(column.name)
        for column in profiles
    )
    rows = run(connection, f"SELECT {names} FROM {relation} LIMIT {N_EXAMPLE_ROWS}")
    for column, cells in zip(profiles, zip(*rows, strict=True), strict=False):
        column.examples = _first_distinct(cells)


def _first_distinct(cells: Sequence[object]) -> list[Value | None]:
    """Return the first distinct values, as JSON has them."""
    examples: dict[Value | None, None] = {}
    for cell in cells:
        if (value := json_value(cell)) is not None:
            examples[value] = None
            if len(examples) == N_EXAMPLES:
                break
    return [*examples]


def _shorten(column: ColumnProfile) -> None:
    column.histogram = []
    column.examples = [cut(value, LESS_TEXT) for value in column.examples[:1]]
    column.top = [(cut(value, LESS_TEXT), n) for value, n in column.top[:3]]
