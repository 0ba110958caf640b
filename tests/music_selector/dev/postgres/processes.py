"""Processes that use an embedded PostgreSQL, and what can be seen of it from outside."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from music_selector.dev.postgres import files

PROJECT = Path(__file__).resolve().parents[4]

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


def start_user(data_dir: Path, then: str = WAIT) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER + then, data_dir],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    )


def end_user(user: subprocess.Popen[str]) -> None:
    user.communicate(timeout=60)
    assert user.returncode == 0


def kill_user(user: subprocess.Popen[str]) -> None:
    user.kill()
    user.communicate()


def is_running(data_dir: Path) -> bool:
    locks = [data_dir / "postgres" / name for name in ("server.lock", "monitor.lock")]
    return any(lock.exists() and files.is_held(lock) for lock in locks)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def postmaster_pid(data_dir: Path) -> int:
    text = (data_dir / "postgres" / "cluster" / "postmaster.pid").read_text()
    return int(text.splitlines()[0])


def monitor_pid(data_dir: Path) -> int:
    command = f"embedded_postgres\0{data_dir}/postgres\0".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        if path.read_bytes().endswith(command):
            return int(path.parent.name)
    raise AssertionError("no monitor")


def fetch(connection: BaseDatabaseWrapper, sql: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()
