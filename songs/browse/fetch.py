"""Rows of a query as PostgreSQL sends them, with little of Python in between."""

from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import JSONField, QuerySet

FIRST_ROWS = 200  # of a long list: whoever waits for it sees it begin
Values = tuple[Any, ...]


def fetch(rows: QuerySet[Any, Any], *, bounds: str = "") -> list[Values]:
    """All rows of a query with `values` or `values_list`, in the order of its columns.

    `bounds` is a statement to send before it in the same message, of which PostgreSQL
    makes one transaction.
    """
    here = connections[DEFAULT_DB_ALIAS]  # `connection` would look it up 100 times
    compiler = rows.query.get_compiler(connection=here)
    sql, params = compiler.as_sql()
    with here.cursor() as cursor:
        cursor.execute(f"{bounds}; {sql}" if bounds else sql, params)
        fetched = cursor.fetchall()
    converters = compiler.get_converters([column for column, _, _ in compiler.select])
    for index, (_, column) in converters.items():
        if isinstance(column.output_field, JSONField):
            converters[index] = [_json], column
    if converters:
        return list(map(tuple, compiler.apply_converters(fetched, converters)))
    return fetched


def _json(text: str | None, *column_and_connection: object) -> Any:
    """As Django's own converter, in a tenth of the time."""
    return None if text is None else orjson.loads(text)
