"""Whole videos for the benchmarks: texts, facts as YouTube gives them, predictions."""

import csv
import io
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from benchmarks.shared.texts import texts
from songs.models import Mood, NewVideo, Origin

PAGE = 10_000
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
LANGUAGES = ("en", "en-US", "es", "pt-BR", "de", "ja", "ko", "fr", "eo")
COLUMNS = (
    "video_id",
    "video_title",
    "video_description",
    "origin",
    "channel_id",
    "channel_title",
    "published_at",
    "duration",
    "licence",
    "tags",
    "language",
    "view_count",
    "video_thumbnail",
    "last_fetched",
    "moods",
    "labeled",
    "predicted_moods",
    "mood_scores",
    "predicted_sure",
    "predicted_by",
    "predicted_at",
)
WRITTEN = ("songs_newvideo", "songs_listedvideo", "songs_videocount")
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes JOIN pg_index i
        ON i.indexrelid = indexname::regclass
     WHERE tablename IN ('songs_newvideo', 'songs_listedvideo') AND NOT indisunique"""


def fill(n_videos: int, *, seed: int = 0) -> None:
    """Store videos, the same ones for the same seed: 1 in 100 labelled, all predicted.

    A kept database that has as many is left as it is.
    """
    if NewVideo.objects.count() == n_videos:
        return
    rows = _rows(n_videos, seed)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE songs_newvideo, songs_listedvideo CASCADE")
        with _indexes_made_later(cursor):
            while page := list(islice(rows, PAGE)):
                lines = io.StringIO()
                csv.writer(lines).writerows(page)
                lines.seek(0)
                columns = ",".join(COLUMNS)
                copy = f"COPY songs_newvideo ({columns}) FROM STDIN (FORMAT csv)"
                cursor.copy_expert(copy, lines)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(WRITTEN)}")


@contextmanager
def _indexes_made_later(cursor: CursorWrapper) -> Iterator[None]:
    """Entering a million rows into all indexes one by one takes several times as long."""
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        cursor.execute(definition)


def _rows(n_videos: int, seed: int) -> Iterator[tuple[object, ...]]:
    rng = random.Random(seed)
    for video_id, title, description in texts(n_videos, seed=seed):
        channel = int(rng.paretovariate(0.5)) % max(10, n_videos // 50)
        words = title.split()
        yield (
            video_id,
            title,
            description,
            Origin.YOUTUBE,
            f"UC{channel:022}",
            f"channel {channel}",
            NEWEST - timedelta(seconds=rng.randrange(15 * 365 * 86_400)),
            f"{int(rng.lognormvariate(5.4, 0.5))} seconds",
            "creativeCommon" if rng.random() < 0.97 else None,
            json.dumps(words[:5]),
            rng.choices(LANGUAGES, [40, 20, 10, 8, 6, 5, 5, 5, 1])[0],
            None if rng.random() < 0.02 else int(rng.lognormvariate(7, 2.5)),
            f"https://i.ytimg.com/vi/{video_id}/mqdefault.jpg",
            NEWEST,
            *_moods(rng),
        )


def _moods(rng: random.Random) -> tuple[object, ...]:
    """A label for 1 of 100, and a prediction whose scores add up to 1."""
    label = rng.choice(Mood.values) if rng.random() < 0.01 else None
    parts = [rng.paretovariate(1.5) for _ in Mood]
    scores = {
        mood: round(part / sum(parts), 4)
        for mood, part in zip(Mood.values, parts, strict=True)
    }
    prediction = max(scores, key=scores.__getitem__)
    sure = scores[prediction] >= 0.5
    model = (prediction, json.dumps(scores), sure, "bench-1", NEWEST)
    return label, label and "t", *model
