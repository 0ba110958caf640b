"""How fast, and how well, the videos like a video are found.

    python benchmarks/similar.py [--videos 100000] [--rounds 200] [--keep]

Claims at 1,000,000 videos: p50 <= 10 ms, recall@10 >= .95 against looking at all vectors.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from catalogue import fill
from django.db import connection
from scratch import scratch_database

from songs import search, similar, similar_vectors
from songs.models import VideoVector
from songs.pgvector import INDEX

N = 10
EXACT_ROUNDS = 50
EXACT_TIMEOUT_MS = 60_000
MEGABYTE = 1_000_000
SIZES = f"SELECT pg_relation_size('{INDEX}'), pg_table_size('songs_videovector')"
Found = list[list[str]]  # of each round, the nearest first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--keep", action="store_true", help="for the next run with it")
    options = parser.parse_args()
    with scratch_database(keep=options.keep, of=options.videos):
        fill(options.videos)
        place()
        measure(options.rounds)


def place() -> None:
    """Place the videos that are not placed yet, and build the index."""
    building = _timed_build()
    started = time.perf_counter()
    placed = similar_vectors.compare_pending().videos
    seconds = time.perf_counter() - started - sum(building)
    index, table = _one(SIZES)
    print(f"{VideoVector.objects.count()} videos; placed {placed} in {seconds:.0f} s")
    print(f"index built in {sum(building):.0f} s, {index / MEGABYTE:.0f} MB", end="")
    print(f" beside {table / MEGABYTE:.0f} MB of vectors")


def measure(rounds: int) -> None:
    ids = VideoVector.objects.order_by("video_id").values_list("pk", flat=True)
    seeds = random.Random(0).sample(list(ids), rounds)
    few = seeds[:EXACT_ROUNDS]
    _find(seeds[-1])  # the first one opens what the others share
    print(f"\n{'ms':<44}{'p50':>8}{'p99':>8}")
    near = _report("nearest, by the index", seeds, _near)
    found = _report(f"{N} similar, with reasons", seeds, _find)
    with looking_at_all():
        exact_near = _report("nearest, looking at all", few, _near)
        exact_found = _report(f"{N} similar, looking at all", few, _find)
    print(f"\nrecall@{N} of the nearest {_recall(near, exact_near):.3f}", end="")
    print(f", of the answers {_recall(found, exact_found):.3f}")


@contextmanager
def looking_at_all() -> Iterator[None]:
    bounded = search.BOUNDED
    search.BOUNDED = bounded.replace(str(search.TIMEOUT_MS), str(EXACT_TIMEOUT_MS))
    with connection.cursor() as cursor:
        cursor.execute("SET enable_indexscan = off")
        yield
        cursor.execute("RESET enable_indexscan")
    search.BOUNDED = bounded


def _near(video_id: str) -> list[str]:
    with search.bounded():
        return [near for near, _ in similar._near(video_id, [], [])]


def _find(video_id: str) -> list[str]:
    return [neighbour.video_id for neighbour in similar.find(video_id, n=N)]


def _report(label: str, seeds: list[str], ask: Callable[[str], list[str]]) -> Found:
    found, times = [], []
    for seed in seeds:
        started = time.perf_counter()
        found.append(ask(seed))
        times.append((time.perf_counter() - started) * 1000)
    p99 = statistics.quantiles(times, n=100)[98]
    print(f"{label:<44}{statistics.median(times):>8.1f}{p99:>8.1f}", flush=True)
    return found


def _recall(found: Found, exact: Found) -> float:
    """How many of the right ones are there; of each round as far as both go."""
    pairs = [(set(f[:N]), set(e[:N])) for f, e in zip(found, exact, strict=False)]
    return sum(len(f & e) for f, e in pairs) / sum(len(e) for _, e in pairs)


def _timed_build() -> list[float]:
    """The seconds of each index that is built from now on."""
    seconds: list[float] = []
    build = similar_vectors._build_index

    def timed(*settings: str) -> None:
        started = time.perf_counter()
        build(*settings)
        seconds.append(time.perf_counter() - started)

    similar_vectors._build_index = timed
    return seconds


def _one(query: str) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


if __name__ == "__main__":
    main()
