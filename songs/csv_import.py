"""Videos from a CSV of the six columns of 2019, in one transaction.

Rows go by COPY into a temporary table, a batch at a time, and from there by three
statements into the catalogue: so the work of a row is PostgreSQL's, and memory is flat.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from django.db import connection, transaction

from songs import csv_records, jobs, labelling
from songs.csv_records import Refused, Row
from songs.models import IngestRun, MoodLabel, Origin

JOB = "import_videos"
WHO = "import"  # who judged and who predicted, as far as a CSV can tell
BATCH_ROWS = 10_000
BATCH_BYTES = 16 * 1024 * 1024
REASONS_KEPT = 20

PREPARE = """
    SET LOCAL work_mem = '64MB';
    SET LOCAL gin_pending_list_limit = '64MB';
    CREATE TEMPORARY TABLE import_batch (
        line bigint, video_id text, video_title text, moods text, labeled boolean,
        video_description text, predicted_moods text);
    CREATE TEMPORARY TABLE import_seen (video_id text PRIMARY KEY, line bigint)"""
TIDY = "DROP TABLE import_batch, import_seen"
FILL = "COPY import_batch FROM STDIN"
EMPTY = "TRUNCATE import_batch"
REMEMBER = """
    INSERT INTO import_seen SELECT video_id, line FROM import_batch
    ON CONFLICT DO NOTHING"""
DROP_REPEATED = """
    DELETE FROM import_batch b WHERE NOT EXISTS (
        SELECT FROM import_seen s WHERE s.video_id = b.video_id AND s.line = b.line)
    RETURNING line"""
UPDATE_TEXT = f"""
    UPDATE songs_newvideo v
       SET video_title = b.video_title, video_description = b.video_description,
           text_changed = statement_timestamp()
      FROM import_batch b
     WHERE v.video_id = b.video_id AND v.origin = '{Origin.IMPORT}'
       AND (v.video_title, v.video_description)
           IS DISTINCT FROM (b.video_title, b.video_description)
    RETURNING v.video_id"""
UPDATE_PREDICTION = f"""
    UPDATE songs_newvideo v
       SET predicted_moods = b.predicted_moods, predicted_by = '{WHO}',
           mood_scores = '{{}}', predicted_at = statement_timestamp()
      FROM import_batch b
     WHERE v.video_id = b.video_id AND b.predicted_moods IS NOT NULL
       AND (v.predicted_by IS NULL OR v.predicted_by = '{WHO}')
       AND v.predicted_moods IS DISTINCT FROM b.predicted_moods
    RETURNING v.video_id"""
WHERE_PREDICTED = "CASE WHEN b.predicted_moods IS NOT NULL THEN {} END"
NEW_COLUMNS = {
    "video_id": "b.video_id",
    "video_title": "b.video_title",
    "video_description": "b.video_description",
    "predicted_moods": "b.predicted_moods",
    "predicted_by": WHERE_PREDICTED.format(f"'{WHO}'"),
    "mood_scores": WHERE_PREDICTED.format("'{}'::jsonb"),
    "predicted_at": WHERE_PREDICTED.format("statement_timestamp()"),
    "origin": f"'{Origin.IMPORT}'",
}


@dataclass
class Imported:
    """What an import did, in rows of the file."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    labelled: int = 0  # labels and skips recorded
    refused: int = 0
    reasons: list[Refused] = field(default_factory=list)  # the first REASONS_KEPT

    def refuse(self, refused: Refused) -> None:
        self.refused += 1
        if len(self.reasons) < REASONS_KEPT:
            self.reasons.append(refused)

    def __str__(self) -> str:
        return (
            f"new {self.new}, updated {self.updated}, unchanged {self.unchanged}, "
            f"labelled {self.labelled}, refused {self.refused}"
        )


def import_videos(
    file: BinaryIO,
    *,
    relabel: bool = False,
    progress: Callable[[int], object] = lambda size: None,
) -> Imported:
    """Store the readable rows of `file`, all of them or none; `progress` gets bytes.

    Text that came from the API, labels of people (unless `relabel`) and predictions of
    our models stay as they are. Raises csv_records.NotTheCatalogue, and
    jobs.AlreadyRunning while another import or a prediction runs: one that read the
    old text would mark the new text as scored.
    """
    imported = Imported()
    predicting = IngestRun.Job.PREDICT_MOODS
    with jobs.exclusive(JOB), jobs.exclusive(predicting), transaction.atomic():
        _execute(PREPARE)
        for batch in _batches(csv_records.read(file, progress=progress), imported):
            _merge(batch, imported, relabel=relabel)
        _execute(TIDY)
    return imported


def _batches(
    records: Iterator[Row | Refused], imported: Imported
) -> Iterator[dict[bytes, Row]]:
    """The good rows by id, in stretches that fit in memory; the bad ones refused."""
    batch: dict[bytes, Row] = {}
    size = 0
    for record in records:
        if isinstance(record, Refused):
            imported.refuse(record)
        elif record.video_id in batch:
            imported.refuse(_repeated(record.line))
        else:
            batch[record.video_id] = record
            size += len(record.video_title or b"") + len(
                record.video_description or b""
            )
        if len(batch) == BATCH_ROWS or size > BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def _merge(batch: dict[bytes, Row], imported: Imported, *, relabel: bool) -> None:
    _execute(EMPTY)
    with connection.cursor() as cursor:
        cursor.copy_expert(FILL, BytesIO(b"".join(map(_copy_line, batch.values()))))
    rows = _execute(REMEMBER)
    if rows < len(batch):
        for (line,) in _returned(DROP_REPEATED):
            imported.refuse(_repeated(line))
    updated = {*_returned(UPDATE_TEXT), *_returned(UPDATE_PREDICTION)}
    by_import = {"who": WHO, "source": MoodLabel.Source.IMPORT}
    labelled = labelling.judge_all("import_batch", relabel=relabel, **by_import)
    new, judged = labelling.add_judged("import_batch", NEW_COLUMNS, **by_import)
    imported.new += new
    imported.updated += len(updated)
    imported.unchanged += rows - new - len(updated)
    imported.labelled += labelled + judged


def _copy_line(row: Row) -> bytes:
    """A row in the text format of COPY."""
    columns = [
        rb"\N"
        if value is None
        else value.replace(b"\\", b"\\\\")
        .replace(b"\n", b"\\n")
        .replace(b"\r", b"\\r")
        .replace(b"\t", b"\\t")
        for value in row[1:]
    ]
    return b"%d\t%s\n" % (row.line, b"\t".join(columns))


def _repeated(line: int) -> Refused:
    return Refused(line, "the video stands in an earlier line; that one is taken")


def _execute(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.rowcount


def _returned(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
