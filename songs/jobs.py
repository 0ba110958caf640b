"""How every scheduled job runs: alone, in the ledger, and ready to be stopped."""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from songs.models import IngestRun, SearchProfile
from songs.models.video import Origin
from songs.youtube import YouTubeError

logger = logging.getLogger(__name__)
Status = IngestRun.Status
ErrorTypes = type[Exception] | tuple[type[Exception], ...]


class AlreadyRunning(Exception):
    """Another process is running this job; it will do the work."""


class Interrupted(BaseException):
    """Somebody asked this process to end (SIGTERM)."""


IS_LOCKED = """
    SELECT EXISTS (
        SELECT FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND objsubid = 1
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND (classid::bigint << 32) | objid::bigint = hashtext(%s))"""


def is_running(job: str) -> bool:
    """Whether a process is doing `job` now, on whichever machine."""
    return is_locked(_lock_name(job))


def is_locked(name: str) -> bool:
    """Whether somebody alive holds the advisory lock of this name."""
    with connection.cursor() as cursor:
        cursor.execute(IS_LOCKED, [name])
        return cursor.fetchone()[0]


@contextmanager
def exclusive(job: str) -> Iterator[None]:
    """Run `job` in one process at a time, over all machines of this database.

    Runs that an earlier process left unfinished are marked interrupted: the lock
    is ours, so nobody is working on them. SIGTERM raises Interrupted inside.
    Raises AlreadyRunning.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_lock_name(job)])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(f"{job} is already running.")
    try:
        IngestRun.objects.filter(job=job, status=Status.RUNNING).update(
            status=Status.INTERRUPTED, ended=timezone.now()
        )
        with interruptible():
            yield
    finally:
        _unlock(job)


@contextmanager
def recorded(
    job: str,
    *,
    profile: SearchProfile | None = None,
    origin: str = Origin.YOUTUBE,
    spoken: ErrorTypes = YouTubeError,
) -> Iterator[IngestRun]:
    """A ledger row around a piece of work; the body may set counts and a status.

    Of an error the row keeps the words if they are ours (`spoken`), else the type.
    """
    run = IngestRun.objects.create(
        job=job, profile=profile, origin=origin, started=timezone.now()
    )
    try:
        yield run
    except BaseException as exc:
        run.status = Status.FAILED if isinstance(exc, Exception) else Status.INTERRUPTED
        run.error = str(exc) if isinstance(exc, spoken) else type(exc).__name__
        _close(run)
        raise
    if run.status == Status.RUNNING:
        run.status = Status.SUCCEEDED
    _close(run)


def last_good(job: str, *, origin: str = Origin.YOUTUBE) -> IngestRun | None:
    """The newest run of `job` that reached its end or its budget, if there is one."""
    good = [Status.SUCCEEDED, Status.PAUSED]
    return IngestRun.objects.filter(job=job, origin=origin, status__in=good).first()


def _lock_name(job: str) -> str:
    return f"moodibeats.{job}"


def _unlock(job: str) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_lock_name(job)])
    except (DatabaseError, InterfaceError):
        logger.warning("the database went away; it has dropped the lock of %s", job)


def _close(run: IngestRun) -> None:
    run.ended = timezone.now()
    try:
        run.save()
    except (DatabaseError, InterfaceError):
        logger.warning("the ledger could not be closed for %s", run.job)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM raise Interrupted, so that what was begun is put away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(signum: int, frame: FrameType | None) -> Any:
        raise Interrupted(signal.strsignal(signum))

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
