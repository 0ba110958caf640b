"""Rows and columns that somebody asked for, by the reader that can answer.

The readers are imported when they are called: pyarrow and DuckDB are heavy, and most web
processes are never asked for rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasets.errors import BadQuestion
from datasets.models import DatasetVersion
from datasets.rows.query import Filter, RowPage, RowQuery


def rows(version: DatasetVersion, asked: RowQuery, columns: list[str]) -> RowPage:
    """The rows that a query names, of these columns. Raises BadQuestion, FilesGone."""
    from datasets.rows import parquet

    match asked.show:
        case "first":
            return parquet.first(version, asked.limit, columns)
        case "last":
            return parquet.last(version, asked.limit, columns)
        case "random":
            return parquet.random(version, asked.limit, asked.seed, columns)
    return page(
        version,
        columns=columns,
        offset=asked.offset,
        limit=asked.limit,
        sort=asked.sort or None,
        descending=asked.descending,
        filters=asked.conditions,
    )


def page(
    version: DatasetVersion,
    *,
    columns: Sequence[str] | None = None,
    offset: int = 0,
    limit: int = 50,
    sort: str | None = None,
    descending: bool = False,
    filters: Sequence[Filter] = (),
) -> RowPage:
    """Rows from `offset` on, of those that all `filters` let through.

    Missing values come last in both directions, equal ones in the order of the table.
    Raises BadQuestion.
    """
    from datasets.rows import parquet

    if offset < 0 or not 0 <= limit <= parquet.MOST_ROWS:
        raise BadQuestion(f"Ask for 0 to {parquet.MOST_ROWS:,} rows, from 0 on.")
    if not sort and not filters:
        return parquet.span(version, offset, limit, columns)
    from datasets.rows import sql

    return sql.page(
        version,
        parquet.columns_of_file(version, columns),
        offset=offset,
        limit=limit,
        sort=sort,
        descending=descending,
        filters=filters,
    )


def described(version: DatasetVersion, stored: dict[str, Any]) -> dict[str, Any]:
    """All that is known of a column, given its stored profile. Raises BadQuestion."""
    from datasets.rows import sql

    return sql.described(version, stored)
