"""A web server in a process of its own loses its PostgreSQL and gets it back."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.api.postgres import Postgres
from tests.environment import environment
from tests.processes import free_port, output_of, python
from tests.waiting import PATIENCE_S, wait_until

PATHS = ["/api/new-videos/", "/api/moods/", "/", "/health/ready"]


class Answer(NamedTuple):
    status: int
    retry_after: str | None
    body: bytes


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="outage-", dir="/tmp"))
    folder.chmod(0o777)  # the account of PostgreSQL writes here, if we are root
    server = Postgres(folder, port=free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def get(postgres: Postgres) -> Iterator[Callable[[str], Answer]]:
    """Asks the web server for a path."""
    port = free_port()
    env = environment(DATABASE_URL=postgres.url, PYTHONWARNINGS="ignore")
    output_of("manage.py", "migrate", "-v0", env=env)
    command = ["gunicorn", "-b", f"127.0.0.1:{port}", "music_selector.wsgi"]

    def ask(path: str) -> Answer:
        with closing(HTTPConnection("127.0.0.1", port, PATIENCE_S)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            retry_after = response.getheader("Retry-After")
            return Answer(response.status, retry_after, response.read())

    with python("-m", *command, env=env):
        wait_until(lambda: ask("/health/live"), passing=(ConnectionRefusedError,))
        yield ask


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
