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
from songs.browse import counts, facets, search, stream, version
from songs.browse.search import KEYS, Order, Start, Wanted
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
    deep = {order: _place(order) for order in (Order.NEWEST, Order.VIEWS)}
    pages = {
        "newest, mood, deep": (Wanted(mood=Mood.CHILL), deep[Order.NEWEST]),
        "newest, source person": (Wanted(source="person"), None),
        "newest, mood, duration, language": (
            Wanted(**FILTERS["mood, duration, language"]),
            None,
        ),
        "views, licence, deep": (
            Wanted(Order.VIEWS, licence="creativeCommon"),
            deep[Order.VIEWS],
        ),
        "views, channel": (Wanted(Order.VIEWS, channel=_a_channel()), None),
        "confidence, mood": (Wanted(Order.CONFIDENCE, mood=Mood.CHILL), None),
        "newest, has_tag": (Wanted(has_tag="piano"), None),
        "newest, a rare word": (Wanted(q=words["rare"]), None),
        "newest, a common word": (Wanted(q=words["common"]), None),
        "newest, a very common word": (Wanted(q=words["very common"]), None),
        "ranked, a very common word": (
            Wanted(Order.RANK, q=words["very common"]),
            None,
        ),
    }
    return {name: partial(_page, *asked) for name, asked in pages.items()} | {
        "facets of everything, /api/moods/": counts.offered,
        "facets beside a duration": partial(
            facets.count, Wanted(max_duration=240), FACETS
        ),
        "which version, for 304s and the response cache": version.number,
        "a part of /api/new-videos/": partial(_part, NewVideoSerializer),
        "a part of /api/new-comments/": partial(_part, CommentsSerializer),
        "similar videos": _similar,
        "a page of the admin": lambda: list(NewVideo.objects.newest_first()[:SIZE]),
    }


def _page(wanted: Wanted, start: Start | None) -> None:
    search.page(wanted, columns(DEFAULT_FIELDS), size=SIZE, start=start)


def _place(order: Order) -> Start:
    key = KEYS[order]
    half = ListedVideo.objects.count() // 2
    places = ListedVideo.objects.ordered(key).values_list(key, "video_id")
    return Start(places[half])


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
