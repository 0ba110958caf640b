"""How PostgreSQL answers the hot queries, as docs/queries.md shows it.

python benchmarks/plans.py [--videos 1000000] [--keep] [--timed]
"""

import argparse
import logging
import re
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

from catalogue import fill
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scratch import scratch_database
from similar import similar
from video_pages import FILTERS
from words import vocabulary

from api.arrays2019.serializers import CommentsSerializer, NewVideoSerializer
from api.videos.query import FACETS
from api.videos.serializers import DEFAULT_FIELDS, columns
from songs.browse import counts, search, stream, version
from songs.browse.queries import FIRST, KEYS, Cursor, VideoFilter, VideoOrder
from songs.models import ListedVideo, Mood, NewVideo, VideoVector

SIZE = 50
SHORTEST = (
    (re.compile(r"\(actual (rows=\d+)\.\d\d (loops=\d+)\)"), r"(\1, \2)"),
    (re.compile(r"::(text|character varying|tsquery|timestamp with time zone)\b"), ""),
    (re.compile(r"'\{B\d{10},[^}]*\}'(\[\])?"), "(the ids)"),
    (re.compile(r"songs_newvideo_(pkey|video_id_\w+_like)"), "(by key)"),
    (re.compile(r"songs_listedvideo_pkey"), "(by key)"),
    (
        re.compile(
            r"^ *(Heap Blocks|Planning|Index Searches|Buffers|Batches|Memory|Workers).*$"
        ),
        "",
    ),
)
LONGEST_LINE = 170
Work = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=1_000_000)
    parser.add_argument("--keep", action="store_true", help="for the next run with it")
    parser.add_argument("--timed", action="store_true", help="with milliseconds")
    options = parser.parse_args()
    logging.disable()
    with scratch_database(keep=options.keep, of=options.videos):
        fill(options.videos)
        for name, work in _works().items():
            print(f"\n**{name}**\n\n```")
            _explain(work, timed=options.timed)
            print("```")


def _works() -> dict[str, Work]:
    words = vocabulary()
    deep = {order: _middle(order) for order in (VideoOrder.NEWEST, VideoOrder.VIEWS)}
    pages = {
        "newest, mood, deep": (VideoFilter(mood=Mood.CHILL), deep[VideoOrder.NEWEST]),
        "newest, source person": (VideoFilter(source="person"), FIRST),
        "newest, mood, duration, language": (
            VideoFilter(**FILTERS["mood, duration, language"]),
            FIRST,
        ),
        "views, licence, deep": (
            VideoFilter(VideoOrder.VIEWS, licence="creativeCommon"),
            deep[VideoOrder.VIEWS],
        ),
        "views, channel": (VideoFilter(VideoOrder.VIEWS, channel=_a_channel()), FIRST),
        "confidence, mood": (
            VideoFilter(VideoOrder.CONFIDENCE, mood=Mood.CHILL),
            FIRST,
        ),
        "newest, has_tag": (VideoFilter(has_tag="piano"), FIRST),
        "newest, a rare word": (VideoFilter(q=words["rare"]), FIRST),
        "newest, a common word": (VideoFilter(q=words["common"]), FIRST),
        "newest, a very common word": (VideoFilter(q=words["very common"]), FIRST),
        "ranked, a very common word": (
            VideoFilter(VideoOrder.RANK, q=words["very common"]),
            FIRST,
        ),
    }
    return {name: partial(_page, *asked) for name, asked in pages.items()} | {
        "facets of everything, /api/moods/": counts.offered,
        "facets beside a duration": partial(
            counts.count_facets, VideoFilter(max_duration=240), FACETS
        ),
        "which version, for 304s and the response cache": version.number,
        "a part of /api/new-videos/": partial(_part, NewVideoSerializer),
        "a part of /api/new-comments/": partial(_part, CommentsSerializer),
        "similar videos": _similar,
        "a page of the admin": lambda: list(NewVideo.objects.newest_first()[:SIZE]),
    }


def _page(wanted: VideoFilter, cursor: Cursor) -> None:
    search.page(wanted, columns(DEFAULT_FIELDS), size=SIZE, cursor=cursor)


def _middle(order: VideoOrder) -> Cursor:
    key = KEYS[order]
    half = ListedVideo.objects.count() // 2
    keys = ListedVideo.objects.ordered(key).values_list(key, "video_id")
    return Cursor(keys[half])


def _a_channel() -> str:
    return ListedVideo.objects.values_list("channel_id", flat=True)[7]


def _part(serializer: Any) -> None:
    """The second part: the first has no place to begin."""
    videos = NewVideo.objects.public().newest_first()
    if serializer is CommentsSerializer:
        videos = videos.commented()
    rows = videos.values(*serializer.columns(), **serializer.computed)
    list(islice(stream.rows(rows, size=SIZE), SIZE + 1))


def _similar() -> None:
    if (some := VideoVector.objects.first()) is not None:
        similar.find(some.pk, n=10)


def _explain(work: Work, *, timed: bool) -> None:
    work()
    with CaptureQueriesContext(connection) as queries:
        work()
    options = "ANALYZE, COSTS OFF, BUFFERS OFF" + ("" if timed else ", TIMING OFF")
    for query in queries.captured_queries:
        sql = query["sql"].rpartition("; ")[2].strip()
        if not sql.startswith("SELECT") or "set_config" in sql:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN ({options}) {sql}")
            lines = [line for (line,) in cursor.fetchall()]
        print("\n".join(filter(str.strip, map(_short, lines))))


def _short(line: str) -> str:
    for pattern, text in SHORTEST:
        line = pattern.sub(text, line)
    return line[:LONGEST_LINE].rstrip()


if __name__ == "__main__":
    main()
