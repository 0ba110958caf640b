"""A page of 50 through gunicorn, beside the same bytes and stock REST framework.

    python benchmarks/serving.py [--videos 100000] [--seconds 3] [--rounds 3] [--keep]

Claims: at least 0.3 of the requests a second of a WSGI application that answers with the
same bytes, and 0.5 of them where the client has the page (304); at least 15 times those
of stock Django REST framework; 0.8 of them while 50 labels a second are written.
Each server is one gunicorn process with our configuration, and wrk asks it by turns
with the others over 8 connections.
"""

import argparse
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import Request, urlopen

from catalogue import fill
from django.db import connection
from references import FIELDS
from scratch import ROOT, scratch_database
from table import Cell, Goal, Table

from songs import labelling
from songs.models import Mood, MoodLabel, NewVideo

PORT = 8710
CONNECTIONS = 8
LABELS_A_SECOND = 50
START_SECONDS = 30
PAGE = f"/api/videos/?limit=50&fields={','.join(FIELDS)}"
LIGHT_PAGE = "/api/videos/?limit=50"
PROXY = "X-Forwarded-Proto: https"  # production sends others to https
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
LATENCY = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s)", re.MULTILINE)
FAILED = re.compile(r"(Non-2xx.*|Socket errors.*)")
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}


class Load(NamedTuple):
    """What wrk measured, medians over the rounds."""

    rate: float  # requests a second
    p50: float  # ms
    p99: float

    def beside(self, other: "Load | None" = None) -> Cell:
        return Cell(self.p50, self.p99, self.rate / other.rate if other else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="for the next run with it")
    options = parser.parse_args()
    with scratch_database(keep=options.keep, of=options.videos):
        fill(options.videos)
        table = Table()
        table.of(options.videos)
        measure(table, options.rounds, options.seconds)
        table.print()


def measure(table: Table, rounds: int, seconds: int) -> None:
    """Fill in the lines; without wrk there are none."""
    if shutil.which("wrk") is None:
        print("wrk is not installed: no requests through gunicorn", file=sys.stderr)
        return
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        ours = running.enter_context(gunicorn("music_selector.wsgi", PORT))
        page, tag = _read(ours + PAGE)
        (folder / "page").write_bytes(page)
        same = running.enter_context(
            gunicorn("references:same_bytes", PORT + 1, bytes_=folder / "page")
        )
        stock = running.enter_context(gunicorn("references:stock()", PORT + 2))
        asked = {
            "bytes": [same],
            "page": [ours + PAGE],
            "304": [ours + PAGE, "-H", f"If-None-Match: {tag}"],
            "light": [ours + LIGHT_PAGE],
            "stock": [f"{stock}/videos/"],
        }
        _show(table, _by_turns(asked, rounds, seconds), len(page))
        _writes(table, [ours + LIGHT_PAGE], rounds, seconds)


def _show(table: Table, loads: dict[str, Load], size: int) -> None:
    table.head("Through gunicorn, 8 connections (x: of the requests a second)")
    bytes_, stock = loads["bytes"], loads["stock"]
    table.add(f"WSGI application, {size // 1000} kB", bytes_.beside())
    table.add("page of 50, descriptions", loads["page"].beside(bytes_), Goal(least=0.3))
    table.add("304 of that page", loads["304"].beside(bytes_), Goal(least=0.5))
    table.add("stock REST framework, a page of 50", stock.beside())
    table.add("page of 50, beside stock", loads["page"].beside(stock), Goal(least=15))
    table.add("page of 50, without descriptions", loads["light"].beside(bytes_))


def _writes(table: Table, asked: list[str], rounds: int, seconds: int) -> None:
    """Read alone and while labels are written, by turns."""
    alone, beside = [], []
    for _ in range(rounds):
        alone.append(_wrk(asked, seconds))
        with labels_written():
            beside.append(_wrk(asked, seconds))
    table.head(f"While {LABELS_A_SECOND} labels a second are written")
    reads = _median(alone)
    table.add("page of 50, nobody writes", reads.beside())
    table.add(
        "page of 50, labels written", _median(beside).beside(reads), Goal(least=0.8)
    )


@contextmanager
def labels_written() -> Iterator[None]:
    """LABELS_A_SECOND labels a second, each in a transaction of its own."""
    ids = list(NewVideo.objects.order_by("?").values_list("pk", flat=True)[:1000])
    stop = threading.Event()
    writer = threading.Thread(target=_write, args=(ids, stop))
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def _write(ids: list[str], stop: threading.Event) -> None:
    rng, started = random.Random(0), time.perf_counter()
    for number in count():
        left = started + number / LABELS_A_SECOND - time.perf_counter()
        if stop.wait(max(0, left)):
            break
        mood = rng.choice(Mood.values)
        labelling.label(rng.choice(ids), mood, who="bench", source=MoodLabel.Source.API)
    connection.close()
    if left < -1:
        raise RuntimeError(f"The writer is {-left:.1f} s behind.")


@contextmanager
def gunicorn(application: str, port: int, bytes_: Path = Path()) -> Iterator[str]:
    """A server with the configuration of this project; gives its address."""
    environment = os.environ | {
        "DATABASE_URL": _database_url(),
        "SECRET_KEY": "of a benchmark, and long enough to pass for one of production",
        "ALLOWED_HOSTS": "127.0.0.1",
        "MOODIBEATS_DEV": "",
        "WEB_CONCURRENCY": "1",
        "PORT": str(port),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}",
        "REFERENCE_BYTES": str(bytes_),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", application]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _database_url() -> str:
    """Of the database in use, for processes that are configured apart from us."""
    connection.ensure_connection()
    at = connection.connection.info
    password = f":{quote(at.password, safe='')}" if at.password else ""
    host = quote(at.host, safe="")
    return f"postgres://{at.user}{password}@{host}:{at.port}/{at.dbname}"


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(10 * START_SECONDS):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            raise RuntimeError(f"gunicorn ended with status {server.returncode}.")
        time.sleep(0.1)
    raise RuntimeError(f"gunicorn does not listen on {port}.")


def _read(url: str) -> tuple[bytes, str]:
    name, _, value = PROXY.partition(": ")
    with urlopen(Request(url, headers={name: value})) as answer:
        return answer.read(), answer.headers["ETag"]


def _by_turns(
    asked: dict[str, list[str]], rounds: int, seconds: int
) -> dict[str, Load]:
    """Others may use the machine too: each round asks all of them."""
    loads: dict[str, list[Load]] = {name: [] for name in asked}
    for arguments in asked.values():
        _wrk(arguments, 1)  # the first requests load what loads once
    for _ in range(rounds):
        for name, arguments in asked.items():
            loads[name].append(_wrk(arguments, seconds))
    return {name: _median(found) for name, found in loads.items()}


def _wrk(arguments: list[str], seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    done = subprocess.run(
        [*command, "--latency", "-H", PROXY, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    if failed := FAILED.search(done.stdout):
        raise RuntimeError(f"{arguments[0]}: {failed[0].strip()}")
    p50, p99 = (
        float(value) * MILLISECONDS[unit]
        for _, value, unit in LATENCY.findall(done.stdout)
    )
    return Load(float(RATE.search(done.stdout)[1]), p50, p99)


def _median(loads: list[Load]) -> Load:
    return Load(*map(statistics.median, zip(*loads, strict=True)))


if __name__ == "__main__":
    main()
