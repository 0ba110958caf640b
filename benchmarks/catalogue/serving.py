"""A page of 50 through gunicorn, beside the same bytes and stock REST framework.

    python -m benchmarks.catalogue.serving [--videos 100000] [--rounds 3] [--keep]

Claims: at least 0.3 of the requests a second of a WSGI application that answers with the
same bytes, and where the client has the page (304); at least 15 times those of stock
Django REST framework; 0.8 of them left while 50 labels a second are written.
Each server is one gunicorn process with our configuration, and wrk asks it by turns
with the others over 8 connections, for gzip as browsers and libraries do.
"""

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
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.db import connection

from benchmarks.shared.references import FIELDS
from benchmarks.shared.running import run
from benchmarks.shared.scratch import ROOT
from benchmarks.shared.table import Cell, Goal, Table, measured, milliseconds
from songs.labelling import record
from songs.models import Mood, MoodLabel, NewVideo

PORT = 8710
CONNECTIONS = 8
LABELS_A_SECOND = 50
WRITERS = 10
START_SECONDS = 30
SECONDS = 3  # of each load
PAGE = f"/api/videos/?limit=50&fields={','.join(FIELDS)}"
LIGHT_PAGE = "/api/videos/?limit=50"
UNCACHED = "Cookie: sessionid=of-nobody"  # such clients get nothing from the cache
KEEPS = Goal(least=0.8)
HEADERS = {
    "X-Forwarded-Proto": "https",  # production sends others to https
    "Accept-Encoding": "gzip",
}
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


def measure(table: Table, rounds: int = 3) -> None:
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
            gunicorn(
                "benchmarks.shared.references:same_bytes",
                PORT + 1,
                bytes_=folder / "page",
            )
        )
        stock = running.enter_context(
            gunicorn("benchmarks.shared.references:stock()", PORT + 2)
        )
        asked = {
            "bytes": [same],
            "cached": [ours + PAGE],
            "304": [ours + PAGE, "-H", f"If-None-Match: {tag}"],
            "built": [ours + PAGE, "-H", UNCACHED],
            "stock": [f"{stock}/videos/"],
        }
        _show(table, _by_turns(asked, rounds))
        _writes(table, ours + LIGHT_PAGE, rounds)


def _show(table: Table, loads: dict[str, Load]) -> None:
    table.head("Through gunicorn, 8 connections (x: of the requests a second)")
    bytes_, stock = loads["bytes"], loads["stock"]
    table.add("WSGI application with the same bytes", bytes_.beside())
    table.add(
        "page of 50, descriptions", loads["cached"].beside(bytes_), Goal(least=0.3)
    )
    table.add("304 of that page", loads["304"].beside(bytes_), Goal(least=0.3))
    table.add("that page built each time", loads["built"].beside(bytes_))
    table.add("stock REST framework", stock.beside())
    table.add("page of 50, beside stock", loads["cached"].beside(stock), Goal(least=15))
    table.add("that page built each time, beside stock", loads["built"].beside(stock))


def _writes(table: Table, url: str, rounds: int) -> None:
    """Read alone and while labels are written, by turns."""
    table.head(f"While {LABELS_A_SECOND} labels a second are written")
    for name, headers in {"page": [], "page built each time": ["-H", UNCACHED]}.items():
        alone, beside, labels = [], [], []
        for _ in range(rounds):
            alone.append(_wrk([url, *headers], SECONDS))
            with labels_written(labels):
                beside.append(_wrk([url, *headers], SECONDS))
        reads = _median(alone)
        table.add(f"{name}, nobody writes", reads.beside())
        table.add(f"{name}, labels written", _median(beside).beside(reads), KEEPS)
    table.add("a label", measured(labels))


@contextmanager
def labels_written(took: list[float]) -> Iterator[None]:
    """LABELS_A_SECOND labels a second, each in a transaction; `took` gets their ms."""
    ids = list(NewVideo.objects.order_by("?").values_list("pk", flat=True)[:1000])
    stop, before, started = threading.Event(), len(took), time.perf_counter()
    writers = [
        threading.Thread(target=_write, args=(ids[number::WRITERS], stop, took))
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    rate = (len(took) - before) / (time.perf_counter() - started)
    if rate < 0.9 * LABELS_A_SECOND:
        print(f"only {rate:.0f} labels a second were written", file=sys.stderr)


def _write(ids: list[str], stop: threading.Event, took: list[float]) -> None:
    """A share of the labels, at an even pace however long one takes."""
    rng, started, source = random.Random(0), time.perf_counter(), MoodLabel.Source.API
    for number in count():
        due = started + number * WRITERS / LABELS_A_SECOND
        if stop.wait(max(0, due - time.perf_counter())):
            break
        which, mood = rng.choice(ids), rng.choice(Mood.values)
        label = partial(record.label, which, mood, who="bench", source=source)
        took.append(milliseconds(label))
    connection.close()


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
        "PYTHONPATH": str(ROOT),
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
    with urlopen(Request(url, headers=HEADERS)) as response:
        return response.read(), response.headers["ETag"]


def _by_turns(asked: dict[str, list[str]], rounds: int) -> dict[str, Load]:
    """Others may use the machine too: each round asks all of them."""
    loads: dict[str, list[Load]] = {name: [] for name in asked}
    for arguments in asked.values():
        _wrk(arguments, 1)  # the first requests load what loads once
    for _ in range(rounds):
        for name, arguments in asked.items():
            loads[name].append(_wrk(arguments, SECONDS))
    return {name: _median(found) for name, found in loads.items()}


def _wrk(arguments: list[str], seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    for name, value in HEADERS.items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run(
        [*command, "--latency", *arguments],
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
    run(__doc__, measure)
