"""How fast, and how well, the videos like a video are found.

    python benchmarks/similar.py [--videos 100000] [--rounds 200] [--keep]

Claims at 1,000,000 videos: p50 <= 10 ms, recall@10 >= .95 against looking at all vectors.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from running import run
from table import Cell, Goal, Table, measured, milliseconds

from songs.browse import queries
from songs.models import VideoVector
from songs.similar import embeddings
from songs.similar import query as similar
from songs.similar.pgvector import INDEX

N = 10
EXACT_ROUNDS = 25
EXACT_TIMEOUT_MS = 60_000
MEGABYTE = 1_000_000
SIZES = f"SELECT pg_relation_size('{INDEX}'), pg_table_size('songs_videovector')"
Found = list[list[str]]  # of each round, the nearest first


def measure(table: Table, rounds: int = 200) -> None:
    _place()
    ids = VideoVector.objects.order_by("video_id").values_list("pk", flat=True)
    seeds = random.Random(0).sample(list(ids), min(rounds, len(ids)))
    few = seeds[:EXACT_ROUNDS]
    _find(seeds[-1])  # the first one opens what the others share
    near, near_took = _asked(seeds, _near)
    found, found_took = _asked(seeds, _find)
    with looking_at_all():
        exact_near, exact_near_took = _asked(few, _near)
        exact_found, exact_found_took = _asked(few, _find)
    table.head(
        f"{N} similar videos (x of recall: of what looking at all vectors finds)"
    )
    slow = measured(exact_near_took), measured(exact_found_took)
    table.add("nearest, looking at all vectors", slow[0])
    table.add("nearest, by the index", measured(near_took, slow[0].p50))
    table.add("similar, looking at all vectors", slow[1])
    table.add("similar, with reasons", measured(found_took, slow[1].p50), Goal(p50=10))
    recalls = _recall(near, exact_near), _recall(found, exact_found)
    table.add(f"recall@{N} of the nearest", Cell(ratio=recalls[0]), Goal(least=0.95))
    table.add(f"recall@{N} of the answers", Cell(ratio=recalls[1]), Goal(least=0.95))


def _place() -> None:
    """Place the videos that are not placed yet, and build the index."""
    building = _timed_build()
    started = time.perf_counter()
    placed = embeddings.embed_pending().videos
    if placed:
        seconds = time.perf_counter() - started - sum(building)
        index, vectors = _one(SIZES)
        print(
            f"placed {placed} videos in {seconds:.0f} s, built the index in "
            f"{sum(building):.0f} s: {index / MEGABYTE:.0f} MB beside "
            f"{vectors / MEGABYTE:.0f} MB of vectors",
            file=sys.stderr,
        )


@contextmanager
def looking_at_all() -> Iterator[None]:
    bounded = queries.BOUNDED
    queries.BOUNDED = bounded.replace(str(queries.TIMEOUT_MS), str(EXACT_TIMEOUT_MS))
    with connection.cursor() as cursor:
        cursor.execute("SET enable_indexscan = off")
        yield
        cursor.execute("RESET enable_indexscan")
    queries.BOUNDED = bounded


def _near(video_id: str) -> list[str]:
    with queries.bounded():
        return [near for near, _ in similar._near(video_id, [], [])]


def _find(video_id: str) -> list[str]:
    return [neighbour.video_id for neighbour in similar.find(video_id, n=N)]


def _asked(
    seeds: list[str], ask: Callable[[str], list[str]]
) -> tuple[Found, list[float]]:
    """What is found for each, and in how many milliseconds."""
    found: Found = []
    times = [milliseconds(lambda seed=seed: found.append(ask(seed))) for seed in seeds]
    return found, times


def _recall(found: Found, exact: Found) -> float:
    """How many of the right ones are there; of each round as far as both go."""
    pairs = [(set(f[:N]), set(e[:N])) for f, e in zip(found, exact, strict=False)]
    return sum(len(f & e) for f, e in pairs) / sum(len(e) for _, e in pairs)


def _timed_build() -> list[float]:
    """The seconds of each index that is built from now on."""
    seconds: list[float] = []
    build = embeddings._build_index

    def timed(*settings: str) -> None:
        started = time.perf_counter()
        build(*settings)
        seconds.append(time.perf_counter() - started)

    embeddings._build_index = timed
    return seconds


def _one(query: str) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


if __name__ == "__main__":
    run(__doc__, measure)
