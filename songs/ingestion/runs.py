"""How every scheduled job runs: alone, in the ledger, and ready to be stopped."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from background.locks import alone
from songs.models import IngestRun, SearchProfile
from songs.models.video import Origin
from songs.youtube.client import YouTubeError

logger = logging.getLogger(__name__)
Status = IngestRun.Status
ErrorTypes = type[Exception] | tuple[type[Exception], ...]


@contextmanager
def exclusive(job: str) -> Iterator[None]:
    """Run `job` in one process at a time, over all machines of this database.

    Runs that an earlier process left unfinished are marked interrupted: we
    hold the lock, so no process works on them. SIGTERM raises Interrupted inside.
    Raises AlreadyRunning.
    """
    with alone(job):
        IngestRun.objects.filter(job=job, status=Status.RUNNING).update(
            status=Status.INTERRUPTED, ended=timezone.now()
        )
        yield


@contextmanager
def recorded(
    job: str,
    *,
    profile: SearchProfile | None = None,
    origin: str = Origin.YOUTUBE,
    shown: ErrorTypes = YouTubeError,
) -> Iterator[IngestRun]:
    """A ledger row around a piece of work; the body may set counts and a status.

    Of an error the row keeps the message if it is one of ours (`shown`), else the type.
    """
    run = IngestRun.objects.create(
        job=job, profile=profile, origin=origin, started=timezone.now()
    )
    try:
        yield run
    except BaseException as exc:
        run.status = Status.FAILED if isinstance(exc, Exception) else Status.INTERRUPTED
        run.error = str(exc) if isinstance(exc, shown) else type(exc).__name__
        _close(run)
        raise
    if run.status == Status.RUNNING:
        run.status = Status.SUCCEEDED
    _close(run)


def reasons(refused: Mapping[str, int]) -> str:
    """The reasons of a run with their counts, e.g. "licence 1, unavailable 2"."""
    return ", ".join(f"{reason} {n}" for reason, n in sorted(refused.items()))


def last_good(job: str, *, origin: str = Origin.YOUTUBE) -> IngestRun | None:
    """The newest run of `job` that reached its end or its budget, if there is one."""
    good = [Status.SUCCEEDED, Status.PAUSED]
    return IngestRun.objects.filter(job=job, origin=origin, status__in=good).first()


def _close(run: IngestRun) -> None:
    run.ended = timezone.now()
    try:
        run.save()
    except (DatabaseError, InterfaceError):
        logger.warning("the ledger could not be closed for %s", run.job)
