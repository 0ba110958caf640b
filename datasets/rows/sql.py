"""The SQL reader: rows sorted and filtered, and profiles of columns, by DuckDB."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import duckdb

from datasets import paths
from datasets.duckdb_session import Row, connect, error_text, text
from datasets.duckdb_session import name as identifier
from datasets.errors import BadQuestion, FilesGone, QuestionTooSlow
from datasets.models import DatasetVersion
from datasets.parsing.columns import ColumnType
from datasets.parsing.profile import LESS_FROM, profile
from datasets.parsing.types import SQL, Column
from datasets.rows import parquet, profiles
from datasets.rows.query import OPS, Filter, RowPage, RowQuery

MAX_SORTED = 100_000  # rows down to which a sorted table can be paged
PATIENCE_S = 10


def page(version: DatasetVersion, query: RowQuery, columns: tuple[str, ...]) -> RowPage:
    """Return what `read.rows` describes, of a query that sorts or filters."""
    end = query.offset + query.limit
    if end > MAX_SORTED:
        raise BadQuestion(f"Sorted or filtered, the first {MAX_SORTED:,} can be seen.")
    named = {*columns, *(condition.column for condition in query.conditions)}
    if query.sort:
        named.add(query.sort)
    stored = {column["name"]: column for column in profiles.called(version, named)}
    types = {name: ColumnType(column["type"]) for name, column in stored.items()}
    order = "file_row_number"
    if query.sort:
        _type_of(types, query.sort)
        direction = "DESC" if query.descending else "ASC"
        order = f"{identifier(query.sort)} {direction} NULLS LAST, {order}"
    source = f"read_parquet({text(str(version.table))}, file_row_number = true)"
    row_bytes = _longest_row(stored[name] for name in columns)
    small = end * row_bytes <= parquet.MAX_BYTES
    selected = ["file_row_number", *(map(identifier, columns) if small else ())]
    with _session(version) as connection:
        where, values = _where(connection, types, query.conditions)
        count = f"SELECT count(*) FROM {source} {where}"
        total = _fetch(connection, count, values)[0][0]
        rows = _fetch(
            connection,
            f"SELECT {', '.join(selected)} FROM {source} {where} ORDER BY {order}"
            f" LIMIT {query.limit} OFFSET {query.offset}",
            values,
        )
    numbers = [row[0] for row in rows]
    if small:
        return RowPage(columns, [row[1:] for row in rows], numbers, total)
    ascending = sorted(numbers)
    whole = parquet.rows_at(version, ascending, columns).rows
    by_number = dict(zip(ascending, whole, strict=True))
    return RowPage(columns, [by_number[n] for n in numbers], numbers, total)


def profile_column(version: DatasetVersion, stored: dict[str, Any]) -> dict[str, Any]:
    """Return a profile; of a wide table, of which less is stored, it is computed again.

    A small column is copied first: it takes less than to open such a file often.
    """
    if stored["histogram"] or version.n_columns <= LESS_FROM or not stored["distinct"]:
        return stored
    column = Column(stored["name"], ColumnType(stored["type"]), stored["note"])
    small = version.n_rows * _longest_row([stored]) <= parquet.MAX_BYTES
    with _session(version) as connection:
        return asdict(profile(connection, version.table, [column], wide=small)[0])


def _longest_row(columns: Iterable[dict[str, Any]]) -> int:
    """Estimate the bytes that the cells of columns have in a row at most."""
    return sum(8 + 4 * (column["longest"] or 0) for column in columns)


def _type_of(types: dict[str, ColumnType], column: str) -> ColumnType:
    if column not in types:
        raise BadQuestion(f"There is no column {column!r}.")
    return types[column]


def _where(
    connection: duckdb.DuckDBPyConnection,
    types: dict[str, ColumnType],
    conditions: Sequence[Filter],
) -> tuple[str, list[str]]:
    """Return the SQL of conditions and its parameters."""
    parts, values = [], []
    for condition in conditions:
        type_ = _type_of(types, condition.column)
        if condition.op not in OPS:
            raise BadQuestion(f"A filter is one of {', '.join(OPS)}.")
        by_text = condition.op == "contains"
        value = "?" if by_text else f"CAST(? AS {SQL[type_]})"
        sql = OPS[condition.op].format(c=identifier(condition.column), v=value)
        parts.append(f"({sql})")
        if "{v}" in OPS[condition.op]:
            if not by_text:
                _check_value(connection, condition.value, type_)
            values.append(condition.value)
    return f"WHERE {' AND '.join(parts)}" if parts else "", values


def _check_value(
    connection: duckdb.DuckDBPyConnection, value: str, type_: ColumnType
) -> None:
    """Raise BadQuestion where the value of a condition is not of its column's type."""
    try:
        connection.execute(f"SELECT CAST(? AS {SQL[type_]})", [value])
    except duckdb.Error as exc:
        raise BadQuestion(f"{value[:50]!r} is no {type_}.") from exc


@contextmanager
def _session(version: DatasetVersion) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB session that sees the table of a version; it has PATIENCE_S."""
    with (
        paths.working_folder() as folder,
        connect(folder, files=(version.table,), patience_s=PATIENCE_S) as connection,
    ):
        try:
            yield connection
        except duckdb.InterruptException as exc:
            raise QuestionTooSlow(QuestionTooSlow.__doc__) from exc
        except duckdb.OutOfMemoryException as exc:
            raise BadQuestion(f"That cannot be answered: {error_text(exc)}") from exc
        except duckdb.IOException as exc:
            if version.table.exists():
                raise
            raise FilesGone(FilesGone.__doc__) from exc


def _fetch(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[str]
) -> list[Row]:
    return connection.execute(query, values).fetchall()
