"""Rows to PostgreSQL by COPY, and statements about all of them at once."""

from collections.abc import Iterable
from io import BytesIO
from itertools import islice

from django.db import connection

PAGE = 5_000  # lines that are held at once


def copy_line(values: Iterable[bytes | None]) -> bytes:
    """One row in COPY's text format; None is NULL."""
    return b"\t".join(map(_escaped, values)) + b"\n"


def copy_in(table: str, lines: Iterable[bytes]) -> None:
    """Append lines made by `copy_line` to a table, a page at a time."""
    lines = iter(lines)
    with connection.cursor() as cursor:
        while page := b"".join(islice(lines, PAGE)):
            cursor.copy_expert(f"COPY {table} FROM STDIN", BytesIO(page))


def execute(query: str) -> int:
    """Run a statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.rowcount


def rows_of(query: str) -> list[tuple[object, ...]]:
    """Run a statement; returns the rows it gives."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _escaped(value: bytes | None) -> bytes:
    if value is None:
        return rb"\N"
    value = value.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
    return value.replace(b"\r", b"\\r").replace(b"\t", b"\\t")
