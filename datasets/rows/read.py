"""Rows and profiles of a version, by the reader that suits: Parquet or SQL.

The readers are imported when they are called: pyarrow and DuckDB are heavy, and most web
processes never read rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasets.errors import BadQuestion
from datasets.models import DatasetVersion
from datasets.rows.query import RowPage, RowQuery


def rows(
    version: DatasetVersion, query: RowQuery, columns: Sequence[str] | None = None
) -> RowPage:
    """Return the rows that a query names, with these columns or all.

    Sorted, missing values come last in both directions, equal ones in the order of the
    table. Raises BadQuestion and its subclasses.
    """
    from datasets.rows import parquet

    if query.offset < 0 or not 0 <= query.limit <= parquet.MAX_ROWS:
        raise BadQuestion(f"Ask for 0 to {parquet.MAX_ROWS:,} rows, from 0 on.")
    if query.show == "first":
        return parquet.span(version, 0, query.limit, columns)
    if query.show == "last":
        return parquet.last(version, query.limit, columns)
    if query.show == "random":
        return parquet.random(version, query.limit, query.seed, columns)
    if not query.sort and not query.conditions:
        return parquet.span(version, query.offset, query.limit, columns)
    from datasets.rows import sql

    return sql.page(version, query, parquet.columns_of_file(version, columns))


def profile(version: DatasetVersion, stored: dict[str, Any]) -> dict[str, Any]:
    """Return the whole profile of a column, given the stored one. Raises BadQuestion."""
    from datasets.rows import sql

    return sql.profile_column(version, stored)
