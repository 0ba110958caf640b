"""Emptying the database after a test that commits, at the price of what it wrote.

Django truncates all 42 tables, most of them empty, and makes the content types and the
permissions again, which no test changes: that takes longer than most of the tests do.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

KEPT = {"django_content_type", "auth_permission"}
ALWAYS = {"songs_newvideo"}  # its trigger empties what is counted and listed of it

truncate = DatabaseOperations.sql_flush


def truncate_filled(
    self: DatabaseOperations, style: Any, tables: Sequence[str], **options: Any
) -> list[str]:
    """Django's statement for the tables with rows, and those that refer to them."""
    questions = [
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {self.quote_name(table)})"
        for table in tables
    ]
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions))
        filled = ALWAYS | {table for (table,) in cursor.fetchall()} - KEPT
    return truncate(self, style, sorted(filled), **options | {"allow_cascade": True})


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(DatabaseOperations, "sql_flush", truncate_filled)
        monkeypatch.setattr(flush, "emit_post_migrate_signal", lambda *args: None)
        yield
