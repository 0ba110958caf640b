"""Whether the database has pgvector, which finds near vectors by an index.

Nothing but `/api/videos/{id}/similar/` needs it: an operator's database may be without.
"""

from enum import StrEnum

from django.db import ProgrammingError, connection, transaction

EXTENSION = "vector"
OLDEST = (0, 8)  # goes on searching where a condition refuses what is near
INDEX = "video_similar"
N_DIMS = 128  # of ml.similar.space
PLACE = f"(embedding::halfvec({N_DIMS}))"  # the very expression of the index

IN_USE = """
    SELECT extversion FROM pg_extension
     WHERE extname = %s AND to_regtype('halfvec') IS NOT NULL"""
ON_SERVER = """
    SELECT default_version FROM pg_available_extensions
     WHERE name = %s AND installed_version IS NULL"""


class NoPgvector(Exception):
    """The database cannot compare vectors; the message says what to do about it."""


class State(StrEnum):
    """What a person must do, if anything."""

    READY = "in use"
    CREATABLE = "on the server, not in use yet: run compare_videos"
    MISSING = "not on the server: install pgvector 0.8 or newer, then compare_videos"
    DENIED = (
        "on the server: its owner must say CREATE EXTENSION vector in this database"
    )


def state() -> State:
    """Look, and change nothing."""
    if _new_enough(IN_USE):
        return State.READY
    return State.CREATABLE if _new_enough(ON_SERVER) else State.MISSING


def enable() -> None:
    """Take pgvector into use where the server has it. Raises NoPgvector."""
    found = state()
    if found is State.CREATABLE:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {EXTENSION}")
            found = state()
        except ProgrammingError:  # insufficient privilege
            found = State.DENIED
    if found is not State.READY:
        raise NoPgvector(f"No similar videos: pgvector is {found}.")


def _new_enough(query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, [EXTENSION])
        row = cursor.fetchone()
    return bool(row) and _number(row[0]) >= OLDEST


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
