"""The catalogue as CSV: the six columns of 2019, as PostgreSQL's COPY writes them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction

from songs.transfer import label_history
from songs.transfer.copy import execute
from songs.transfer.csv_rows import COLUMNS

# The order of "C" is that of the bytes: the same in every database.
EXPORT = f"""
    COPY (SELECT {", ".join(COLUMNS)} FROM songs_newvideo
           WHERE %(ids)s IS NULL OR video_id = ANY(%(ids)s)
           ORDER BY video_id COLLATE "C") TO STDOUT WITH (FORMAT csv, HEADER)"""


# So that the labels of the CSV are those of the history.
ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def export_videos(file: BinaryIO, *, video_ids: list[str] | None = None) -> int:
    """Write these videos, or all, ordered by id; returns how many."""
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(EXPORT, {"ids": video_ids}), file)
        return cursor.rowcount


def export_with_history(file: BinaryIO, history: BinaryIO) -> tuple[int, int]:
    """Write every video and every event, of one moment; returns how many of each."""
    with transaction.atomic():
        execute(ONE_MOMENT)
        return export_videos(file), label_history.export_history(history)


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name only when all of it is written.

    A link stays one, and what is no file (a pipe, /dev/null) is written to as it is.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
