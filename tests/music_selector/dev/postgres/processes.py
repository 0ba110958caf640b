"""Processes that use an embedded PostgreSQL, and what can be seen of it from outside."""

from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from music_selector.dev.postgres import files
from tests.processes import Process, end
from tests.waiting import wait_until

# Use the server of argv[1], say since when it runs, and leave when stdin closes.
USER = """
import os, subprocess, sys
from pathlib import Path
import psycopg2
from music_selector.dev.postgres.server import server
embedded = server(Path(sys.argv[1]))
def started(use=embedded.use):
    with_login = {"user": "moodibeats", "dbname": "moodibeats"}
    try:
        connection = psycopg2.connect(host=str(use()), **with_login)
    except psycopg2.OperationalError:
        connection = psycopg2.connect(host=str(embedded.revive()), **with_login)
    cursor = connection.cursor()
    cursor.execute("SELECT pg_postmaster_start_time()")
    return cursor.fetchone()[0].isoformat()
print(started(), flush=True)
"""
WAIT = "sys.stdin.read()\n"


def end_user(user: Process) -> None:
    end(user)
    assert user.returncode == 0


def kill_user(user: Process) -> None:
    user.kill()
    end(user)


def is_running(data_dir: Path) -> bool:
    return _is_held(data_dir, "server.lock") or _is_held(data_dir, "monitor.lock")


def assert_it_stopped(data_dir: Path) -> None:
    """The last user leaves no server; the monitor has nothing left to do but to exit."""
    assert not _is_held(data_dir, "server.lock")
    wait_until(lambda: not is_running(data_dir))


def _is_held(data_dir: Path, name: str) -> bool:
    lock = data_dir / "postgres" / name
    return lock.exists() and files.is_held(lock)


def postmaster_pid(data_dir: Path) -> int:
    text = (data_dir / "postgres" / "cluster" / "postmaster.pid").read_text()
    return int(text.splitlines()[0])


def monitor_pid(data_dir: Path) -> int:
    command = f"music_selector.dev.postgres\0{data_dir}/postgres\0".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if path.read_bytes().endswith(command):
            return int(path.parent.name)
    raise AssertionError("no monitor")


def fetch(connection: BaseDatabaseWrapper, sql: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()
