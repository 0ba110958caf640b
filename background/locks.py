"""Advisory locks of PostgreSQL that let a job run once, and SIGTERM as an exception."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

logger = logging.getLogger(__name__)

IS_LOCKED = """
    SELECT EXISTS (
        SELECT FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND objsubid = 1
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (classid::bigint << 32) | objid::bigint = hashtext(%s))"""


class AlreadyRunning(Exception):
    """Another process is running this job; it will do the work."""


class Interrupted(BaseException):
    """Somebody asked this process to end (SIGTERM)."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM raise Interrupted, so that what was begun is put away.

    Whoever listens to SIGTERM already, e.g. the worker, goes on doing so.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or callable(signal.getsignal(signal.SIGTERM)):
        yield
        return

    def interrupt(signum: int, frame: FrameType | None) -> Any:
        raise Interrupted(signal.strsignal(signum))

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def is_locked(work: str) -> bool:
    """Whether somebody alive holds the lock of this work."""
    with connection.cursor() as cursor:
        cursor.execute(IS_LOCKED, [lock_name(work)])
        return cursor.fetchone()[0]


@contextmanager
def alone(work: str) -> Iterator[None]:
    """Hold the lock of this work; SIGTERM raises Interrupted inside.

    A process that dies gives the lock up. Raises AlreadyRunning.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [lock_name(work)])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(f"{work} is already running.")
    try:
        with interruptible():
            yield
    finally:
        _unlock(work)


def lock_name(work: str) -> str:
    return f"moodibeats.{work}"


def _unlock(work: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [lock_name(work)])
    except (DatabaseError, InterfaceError):
        logger.warning("the database went away; it has dropped the lock of %s", work)
