"""Rows and columns that somebody asked for, read from the stored version."""

from __future__ import annotations

from typing import Any

from datasets.models import DatasetVersion
from datasets.rows.query import Asked, Rows


def rows(version: DatasetVersion, asked: Asked, columns: list[str]) -> Rows:
    """The rows, of these columns; raises BadQuestion."""
    from datasets.rows import parquet  # with pyarrow, once a process is asked for rows

    match asked.show:
        case "first":
            return parquet.first(version, asked.limit, columns)
        case "last":
            return parquet.last(version, asked.limit, columns)
        case "random":
            return parquet.random(version, asked.limit, asked.seed, columns)
    return parquet.page(
        version,
        columns=columns,
        offset=asked.offset,
        limit=asked.limit,
        sort=asked.sort or None,
        descending=asked.descending,
        filters=asked.conditions,
    )


def described(version: DatasetVersion, stored: dict[str, Any]) -> dict[str, Any]:
    """All that is known of a column, of which so much is stored; raises BadQuestion."""
    from datasets.rows import sql  # with DuckDB, once a process is asked

    return sql.described(version, stored)
