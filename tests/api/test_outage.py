"""A web server in a process of its own loses its PostgreSQL and gets it back."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from tests.api.postgres import Postgres

PATHS = ["/api/new-videos/", "/api/moods/", "/", "/health/ready"]
START_S = 60


class Answer(NamedTuple):
    status: int
    retry_after: str | None
    body: bytes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="outage-", dir="/tmp"))
    folder.chmod(0o777)  # the account of PostgreSQL writes here, if we are root
    server = Postgres(folder, port=free_port())
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def get(postgres: Postgres) -> Iterator[Callable[[str], Answer]]:
    """Asks the web server for a path."""
    port = free_port()
    environment = os.environ | {
        "MOODIBEATS_DEV": "1",
        "DATABASE_URL": postgres.url,
        "PYTHONWARNINGS": "ignore",
    }
    run = {"cwd": settings.BASE_DIR, "env": environment}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, **run)
    command = ["gunicorn", "-b", f"127.0.0.1:{port}", "music_selector.wsgi"]
    web = subprocess.Popen([sys.executable, "-m", *command], **run)

    def ask(path: str) -> Answer:
        with closing(HTTPConnection("127.0.0.1", port, timeout=START_S)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            retry_after = response.getheader("Retry-After")
            return Answer(response.status, retry_after, response.read())

    wait_for(lambda: ask("/health/live"))
    yield ask
    web.terminate()
    web.wait(START_S)


def wait_for(ask: Callable[[], Answer]) -> Answer:
    deadline = time.monotonic() + START_S
    while True:
        try:
            return ask()
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_outage_is_503_with_retry_after_and_ends_without_a_restart(postgres, get):
    assert {get(path).status for path in PATHS} == {200}

    postgres.stop()
    away = [get(path) for path in PATHS * 2]  # a broken connection, then a refused one
    alive = get("/health/live")
    postgres.start()

    assert {answer.status for answer in away} == {503}
    assert {answer.retry_after for answer in away} == {"10"}
    assert b'"database_unavailable"' in away[0].body
    assert alive.status == 200
    assert {get(path).status for path in PATHS} == {200}
