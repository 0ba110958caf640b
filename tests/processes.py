"""Processes that tests start: with the signals of a terminal, and ended whatever happens."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from tests.environment import ROOT, environment
from tests.waiting import PATIENCE_S

Process = subprocess.Popen[str]
Start = Callable[..., Process]

# What `nohup`, or a script that starts us in the background, has us ignore.
IGNORED_BY_SOME = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


@contextmanager
def running(
    *command: object, env: dict[str, str] | None = None, **options: Any
) -> Iterator[Process]:
    """A process in the root of the project, killed with its whole group at the end.

    Its environment is `environment()` unless told otherwise, its text is read as UTF-8.
    """
    options = {"cwd": ROOT, "encoding": "utf-8", "start_new_session": True} | options
    with _signals_of_a_terminal():
        process = subprocess.Popen(
            [str(part) for part in command],
            env=environment() if env is None else env,
            **options,
        )
    with process:  # closes its pipes and waits for it
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):  # all have ended
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def _signals_of_a_terminal() -> Iterator[None]:
    """Ignored signals are caught meanwhile: what is caught is as ever after an exec.

    A function that runs between fork and exec could set them too, but not safely
    beside the threads of the tests.
    """
    ignored = [s for s in IGNORED_BY_SOME if signal.getsignal(s) is signal.SIG_IGN]
    for signum in ignored:
        signal.signal(signum, _disregard)
    try:
        yield
    finally:
        for signum in ignored:
            signal.signal(signum, signal.SIG_IGN)


def _disregard(signum: int, frame: FrameType | None) -> None:
    """Do what ignoring does."""


def python(*arguments: object, **options: Any) -> Any:
    """Like `running`, of this Python."""
    return running(sys.executable, *arguments, **options)


def run_python(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run this Python to its end; what it wrote and its status."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with python(*arguments, **pipes | options) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def output_of(*arguments: object, **options: Any) -> str:
    """What this Python writes when it ends well, warnings and errors aside."""
    done = run_python(*arguments, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def end(process: Process) -> tuple[str, str]:
    """Wait for the end of a process that was told to; what it wrote meanwhile."""
    return process.communicate(timeout=PATIENCE_S)


def read_until(process: Process, words: str) -> str:
    """The lines of a process up to that with the words; fails if it ends without."""
    lines = []
    hangs = threading.Timer(PATIENCE_S, process.kill)
    hangs.start()
    try:
        for line in process.stdout:
            lines.append(line)
            if words in line:
                return "".join(lines)
    finally:
        hangs.cancel()
        hangs.join()
    pytest.fail("ended early:\n" + "".join(lines))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url() -> str:
    """DATABASE_URL of the test database, for processes that a test starts."""
    connection.ensure_connection()
    place = connection.connection.info.dsn_parameters
    user = f"{place['user']}:{quote(connection.settings_dict['PASSWORD'] or '')}"
    host = quote(place["host"], safe="")
    return f"postgres://{user}@{host}:{place['port']}/{place['dbname']}"
