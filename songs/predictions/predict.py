"""What the live model predicts for a video. Never touches labels.

A version of the model is a row (MoodModel) with its bytes; the live one predicts, and
the model that ships with the project where no row is live. Every use asks the
database which one that is, so a promotion needs no restart. Training and promoting
are `songs.predictions.train` and `songs.predictions.registry`; training needs 150 MB more
than this.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import execute_values

from ml.moods import files, predict
from ml.moods.predict import MoodPrediction as Prediction
from ml.moods.recipe import TermContribution
from ml.moods.text import VideoText
from songs.ingestion import runs
from songs.models import IngestRun, MoodModel, NewVideo

BATCH_SIZE = 2000
Progress = Callable[[int], object]  # called with how many more videos are done
Key = tuple[str, datetime]  # video_id, and when the text that was read was written
Batch = tuple[datetime, dict[Key, VideoText]]  # when it was read, and what
Predictions = dict[Key, Prediction]

TEXT_COLUMNS = ("video_title", "video_description", "tags", "channel_title")
LOCK = """
    SELECT FROM songs_newvideo WHERE video_id = ANY(%s)
     ORDER BY video_id FOR NO KEY UPDATE"""
SAVE = """
    UPDATE songs_newvideo v
       SET predicted_moods = p.mood, mood_scores = p.scores::jsonb,
           predicted_sure = p.sure, predicted_by = %(version)s, predicted_at = %(read_at)s
      FROM (VALUES %%s) AS p (video_id, text_changed, mood, scores, sure)
     WHERE v.video_id = p.video_id AND v.text_changed = p.text_changed"""


class NoModel(Exception):
    """There is no mood model that may be used; train and promote one."""


@dataclass(frozen=True, slots=True)
class LiveModel:
    """The model that predicts now."""

    version: str
    manifest: files.Manifest
    model: predict.MoodModel


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a run of `predict_pending` did."""

    videos: int
    version: str

    def __str__(self) -> str:
        return f"predicted {self.videos} videos with {self.version}"


@dataclass(frozen=True, slots=True)
class Explained:
    """What a version of the model predicts for some texts, in their order, and why."""

    version: str
    predictions: list[Prediction]
    terms: list[list[TermContribution]]  # of the likeliest mood, the strongest first


def live() -> LiveModel:
    """The promoted model, or the shipped one; raises NoModel if it is refused."""
    row = MoodModel.objects.filter(live=True).only("version", "manifest").first()
    try:
        if row is None:
            manifest = files.read_shipped_manifest()
            return LiveModel(
                shipped_name(manifest), manifest, _shipped(manifest.sha256)
            )
        manifest = files.Manifest.from_dict(row.manifest)
        return LiveModel(row.version, manifest, _stored(row.version, manifest.sha256))
    except files.ModelFileError as exc:
        raise NoModel(f"The mood model is refused: {exc}") from exc


def live_version() -> str:
    """The version that `live` would give, without loading it; raises NoModel."""
    row = MoodModel.objects.filter(live=True).only("version").first()
    try:
        return row.version if row else shipped_name(files.read_shipped_manifest())
    except files.ModelFileError as exc:
        raise NoModel(f"The mood model is refused: {exc}") from exc


def shipped_name(manifest: files.Manifest) -> str:
    """The version that predictions of the shipped model carry."""
    return f"shipped-{manifest.recipe}-{manifest.sha256[:8]}"


def health() -> str:
    """ "ok", or "refused" when the live model may not be used."""
    try:
        live()
    except NoModel:
        return "refused"
    return "ok"


def predict_pending(
    *, everything: bool = False, progress: Progress | None = None
) -> Predicted:
    """Score the videos that the live model has not scored, in batches, each committed.

    With `everything`, all offered videos with text are scored again. May be killed and
    started again anywhere. Raises NoModel and AlreadyRunning.
    """
    chosen = live()
    job = IngestRun.Job.PREDICT_MOODS
    with runs.exclusive(job), runs.recorded(job) as run:
        pending = NewVideo.objects.public().with_text()
        if not everything:
            pending = pending.awaiting_prediction(chosen.version)
        run.total = pending.count()
        for read_at, predictions in _predicted(chosen.model, _batches(pending)):
            _save(chosen.version, read_at, predictions)
            run.found += len(predictions)
            run.save(update_fields=["found", "total"])  # others watch it
            if progress:
                progress(len(predictions))
        run.updated = run.found
    return Predicted(run.found, chosen.version)


def explain(texts: Sequence[VideoText]) -> Explained:
    """What the live model predicts for texts of any origin, and why.

    Raises NoModel.
    """
    chosen = live()
    predictions = chosen.model.predict(texts)
    terms = [
        chosen.model.explain(text, prediction.mood)
        for text, prediction in zip(texts, predictions, strict=True)
    ]
    return Explained(chosen.version, predictions, terms)


@lru_cache(maxsize=1)
def _shipped(sha256: str) -> predict.MoodModel:
    return files.load_shipped()


@lru_cache(maxsize=1)
def _stored(version: str, sha256: str) -> predict.MoodModel:
    row = MoodModel.objects.only("manifest", "content").get(version=version)
    manifest = files.Manifest.from_dict(row.manifest)
    return files.load(bytes(row.content), manifest)


def _predicted(
    model: predict.MoodModel, batches: Iterable[Batch]
) -> Iterator[tuple[datetime, Predictions]]:
    """The predictions for each batch, made while the database is busy with another.

    The model's thread never touches the database; one batch waits ahead of it.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        ahead: deque[tuple[datetime, Iterable[Key], Future[list[Prediction]]]] = deque()
        for read_at, texts in batches:
            future = thread.submit(model.predict, list(texts.values()))
            ahead.append((read_at, texts.keys(), future))
            if len(ahead) > 1:
                yield _finished(*ahead.popleft())
        for waiting in ahead:
            yield _finished(*waiting)


def _finished(
    read_at: datetime, keys: Iterable[Key], future: Future[list[Prediction]]
) -> tuple[datetime, Predictions]:
    return read_at, dict(zip(keys, future.result(), strict=True))


def _batches(videos: Any) -> Iterator[Batch]:
    """Pages by id, each with the time before its reading.

    That time is the database's, whose clock also tells when a text changed.
    """
    columns = ("video_id", "text_changed", *TEXT_COLUMNS)
    rows = videos.order_by("video_id").values_list(*columns)
    last = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement_timestamp()")
            read_at = cursor.fetchone()[0]
        page = rows.filter(video_id__gt=last)[:BATCH_SIZE]
        batch = {(key, changed): as_text(*texts) for key, changed, *texts in page}
        if not batch:
            return
        yield read_at, batch
        last, _ = next(reversed(batch))


def as_text(
    title: str | None, description: str | None, tags: list[str], channel: str | None
) -> VideoText:
    return VideoText(title or "", description or "", tuple(tags), channel or "")


def _save(version: str, read_at: datetime, predictions: Predictions) -> None:
    rows = [
        (
            *key,
            p.mood,
            json.dumps({k: round(v, 4) for k, v in p.scores.items()}),
            p.sure,
        )
        for key, p in predictions.items()
    ]
    video_ids = [video_id for video_id, _ in predictions]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [video_ids])  # one order for all writers, no deadlock
        save = cursor.mogrify(SAVE, {"version": version, "read_at": read_at}).decode()
        execute_values(cursor, save, rows, page_size=BATCH_SIZE)
