"""Whether the database has pgvector, which finds near vectors by an index.

Nothing but `/api/videos/{id}/similar/` needs it: an operator's database may be without.
"""

from enum import StrEnum

from django.db import ProgrammingError, connection, transaction

EXTENSION = "vector"
OLDEST = (0, 8)  # goes on searching where a condition refuses what is near
INDEX = "video_similar"
N_DIMS = 128  # of ml.similar.space
EMBEDDING = f"(embedding::halfvec({N_DIMS}))"  # as the index has it

IN_USE = """
    SELECT extversion FROM pg_extension
     WHERE extname = %s AND to_regtype('halfvec') IS NOT NULL"""
ON_SERVER = """
    SELECT default_version FROM pg_available_extensions
     WHERE name = %s AND installed_version IS NULL"""


class NoPgvector(Exception):
    """The database cannot compare vectors; the message says what to do about it."""


class VectorSupport(StrEnum):
    """Whether vectors can be compared, and what a person must do if not."""

    READY = "in use"
    CREATABLE = "on the server, not in use yet: run compare_videos"
    MISSING = "not on the server: install pgvector 0.8 or newer, then compare_videos"
    DENIED = (
        "on the server: its owner must say CREATE EXTENSION vector in this database"
    )


def support() -> VectorSupport:
    """What the database offers now; changes nothing."""
    if _new_enough(IN_USE):
        return VectorSupport.READY
    return VectorSupport.CREATABLE if _new_enough(ON_SERVER) else VectorSupport.MISSING


def enable() -> None:
    """Take pgvector into use where the server has it. Raises NoPgvector."""
    present = support()
    if present is VectorSupport.CREATABLE:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {EXTENSION}")
            present = support()
        except ProgrammingError:  # insufficient privilege
            present = VectorSupport.DENIED
    if present is not VectorSupport.READY:
        raise NoPgvector(f"No similar videos: pgvector is {present}.")


def _new_enough(query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, [EXTENSION])
        row = cursor.fetchone()
    return bool(row) and _number(row[0]) >= OLDEST


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
