"""How fast words are found, newest and best first, and values are counted.

    python -m benchmarks.catalogue.words [--videos 100000] [--rounds 20] [--keep]

Claims: words p50 <= 20 ms and p99 <= 100 ms; counts of everything p50 <= 5 ms.
"""

from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection

from api.videos.serializers import DEFAULT_FIELDS, columns
from benchmarks.shared.running import run
from benchmarks.shared.table import Cell, Goal, Table, measured, milliseconds
from songs.browse import counts, search
from songs.browse.filter import FACETS
from songs.browse.queries import FIRST, Cursor, VideoFilter, VideoOrder
from songs.models import ListedVideo, Mood

SIZE, PAGES = 50, 3
WORD_GOAL = Goal(p50=20, p99=100)
COUNT_GOAL = Goal(p50=5)
SHARES = {"very common": 0, "common": 0.01, "middling": 0.25, "rare": 1}
FREQUENCIES = """
    SELECT word, ndoc FROM ts_stat(
        'SELECT search FROM songs_newvideo TABLESAMPLE SYSTEM ({percent})')
     WHERE word ~ '^[a-z]{{4,}}$' ORDER BY ndoc DESC, word"""
SAMPLED = 10_000  # videos, about


def measure(table: Table, rounds: int = 20) -> None:
    table.head(f"A page of {SIZE} with a word, and its rows: the slowest of {PAGES}")
    for name, word in vocabulary().items():
        for order in (VideoOrder.NEWEST, VideoOrder.RANK):
            cells = list(_pages(VideoFilter(order, q=word), rounds))
            table.add(f"{name} word, {order}", max(cells), WORD_GOAL)
    table.head("Counts by all four facets (x: of count(*) with mood)")
    counted = measured(_times(_count_with_mood, rounds))
    table.add("count(*) with mood", counted)
    choices = {
        "everything": (VideoFilter(), COUNT_GOAL),
        "a mood": (VideoFilter(mood=Mood.SAD), COUNT_GOAL),
        "duration 2 to 4 min": (
            VideoFilter(min_duration=120, max_duration=240),
            Goal(),
        ),
    }
    for name, (filters, goal) in choices.items():
        took = _times(partial(counts.count_facets, filters, FACETS), rounds)
        table.add(f"facets of {name}", measured(took, counted.p50), goal)
    took = _times(counts.offered, rounds)
    table.add("/api/moods/", measured(took, counted.p50), COUNT_GOAL)


def _pages(filters: VideoFilter, rounds: int) -> Iterator[Cell]:
    """Of the first pages, one after the other, as somebody who leafs through them."""
    read, cursor = columns(DEFAULT_FIELDS), FIRST
    for _ in range(PAGES):
        ask = partial(search.page, filters, read, size=SIZE, cursor=cursor)
        yield measured(_times(ask, rounds))
        if (key := ask().next) is None:
            return
        cursor = Cursor(key)


def _times(work: Callable[[], object], rounds: int) -> list[float]:
    work()
    return [milliseconds(work) for _ in range(rounds)]


def _count_with_mood() -> None:
    ListedVideo.objects.filter(mood__isnull=False).count()


def vocabulary() -> dict[str, str]:
    """A word of each frequency, out of a sample of the videos."""
    percent = min(100, 100 * SAMPLED / max(1, ListedVideo.objects.count()))
    with connection.cursor() as cursor:
        cursor.execute(FREQUENCIES.format(percent=percent))
        words = [word for word, _ in cursor.fetchall()]
    return {
        name: words[int(share * (len(words) - 1))] for name, share in SHARES.items()
    }


if __name__ == "__main__":
    run(__doc__, measure)
