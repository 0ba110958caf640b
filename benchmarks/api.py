"""How fast /api/videos/ finds: a page at any depth, words, facets.

    python benchmarks/api.py [--videos 100000] [--rounds 200] [--words] [--keep]

Claims: a page of 50 costs at most twice 50 rows by primary key, at any depth and size;
words p50 <= 20 ms and p99 <= 100 ms, newest first and ranked; facets of everything.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from catalogue import fill
from django.db import connection
from scratch import scratch_database

from api.video_query import FACETS
from api.video_serializers import DEFAULT_FIELDS, columns
from songs import counts, facets, search
from songs.models import ListedVideo, Mood, NewVideo
from songs.models.listed import websearch
from songs.search import KEYS, Order, Page, Start, Wanted

SIZE = 50
PLACES = 20  # of each depth
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--words", action="store_true", help="words and facets only")
    parser.add_argument("--keep", action="store_true", help="for the next run with it")
    options = parser.parse_args()
    with scratch_database(keep=options.keep, of=options.videos):
        fill(options.videos)
        print(f"{ListedVideo.objects.count()} videos; ms; pages of {SIZE}")
        print(f"{'':<44}{'p50':>8}{'p99':>8}{'ratio':>8}")
        if not options.words:
            _filters(options.rounds)
        _words(max(10, options.rounds // 10))
        _facets(max(10, options.rounds // 10))


def _filters(rounds: int) -> None:
    keys = _by_key()
    _report("50 rows by primary key", keys, rounds, keys)
    for order in (Order.NEWEST, Order.VIEWS):
        for name, chosen in FILTERS.items():
            if name == "channel":
                chosen = {"channel": _largest_channel()}
            wanted = Wanted(order, **chosen)
            for depth in DEPTHS:
                if queries := _pages(wanted, depth):
                    label = f"{order}, {name}, at {depth:.0%}"
                    _report(label, queries, rounds, keys)
    wanted = Wanted(Order.CONFIDENCE)
    _report("confidence, at 50%", _pages(wanted, 0.5), rounds, keys)


def _words(rounds: int) -> None:
    """A very common, a middling and a rare word, each as a visitor would ask."""
    print("words, with their rows (goal: p50 20, p99 100)")
    for name, word in _vocabulary().items():
        n_videos = NewVideo.objects.filter(search=websearch(word)).count()
        for order in (Order.NEWEST, Order.RANK):
            start = None
            for depth in range(3):
                work = partial(_page, Wanted(order, q=word), start)
                label = f"{name} ({n_videos} videos), {order}, page {1 + depth}"
                _show(label, _times([work], rounds))
                start = (place := work().next) and Start(place)


def _facets(rounds: int) -> None:
    print("facets, all four, and the counts of /api/moods/ (goal without a filter: 5)")
    asked = {
        "everything": Wanted(),
        "a mood": Wanted(mood=Mood.SAD),
        "duration 2 to 4 min": Wanted(**FILTERS["duration 2 to 4 min"]),
    }
    for name, wanted in asked.items():
        _show(name, _times([partial(facets.count, wanted, FACETS)], rounds))
    _show("moods", _times([counts.offered], rounds))
    _show("count(*) with mood (reference)", _times([_count_with_mood], rounds))


def _count_with_mood() -> None:
    ListedVideo.objects.filter(mood__isnull=False).count()


def _page(wanted: Wanted, start: Start | None) -> Page:
    return search.page(wanted, columns(DEFAULT_FIELDS), size=SIZE, start=start)


def _vocabulary() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, ndoc FROM ts_stat('SELECT search FROM songs_newvideo"
            " TABLESAMPLE SYSTEM (1)') WHERE word ~ '^[a-z]{4,}$' ORDER BY ndoc DESC"
        )
        words = [word for word, _ in cursor.fetchall()]
    return {
        "very common": words[0],
        "common": words[len(words) // 100],
        "middling": words[len(words) // 4],
        "rare": words[-1],
    }


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


def _pages(wanted: Wanted, depth: float) -> list[Query]:
    """Queries of pages that begin near a depth of what is wanted."""
    key = KEYS[wanted.ordering]
    places = search.matching(wanted).ordered(key).values_list(key, "video_id")
    at = int(depth * search.matching(wanted).count())
    near = list(places[at : at + PLACES * SIZE : SIZE])
    read = columns(DEFAULT_FIELDS)
    starts = [Start(place) for place in near] if depth else [Start()]
    return [
        search.query(wanted, read, SIZE, start).query.sql_with_params()
        for start in starts
    ]


def _largest_channel() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel_id FROM songs_listedvideo GROUP BY 1 ORDER BY count(*) DESC"
        )
        return cursor.fetchone()[0]


def _report(label: str, queries: list[Query], rounds: int, keys: list[Query]) -> None:
    """Time these queries and the reference by turns: others may use the machine too."""
    rng, took, reference = random.Random(0), [], []
    for query in queries:
        _fetch(*query)
    for _ in range(rounds):
        took += _times([lambda: _fetch(*rng.choice(queries))], 1)
        reference += _times([lambda: _fetch(*rng.choice(keys))], 1)
    _show(label, took, statistics.median(reference))


def _fetch(sql: str, params: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.fetchall()


def _times(works: list[Callable[[], object]], rounds: int) -> list[float]:
    """Milliseconds of each."""
    times = []
    for work in works * rounds:
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return times


def _show(label: str, times: list[float], reference: float | None = None) -> None:
    p50 = statistics.median(times)
    p99 = sorted(times)[int(0.99 * (len(times) - 1))]
    ratio = f"{p50 / reference:>8.2f}" if reference else ""
    print(f"{label:<44}{p50:>8.2f}{p99:>8.2f}{ratio}", flush=True)


if __name__ == "__main__":
    main()
