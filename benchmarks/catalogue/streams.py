"""How fast all videos are sent as JSON and NDJSON, beside COPY.

    python -m benchmarks.catalogue.streams [--videos 100000] [--rounds 3] [--keep]

Claims: at most twice the time of COPY (SELECT row_to_json(...)) of the same columns in
the same order; the first byte within 200 ms; memory under 100 MB more, at any size.
Each answer is read to its end in a process of its own, through all of Django.
"""

import json
import logging
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from api.arrays2019.serializers import NewVideoSerializer, RowSerializer
from api.videos.serializers import DEFAULT_FIELDS, columns
from benchmarks.shared.running import run
from benchmarks.shared.table import Goal, Table, measured
from songs.browse import queries
from songs.browse.queries import VideoFilter
from songs.models import NewVideo

READ = "--read"  # a path, in a database: what a process of its own does
MANY = 1_000_000  # videos, of which one round is enough
Times = tuple[float, float, float, int]  # first byte, all, MB more, bytes


def _rows(serializer: type[RowSerializer]) -> QuerySet:
    videos = NewVideo.objects.public().newest_first()
    return videos.values(*serializer.columns(), **serializer.computed)


def _found() -> QuerySet:
    return queries.query(VideoFilter(), columns(DEFAULT_FIELDS), None)


class Answer(NamedTuple):
    path: str
    same: Callable[[], QuerySet]  # the columns and the order


ANSWERS = (
    Answer("/api/new-videos/", lambda: _rows(NewVideoSerializer)),
    Answer("/api/videos/?format=ndjson", _found),
)


def measure(table: Table, rounds: int = 3) -> None:
    table.head("All videos (x: of COPY of the same columns in the same order)")
    many = table.sizes[-1] >= MANY
    for path, same in ANSWERS:
        copies, reads = [], []
        for _ in range(1 if many else rounds):  # by turns
            copies.append(1000 * copy(same()))
            reads.append(_in_a_process(path))
        first, took, more, _ = (list(values) for values in zip(*reads, strict=True))
        copied = measured(copies)
        table.add(f"COPY for {path}", copied)
        table.add(path, measured(_ms(took), copied.p50), Goal(most=2))
        table.add(f"- first byte of {path}", measured(_ms(first)), Goal(p50=200))
        table.add(f"- MB of memory more, {path}", measured(more), Goal(p50=100))


def _ms(seconds: list[float]) -> list[float]:
    return [1000 * value for value in seconds]


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
    import_module("music_selector.wsgi")  # leaves the memory as the web process has it
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
    command = [
        sys.executable,
        "-m",
        "benchmarks.catalogue.streams",
        READ,
        path,
        database,
    ]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return json.loads(answer.splitlines()[-1])


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == [READ]:
        logging.disable()
        print(json.dumps(read(*sys.argv[2:])))
    else:
        run(__doc__, measure)
