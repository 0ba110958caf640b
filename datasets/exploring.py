"""Looks at a stored table: rows from anywhere, sorted, filtered; what is in a column.

Rows are tuples of Python values in the order of the columns asked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow.parquet as pq

from datasets import files
from datasets.models import DatasetVersion
from datasets.parsing.column_types import SQL, Type
from datasets.parsing.columns import Column
from datasets.parsing.engine import connect, said, text
from datasets.parsing.engine import name as identifier
from datasets.parsing.profile import LESS_FROM, profile

Row = tuple[Any, ...]
MOST_ROWS = 1_000  # of one look
MOST_SORTED = 100_000  # rows down to which a sorted table can be paged
MOST_FILTERS = 20
MOST_BYTES = 32_000_000  # of the cells of an answer
PATIENCE_S = 10


class BadQuestion(Exception):
    """Something is asked of a table that it does not have, or too much of it."""


class Gone(BadQuestion):
    """The dataset was deleted meanwhile."""


class TooSlow(BadQuestion):
    """The answer takes too long: ask for fewer columns, or with a narrower filter."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose `column` is so; `value` is text, and read as the column's type."""

    column: str
    op: str  # a key of OPS
    value: str = ""


OPS = {  # {c}: the column, {v}: the value
    "is": "{c} = {v}",
    "is_not": "{c} IS DISTINCT FROM {v}",
    "contains": "contains(lower({c}::VARCHAR), lower({v}))",
    "at_least": "{c} >= {v}",
    "at_most": "{c} <= {v}",
    "missing": "{c} IS NULL",
    "present": "{c} IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows; `numbers` say where they are in the table, from 0."""

    columns: tuple[str, ...]
    rows: list[Row]
    numbers: list[int]
    total: int  # how many rows there are that could be asked for


def first(
    version: DatasetVersion, n: int = 10, columns: Sequence[str] | None = None
) -> Rows:
    """The first `n` rows."""
    return _at(version, range(min(n, _n_rows(version))), columns)


def last(
    version: DatasetVersion, n: int = 10, columns: Sequence[str] | None = None
) -> Rows:
    """The last `n` rows, in the order of the table."""
    n_rows = _n_rows(version)
    return _at(version, range(max(0, n_rows - n), n_rows), columns)


def random(
    version: DatasetVersion,
    n: int = 10,
    seed: int | None = None,
    columns: Sequence[str] | None = None,
) -> Rows:
    """`n` rows, each set of so many as likely as any other; the same for a seed."""
    n_rows = _n_rows(version)
    numbers = Random(seed).sample(range(n_rows), min(n, n_rows, MOST_ROWS))
    return _at(version, sorted(numbers), columns)


def page(
    version: DatasetVersion,
    *,
    columns: Sequence[str] | None = None,
    offset: int = 0,
    limit: int = 50,
    sort: str | None = None,
    descending: bool = False,
    filters: Sequence[Filter] = (),
) -> Rows:
    """Rows from `offset` on, of those that all `filters` let through.

    Missing values come last in both directions, equal ones in the order of the table.
    Raises BadQuestion.
    """
    if offset < 0 or not 0 <= limit <= MOST_ROWS:
        raise BadQuestion(f"Ask for 0 to {MOST_ROWS:,} rows, from 0 on.")
    if not sort and not filters:
        n_rows = _n_rows(version)
        end = min(n_rows, offset + limit)
        return _at(version, range(min(offset, end), end), columns)
    if offset + limit > MOST_SORTED:
        raise BadQuestion(f"Sorted or filtered, the first {MOST_SORTED:,} can be seen.")
    chosen = columns_of_file(version, columns)
    types = types_of(version)
    order = "file_row_number"
    if sort:
        _known(types, sort)
        order = (
            f"{identifier(sort)} {'DESC' if descending else 'ASC'} NULLS LAST, {order}"
        )
    source = f"read_parquet({text(str(version.table))}, file_row_number = true)"
    small = (offset + limit) * _longest_row(version, chosen) <= MOST_BYTES
    wanted = ["file_row_number", *(map(identifier, chosen) if small else ())]
    with _asking(version) as connection:
        where, values = _where(connection, types, filters)
        total = _ask(connection, f"SELECT count(*) FROM {source} {where}", values)[0][0]
        found = _ask(
            connection,
            f"SELECT {', '.join(wanted)} FROM {source} {where} ORDER BY {order}"
            f" LIMIT {limit} OFFSET {offset}",
            values,
        )
    numbers = [row[0] for row in found]
    if small:
        return Rows(chosen, [row[1:] for row in found], numbers, total)
    ascending = sorted(numbers)
    rows = dict(zip(ascending, _at(version, ascending, chosen).rows, strict=True))
    return Rows(chosen, [rows[number] for number in numbers], numbers, total)


def missing(version: DatasetVersion) -> list[tuple[str, int]]:
    """(column, how many values are missing) of each, in the order of the table."""
    return [(column["name"], column["nulls"]) for column in version.columns or ()]


def described(version: DatasetVersion, column: str) -> dict[str, Any]:
    """The profile of a column; of a wide table, which keeps less, it is made anew."""
    stored = next((c for c in version.columns or () if c["name"] == column), None)
    if stored is None:
        raise BadQuestion(f"There is no column {column!r}.")
    if (
        stored["histogram"]
        or len(version.columns) <= LESS_FROM
        or not stored["distinct"]
    ):
        return stored
    wanted = [Column(column, Type(stored["type"]), stored["note"])]
    with _asking(version) as connection:
        return profile(connection, version.table, wanted)[0].as_dict()


def types_of(version: DatasetVersion) -> dict[str, Type]:
    """The columns of a version with their types."""
    return {column["name"]: Type(column["type"]) for column in version.columns or ()}


def _n_rows(version: DatasetVersion) -> int:
    if version.state != DatasetVersion.State.READY:
        raise BadQuestion("This version is not stored.")
    return version.n_rows


def _at(
    version: DatasetVersion, numbers: Sequence[int], columns: Sequence[str] | None
) -> Rows:
    """The rows of ascending numbers: only their row groups are read."""
    if len(numbers) > MOST_ROWS:
        raise BadQuestion(f"At most {MOST_ROWS:,} rows are shown at a time.")
    total = _n_rows(version)
    with _open(version) as (file, ends):
        chosen = _of_file(file, columns)
        rows: list[Row] = []
        at = size = 0
        while at < len(numbers):
            group = bisect_right(ends, numbers[at])
            begin = ends[group - 1] if group else 0
            end = bisect_left(numbers, ends[group], at)
            table = file.read_row_group(group, [*chosen], use_threads=False)
            here = table.select(chosen).take([n - begin for n in numbers[at:end]])
            size += here.nbytes
            if size > MOST_BYTES:
                raise BadQuestion(
                    f"The cells of these rows have more than {MOST_BYTES // 10**6} MB: "
                    "ask for fewer rows or columns."
                )
            rows += zip(*(column.to_pylist() for column in here.columns), strict=True)
            at = end
    return Rows(chosen, rows, list(numbers), total)


@contextmanager
def _open(version: DatasetVersion) -> Iterator[tuple[pq.ParquetFile, list[int]]]:
    """The table, and where each of its row groups ends; raises Gone."""
    try:
        written = version.table.stat().st_mtime_ns
        metadata, ends = _footer(version.table, written)
        file = pq.ParquetFile(version.table, metadata=metadata, memory_map=True)
    except FileNotFoundError as exc:
        raise Gone(Gone.__doc__) from exc
    with file:
        yield file, ends


@lru_cache(maxsize=32)  # of 20 M rows it takes 50 ms
def _footer(table: Path, written: int) -> tuple[pq.FileMetaData, list[int]]:
    """Of a table as it was `written`: another may get the number of a deleted one."""
    metadata = pq.read_metadata(table, memory_map=True)
    groups = range(metadata.num_row_groups)
    return metadata, [*accumulate(metadata.row_group(i).num_rows for i in groups)]


def _of_file(file: pq.ParquetFile, columns: Sequence[str] | None) -> tuple[str, ...]:
    names = file.schema_arrow.names
    if columns is None:
        return tuple(names)
    known = set(names)
    for column in columns:
        if column not in known:
            raise BadQuestion(f"There is no column {column!r}.")
    return tuple(dict.fromkeys(columns))


def columns_of_file(
    version: DatasetVersion, columns: Sequence[str] | None
) -> tuple[str, ...]:
    """The columns asked for, all where none are; raises BadQuestion."""
    _n_rows(version)
    with _open(version) as (file, _):
        return _of_file(file, columns)


def _longest_row(version: DatasetVersion, columns: Sequence[str]) -> int:
    """Bytes that the cells of these columns have in a row at most, about."""
    names = set(columns)
    some = [column for column in version.columns or () if column["name"] in names]
    return sum(8 + 4 * (column["longest"] or 0) for column in some)


def _known(types: dict[str, Type], column: str) -> Type:
    if column not in types:
        raise BadQuestion(f"There is no column {column!r}.")
    return types[column]


def _where(
    connection: duckdb.DuckDBPyConnection,
    types: dict[str, Type],
    filters: Sequence[Filter],
) -> tuple[str, list[str]]:
    """The SQL of filters and its parameters."""
    if len(filters) > MOST_FILTERS:
        raise BadQuestion(f"Use at most {MOST_FILTERS} filters.")
    parts, values = [], []
    for wanted in filters:
        type_ = _known(types, wanted.column)
        if wanted.op not in OPS:
            raise BadQuestion(f"A filter is one of {', '.join(OPS)}.")
        as_ = "?" if wanted.op == "contains" else f"CAST(? AS {SQL[type_]})"
        parts.append(OPS[wanted.op].format(c=identifier(wanted.column), v=as_))
        if "{v}" in OPS[wanted.op]:
            values.append(_readable(connection, wanted, type_))
    return (
        f"WHERE {' AND '.join(f'({part})' for part in parts)}" if parts else "",
        values,
    )


def _readable(
    connection: duckdb.DuckDBPyConnection, wanted: Filter, type_: Type
) -> str:
    """The value of a filter, once it is sure that it can be read as its type."""
    if wanted.op != "contains" and type_ != Type.TEXT:
        try:
            connection.execute(f"SELECT CAST(? AS {SQL[type_]})", [wanted.value])
        except duckdb.Error as exc:
            raise BadQuestion(f"{wanted.value[:50]!r} is no {type_}.") from exc
    return wanted.value


@contextmanager
def _asking(version: DatasetVersion) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that sees the table of a version; it is stopped when it takes long."""
    with (
        files.working_folder() as folder,
        connect(folder, files=(version.table,), patience_s=PATIENCE_S) as connection,
    ):
        try:
            yield connection
        except duckdb.InterruptException as exc:
            raise TooSlow(TooSlow.__doc__) from exc
        except duckdb.OutOfMemoryException as exc:
            raise BadQuestion(f"That cannot be answered: {said(exc)}") from exc
        except duckdb.IOException as exc:
            if version.table.exists():
                raise
            raise Gone(Gone.__doc__) from exc


def _ask(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[str]
) -> list[Row]:
    return connection.execute(query, values).fetchall()
