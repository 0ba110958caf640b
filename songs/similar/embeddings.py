"""Computes the embedding of each video, so that its neighbours can be found.

The space of words is fitted on the catalogue, and again when the catalogue has grown
GROWTH times, up to MAX_FITTED videos: so it happens a few times in the life of a
catalogue, and never to a large one. Without pgvector nothing is computed.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from typing import Any

import numpy as np
from django.db import OperationalError, connection, transaction
from django.db.models.functions import MD5
from psycopg2.errors import DiskFull
from psycopg2.extras import execute_values

from ml.similar import space, words
from ml.similar.words import Weights, mood_mix, weigh_words
from songs.ingestion import runs
from songs.models import IngestRun, NewVideo, VideoVector, WordSpace
from songs.models.vector import awaiting_vector
from songs.predictions.predict import TEXT_COLUMNS, as_text
from songs.similar import pgvector
from songs.similar.pgvector import EMBEDDING, INDEX

BATCH_SIZE = 2000
MAX_FITTED = 20_000  # videos
GROWTH = 4
SEED = 0
INDEX_BYTES = 1_000  # of memory for each video, while the index is built
MIN_INDEX_MEMORY, MAX_INDEX_MEMORY = 64, 1_024  # MB
AGAIN_S = 0.02  # between two cancels

BUILD = f"""
    CREATE INDEX {INDEX} ON songs_videovector USING hnsw (({EMBEDDING}) halfvec_cosine_ops)"""
HAS_INDEX = f"SELECT to_regclass('{INDEX}') IS NOT NULL"
SAVE = """
    INSERT INTO songs_videovector (video_id, embedding, label, read_at)
    SELECT p.video_id, p.embedding::real[], p.label, p.read_at
      FROM (VALUES %s) AS p (video_id, embedding, label, read_at)
      JOIN songs_newvideo USING (video_id)
        ON CONFLICT (video_id) DO UPDATE
       SET embedding = excluded.embedding, label = excluded.label,
           read_at = excluded.read_at"""

Progress = Callable[[int], object]  # takes how many more videos are done
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class EmbedSummary:
    """What a run of `embed_pending` did."""

    videos: int
    forgotten: int  # embeddings of videos that are gone

    def __str__(self) -> str:
        forgotten = f", forgot {self.forgotten} that are gone" if self.forgotten else ""
        return f"compared {self.videos} videos{forgotten}"


def embed_pending(*, progress: Progress | None = None) -> EmbedSummary:
    """Embed the videos whose text, moods or label changed, in batches, each committed.

    May be killed and started again anywhere. Raises pgvector.NoPgvector and
    AlreadyRunning.
    """
    job = IngestRun.Job.COMPARE_VIDEOS
    with runs.exclusive(job):
        pgvector.enable()
        with runs.recorded(job) as run:
            forgotten, _ = VideoVector.objects.of_what_is_gone().delete()
            word_space = _word_space()
            run.total = awaiting_vector().count()
            for read_at, rows in _batches():
                _save(word_space, read_at, rows)
                run.found += len(rows)
                run.save(update_fields=["found", "total"])  # others watch it
                if progress:
                    progress(len(rows))
            _ensure_index()
            run.updated = run.found
    return EmbedSummary(run.found, forgotten)


def _word_space() -> space.WordSpace:
    """The space of this catalogue; where it must be fitted, all vectors go."""
    n_videos = NewVideo.objects.public().with_text()[:MAX_FITTED].count()
    row = WordSpace.objects.first()
    current = row is not None and row.features_version == words.VERSION
    if current and n_videos < GROWTH * max(1, row.n_videos):
        return space.WordSpace.from_bytes(bytes(row.content))
    return _fit()


def _fit() -> space.WordSpace:
    videos = NewVideo.objects.public().with_text().order_by(MD5("video_id"))
    ids = list(videos.values_list("pk", flat=True)[:MAX_FITTED])
    fitted = space.fit_space(_weighed(ids), seed=SEED)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
        VideoVector.objects.all().delete()
        WordSpace.objects.all().delete()
        WordSpace.objects.create(
            features_version=words.VERSION,
            n_videos=len(ids),
            content=fitted.to_bytes(),
        )
    return fitted


def _weighed(ids: list[str]) -> Iterator[list[Weights]]:
    for start in range(0, len(ids), BATCH_SIZE):
        page = NewVideo.objects.filter(pk__in=ids[start : start + BATCH_SIZE])
        texts = page.order_by("pk").values_list(*TEXT_COLUMNS)
        yield [weigh_words(as_text(*text)) for text in texts]


def _batches() -> Iterator[tuple[datetime, list[Row]]]:
    """Pages by id, each with the time before its reading, by the database's clock."""
    columns = ("video_id", "moods", "mood_scores", *TEXT_COLUMNS)
    rows = awaiting_vector().order_by("video_id").values_list(*columns)
    last = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement_timestamp()")
            read_at = cursor.fetchone()[0]
        if not (page := list(rows.filter(video_id__gt=last)[:BATCH_SIZE])):
            return
        yield read_at, page
        last = page[-1][0]


def _save(word_space: space.WordSpace, read_at: datetime, rows: list[Row]) -> None:
    weighed = [weigh_words(as_text(*text)) for _, _, _, *text in rows]
    moods = np.array([mood_mix(scores, label) for _, label, scores, *_ in rows])
    vectors = space.embed(word_space, weighed, moods)
    values = [
        (row[0], _array(vector), row[1] or "", read_at)
        for row, vector in zip(rows, vectors, strict=True)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        execute_values(cursor, SAVE, values, page_size=BATCH_SIZE)


def _array(vector: space.Vectors) -> str | None:
    """The text of a PostgreSQL array; None for a video with nothing to compare by."""
    if not vector.any():
        return None
    return "{" + ",".join(f"{value:.5g}" for value in vector.tolist()) + "}"


def _ensure_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HAS_INDEX)
        if cursor.fetchone()[0]:
            return
    try:
        _build_index()
    except OperationalError as exc:
        if not isinstance(exc.__cause__, DiskFull):
            raise
        # A container that gives processes too little memory to share.
        _build_index("SET LOCAL max_parallel_maintenance_workers = 0")


def _build_index(*settings: str) -> None:
    """Minutes for a million videos, and to be stopped at any time all the same.

    Python hears of SIGTERM only between statements, unless another thread waits for it.
    """
    needed = VideoVector.objects.count() * INDEX_BYTES // 2**20
    memory = min(MAX_INDEX_MEMORY, max(MIN_INDEX_MEMORY, needed))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL maintenance_work_mem = '{memory}MB'")
            cursor.execute("SET LOCAL statement_timeout = 0")
            for setting in settings:
                cursor.execute(setting)
        raw = connection.connection
        with raw.cursor() as cursor:
            built: Future[None] = Future()
            building = Thread(target=_execute, args=(cursor, BUILD, built))
            try:
                building.start()
                with connection.wrap_database_errors:
                    built.result()
            except BaseException:
                while building.is_alive() and not built.done():
                    raw.cancel()  # unheard where the statement has yet to begin
                    wait([built], AGAIN_S)
                raise


def _execute(cursor: Any, statement: str, done: Future[None]) -> None:
    try:
        cursor.execute(statement)
    except Exception as exc:  # noqa: BLE001 - handed to the waiting thread
        done.set_exception(exc)
    else:
        done.set_result(None)
