"""The SQL reader: rows sorted and filtered, and profiles of columns, by DuckDB."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from datasets import paths
from datasets.errors import BadQuestion, FilesGone, QuestionTooSlow
from datasets.models import DatasetVersion
from datasets.parsing.duckdb_session import Row, connect, error_text, text
from datasets.parsing.duckdb_session import name as identifier
from datasets.parsing.profile import LESS_FROM, profile
from datasets.parsing.types import SQL, Column, ColumnType
from datasets.rows import parquet, profiles
from datasets.rows.query import OPS, Filter, RowPage

MOST_SORTED = 100_000  # rows down to which a sorted table can be paged
MOST_FILTERS = 20
PATIENCE_S = 10


def page(
    version: DatasetVersion,
    chosen: tuple[str, ...],
    *,
    offset: int,
    limit: int,
    sort: str | None,
    descending: bool,
    filters: Sequence[Filter],
) -> RowPage:
    """What `read.page` describes, of these columns."""
    if offset + limit > MOST_SORTED:
        raise BadQuestion(f"Sorted or filtered, the first {MOST_SORTED:,} can be seen.")
    asked = {*chosen, *(one.column for one in filters), *([sort] if sort else ())}
    known = {one["name"]: one for one in profiles.called(version, asked)}
    types = {column: ColumnType(one["type"]) for column, one in known.items()}
    order = "file_row_number"
    if sort:
        _known(types, sort)
        order = (
            f"{identifier(sort)} {'DESC' if descending else 'ASC'} NULLS LAST, {order}"
        )
    source = f"read_parquet({text(str(version.table))}, file_row_number = true)"
    small = (offset + limit) * _longest_row(
        known[column] for column in chosen
    ) <= parquet.MOST_BYTES
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
        return RowPage(chosen, [row[1:] for row in found], numbers, total)
    ascending = sorted(numbers)
    rows = dict(
        zip(ascending, parquet.rows_at(version, ascending, chosen).rows, strict=True)
    )
    return RowPage(chosen, [rows[number] for number in numbers], numbers, total)


def described(version: DatasetVersion, stored: dict[str, Any]) -> dict[str, Any]:
    """A profile; of a wide table, of which less is stored, it is made anew.

    A small column is copied first: it takes less than to open such a file often.
    """
    if stored["histogram"] or version.n_columns <= LESS_FROM or not stored["distinct"]:
        return stored
    wanted = [Column(stored["name"], ColumnType(stored["type"]), stored["note"])]
    small = version.n_rows * _longest_row([stored]) <= parquet.MOST_BYTES
    with _asking(version) as connection:
        return profile(connection, version.table, wanted, wide=small)[0].as_dict()


def _longest_row(columns: Iterable[dict[str, Any]]) -> int:
    """Bytes that the cells of columns have in a row at most, about."""
    return sum(8 + 4 * (column["longest"] or 0) for column in columns)


def _known(types: dict[str, ColumnType], column: str) -> ColumnType:
    if column not in types:
        raise BadQuestion(f"There is no column {column!r}.")
    return types[column]


def _where(
    connection: duckdb.DuckDBPyConnection,
    types: dict[str, ColumnType],
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
    connection: duckdb.DuckDBPyConnection, wanted: Filter, type_: ColumnType
) -> str:
    """The value of a filter, once it is sure that it can be read as its type."""
    if wanted.op != "contains" and type_ != ColumnType.TEXT:
        try:
            connection.execute(f"SELECT CAST(? AS {SQL[type_]})", [wanted.value])
        except duckdb.Error as exc:
            raise BadQuestion(f"{wanted.value[:50]!r} is no {type_}.") from exc
    return wanted.value


@contextmanager
def _asking(version: DatasetVersion) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that sees the table of a version; it is stopped when it takes long."""
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


def _ask(
    connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[str]
) -> list[Row]:
    return connection.execute(query, values).fetchall()
