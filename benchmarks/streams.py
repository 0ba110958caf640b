"""How fast all videos are sent as JSON, NDJSON and CSV, beside COPY.

    python benchmarks/streams.py [--videos 100000] [--rounds 3] [--keep]

Claims: at most twice the time of COPY (SELECT row_to_json(...)) of the same columns in
the same order; the first byte within 200 ms; memory under 100 MB more, at any size.
Each answer is read to its end in a process of its own, through all of Django.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from catalogue import fill
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from scratch import scratch_database

from api.serializers import NewVideoSerializer, RowSerializer, ThumbnailSerializer
from api.video_serializers import DEFAULT_FIELDS, columns
from songs import search
from songs.models import NewVideo
from songs.search import Wanted

Times = tuple[float, float, float, int]  # first byte, all, MB more, bytes


def _rows(serializer: type[RowSerializer]) -> QuerySet:
    videos = NewVideo.objects.public().newest_first()
    return videos.values(*serializer.columns(), **serializer.computed)


def _found() -> QuerySet:
    return search.query(Wanted(), columns(DEFAULT_FIELDS), None)


class Answer(NamedTuple):
    path: str
    same: Callable[[], QuerySet]  # the columns and the order


ANSWERS = (
    Answer("/api/new-videos/", lambda: _rows(NewVideoSerializer)),
    Answer("/api/new-videos-thumbnails/", lambda: _rows(ThumbnailSerializer)),
    Answer("/api/videos/?format=ndjson", _found),
    Answer("/api/videos/?format=csv", _found),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="for the next run with it")
    parser.add_argument("--read", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(json.dumps(read(*options.read)))
        return
    with scratch_database(keep=options.keep, of=options.videos):
        fill(options.videos)
        measure(options.videos, options.rounds)


def measure(n_videos: int, rounds: int) -> None:
    print(f"{n_videos} videos; medians of {rounds}")
    print(f"{'':<30}{'s':>8}{'of COPY':>9}{'first byte ms':>15}{'MB more':>9}{'MB':>7}")
    for answer in ANSWERS:
        copies, reads = [], []
        for _ in range(rounds):  # by turns: others may use the machine too
            copies.append(copy(answer.same()))
            reads.append(_in_a_process(answer.path))
        first, took, more, size = (
            statistics.median(all_) for all_ in zip(*reads, strict=True)
        )
        copied = statistics.median(copies)
        print(f"{'COPY of the same':<30}{copied:>8.2f}{1:>9.2f}")
        print(
            f"{answer.path:<30}{took:>8.2f}{took / copied:>9.2f}{1000 * first:>15.0f}"
            f"{more:>9.0f}{size / 1e6:>7.0f}",
            flush=True,
        )


def copy(rows: QuerySet) -> float:
    """Seconds of COPY of these rows as JSON."""
    sql, params = rows.query.sql_with_params()
    start = time.perf_counter()
    with connection.cursor() as cursor:
        query = cursor.mogrify(f"SELECT row_to_json(r) FROM ({sql}) r", params)
        cursor.copy_expert(f"COPY ({query.decode()}) TO STDOUT", Sink())
    return time.perf_counter() - start


class Sink:
    """A file that forgets what it is given."""

    def write(self, data: bytes) -> int:
        return len(data)


def read(path: str, database: str) -> Times:
    """Read an answer to its end."""
    connection.settings_dict["NAME"] = database
    client = Client(SERVER_NAME="localhost")
    client.get("/api/videos/?limit=1")  # loads what loads once
    before, start = _peak_mb(), time.perf_counter()
    pieces = iter(client.get(path).streaming_content)
    size = len(next(pieces))
    first = time.perf_counter() - start
    size += sum(map(len, pieces))
    return first, time.perf_counter() - start, _peak_mb() - before, size


def _in_a_process(path: str) -> Times:
    database = connection.settings_dict["NAME"]
    command = [sys.executable, __file__, "--read", path, database]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return json.loads(answer.splitlines()[-1])


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
