"""Videos from a CSV of the six columns of 2019, in one transaction.

Rows go by COPY into a temporary table, a batch at a time, and from there by a few
statements into the catalogue: so the work of a row is PostgreSQL's, and memory is flat.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from django.db import transaction

from songs.ingestion import runs
from songs.labelling import bulk
from songs.models import IngestRun, MoodLabel, Origin
from songs.transfer import csv_rows, label_history
from songs.transfer.copy import copy_in, copy_line, execute, rows_of
from songs.transfer.csv_rows import CsvRow, RejectedRecord

JOB = "import_videos"
WHO = "import"  # who judged and who predicted, as far as a CSV can tell
BATCH_ROWS = 5_000
BATCH_BYTES = 16 * 1024 * 1024
REASONS_KEPT = 20
HISTORY_LINE = "history line"

# Larger than usual, so that the search index is filled in fewer and cheaper rounds.
PREPARE = """
    SET LOCAL work_mem = '64MB';
    SET LOCAL gin_pending_list_limit = '16MB';
    CREATE TEMPORARY TABLE import_batch (
        line bigint, video_id text, video_title text, moods text, labeled boolean,
        video_description text, predicted_moods text);
    CREATE TEMPORARY TABLE import_seen (video_id text PRIMARY KEY, line bigint);
    CREATE TEMPORARY TABLE import_history (
        line bigint, video_id text, action text, mood text, who text, source text,
        at timestamptz, taken_back_by text, taken_back_at timestamptz);
    CREATE INDEX import_history_video ON import_history (video_id)"""
TIDY = """
    SELECT gin_clean_pending_list('video_words');
    DROP TABLE import_batch, import_seen, import_history"""
EMPTY = "TRUNCATE import_batch"
LEAVE_TO_HISTORY = """
    UPDATE import_batch b SET moods = NULL, labeled = NULL
     WHERE labeled IS NOT NULL
       AND EXISTS (SELECT FROM import_history h WHERE h.video_id = b.video_id)"""
UNKNOWN_IN_HISTORY = """
    SELECT line, video_id FROM import_history h WHERE NOT EXISTS (
        SELECT FROM songs_newvideo v WHERE v.video_id = h.video_id) ORDER BY line"""
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
           mood_scores = '{{}}', predicted_sure = false,
           predicted_at = statement_timestamp()
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
    "predicted_sure": WHERE_PREDICTED.format("false"),
    "predicted_at": WHERE_PREDICTED.format("statement_timestamp()"),
    "origin": f"'{Origin.IMPORT}'",
}


@dataclass
class Imported:
    """What an import did, in rows of the CSV (history: in events)."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    labelled: int = 0  # labels and skips recorded
    history: int = 0  # events added to the history as they were
    refused: int = 0
    reasons: list[str] = field(default_factory=list)  # the first REASONS_KEPT

    def refuse(self, refused: RejectedRecord, *, where: str = "line") -> None:
        self.refused += 1
        if len(self.reasons) < REASONS_KEPT:
            self.reasons.append(f"{where} {refused.line}: {refused.reason}")

    def __str__(self) -> str:
        counts = ("new", "updated", "unchanged", "labelled", "history", "refused")
        return ", ".join(f"{name} {getattr(self, name)}" for name in counts)


def import_videos(
    file: BinaryIO,
    *,
    relabel: bool = False,
    history: BinaryIO | None = None,
    progress: Callable[[int], object] = lambda size: None,
) -> Imported:
    """Store the readable rows of `file`, all of them or none; `progress` gets bytes.

    Text that came from the API, labels of people (unless `relabel`) and predictions of
    our models stay as they are. With `history`, its events replace the labels of the CSV
    for their videos. Raises csv_rows.NotTheCatalogue, and AlreadyRunning while
    another import runs or a prediction: that would call new text scored when it has
    read the old one.
    """
    imported = Imported()
    predicting = IngestRun.Job.PREDICT_MOODS
    with runs.exclusive(JOB), runs.exclusive(predicting), transaction.atomic():
        execute(PREPARE)
        if history:
            label_history.stage(history, partial(imported.refuse, where=HISTORY_LINE))
        for batch in _batches(csv_rows.read(file, progress=progress), imported):
            _merge(batch, imported, relabel=relabel)
        if history:
            _merge_history(imported)
        execute(TIDY)
    return imported


def _batches(
    records: Iterator[CsvRow | RejectedRecord], imported: Imported
) -> Iterator[dict[bytes, bytes]]:
    """The good rows as COPY wants them, by id, as many as may be held; bad ones not."""
    batch: dict[bytes, bytes] = {}
    size = 0
    for record in records:
        if isinstance(record, RejectedRecord):
            imported.refuse(record)
        elif record.video_id in batch:
            imported.refuse(_repeated(record.line))
        else:
            batch[record.video_id] = line = _copy_line(record)
            size += len(line)
        if len(batch) == BATCH_ROWS or size > BATCH_BYTES:
            yield batch
            batch, size = {}, 0
    if batch:
        yield batch


def _copy_line(row: CsvRow) -> bytes:
    return copy_line((b"%d" % row.line, *row[1:]))


def _merge(batch: dict[bytes, bytes], imported: Imported, *, relabel: bool) -> None:
    execute(EMPTY)
    copy_in("import_batch", batch.values())
    rows = execute(REMEMBER)
    if rows < len(batch):
        for (line,) in rows_of(DROP_REPEATED):
            imported.refuse(_repeated(line))
    execute(LEAVE_TO_HISTORY)
    updated = {*rows_of(UPDATE_TEXT), *rows_of(UPDATE_PREDICTION)}
    by_import = {"who": WHO, "source": MoodLabel.Source.IMPORT}
    labelled = bulk.set_labels("import_batch", relabel=relabel, **by_import)
    new, judged = bulk.add_labelled("import_batch", NEW_COLUMNS, **by_import)
    imported.new += new
    imported.updated += len(updated)
    imported.unchanged += rows - new - len(updated)
    imported.labelled += labelled + judged


def _merge_history(imported: Imported) -> None:
    imported.history = bulk.append_events("import_history")
    for line, video_id in rows_of(UNKNOWN_IN_HISTORY):
        unknown = RejectedRecord(line, f"the catalogue has no video {video_id}")
        imported.refuse(unknown, where=HISTORY_LINE)


def _repeated(line: int) -> RejectedRecord:
    return RejectedRecord(
        line, "the video stands in an earlier line; that one is taken"
    )
