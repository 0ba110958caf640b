"""What PostgreSQL takes for a page of `/api/videos/`, beside 50 rows by primary key.

    python -m benchmarks.catalogue.video_pages [--videos 100000] [--rounds 60] [--keep]

Claim: at most twice as long, at any depth and size, for what indexes are made for.
"""

import random
from functools import partial
from typing import Any

from django.db import connection

from api.videos.serializers import DEFAULT_FIELDS, columns
from benchmarks.shared.running import run
from benchmarks.shared.table import Cell, Goal, Table, measured, milliseconds
from songs.browse import queries
from songs.browse.queries import FIRST, KEYS, Cursor, VideoFilter, VideoOrder
from songs.models import Mood, NewVideo

SIZE = 50
PAGES = 20  # of each depth
DEPTHS = (0.0, 0.5, 0.99)
FILTERS: dict[str, dict[str, Any]] = {
    "everything": {},
    "mood": {"mood": Mood.CHILL},
    "source person": {"source": "person"},
    "source model": {"source": "model"},
    "channel": {},  # the largest, named when it is known
    "licence": {"licence": "creativeCommon"},
    "licence unknown": {"licence": "unknown"},
    "duration 2 to 4 min": {"min_duration": 120, "max_duration": 240},
    "duration over 15 min": {"min_duration": 900},
    "language, 1 %": {"language": "eo"},
    "mood, duration, language": {
        "mood": Mood.CHILL,
        "max_duration": 240,
        "language": "en",
    },
}
Query = tuple[str, tuple[Any, ...]]
GOAL = Goal(most=2)


def measure(table: Table, rounds: int = 60) -> None:
    keys = _by_key()
    table.head("A page of 50 by SQL (x: of 50 rows by primary key)")
    table.add("50 rows by primary key", _against(keys, keys, rounds))
    for depth in DEPTHS:
        cell = _against(_pages(VideoFilter(), depth), keys, rounds)
        table.add(f"newest, at {depth:.0%}", cell, GOAL)
    table.head("... the slowest of its depths 0 %, 50 % and 99 %")
    for order in (VideoOrder.NEWEST, VideoOrder.VIEWS):
        for name, chosen in FILTERS.items():
            if name == "channel":
                chosen = {"channel": _largest_channel()}
            cell = _slowest(VideoFilter(order, **chosen), keys, rounds)
            table.add(f"{order}, {name}", cell, GOAL)
    table.add(
        "confidence", _slowest(VideoFilter(VideoOrder.CONFIDENCE), keys, rounds), GOAL
    )


def _slowest(filters: VideoFilter, keys: list[Query], rounds: int) -> Cell:
    pages = filter(None, (_pages(filters, depth) for depth in DEPTHS))
    cells = [_against(queries, keys, rounds) for queries in pages]
    return max(cells, key=lambda cell: cell.ratio)


def _by_key() -> list[Query]:
    ids = list(NewVideo.objects.order_by("?").values_list("pk", flat=True)[:1000])
    read = [c if isinstance(c, str) else "moods" for c in map(_column, DEFAULT_FIELDS)]
    return [
        NewVideo.objects.filter(pk__in=ids[at : at + SIZE])
        .values_list(*read)
        .query.sql_with_params()
        for at in range(0, len(ids), SIZE)
    ]


def _column(field: str) -> str:
    """The same field, of the video itself."""
    others = {"moods": "moods", "mood_source": "labeled", "confidence": "mood_scores"}
    return others.get(field, field)


def _pages(filters: VideoFilter, depth: float) -> list[Query]:
    """Queries of pages that begin near a depth of what passes the filters."""
    key = KEYS[filters.ordering]
    ends = queries.matching(filters).ordered(key).values_list(key, "video_id")
    at = int(depth * queries.matching(filters).count())
    near = list(ends[at : at + PAGES * SIZE : SIZE])
    read = columns(DEFAULT_FIELDS)
    cursors = [Cursor(end) for end in near] if depth else [FIRST]
    return [
        queries.query(filters, read, SIZE, cursor).query.sql_with_params()
        for cursor in cursors
    ]


def _largest_channel() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel_id FROM songs_listedvideo GROUP BY 1 ORDER BY count(*) DESC"
        )
        return cursor.fetchone()[0]


def _against(queries: list[Query], keys: list[Query], rounds: int) -> Cell:
    """Time these queries and the reference by turns: others may use the machine too."""
    rng, took, reference = random.Random(0), [], []
    for query in queries:
        _fetch(query)
    for _ in range(rounds):
        took.append(milliseconds(partial(_fetch, rng.choice(queries))))
        reference.append(milliseconds(partial(_fetch, rng.choice(keys))))
    return measured(took, measured(reference).p50)


def _fetch(query: Query) -> None:
    with connection.cursor() as cursor:
        cursor.execute(*query)
        cursor.fetchall()


if __name__ == "__main__":
    run(__doc__, measure)
