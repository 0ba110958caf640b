"""The one process that does what buttons ask for, task after task.

django-tasks-db runs the tasks; it never takes up one whose worker was killed, and it
calls an interrupted one failed. Both go back into the queue here: every task of ours
may run twice.
"""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from background import registry
from background.locks import AlreadyRunning, Interrupted, is_locked, lock_name

logger = logging.getLogger(__name__)

LOCK = "worker"
NO_WORKER = "No worker is running: start one with “python manage.py worker”."
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
MAX_DEATHS = 3  # a task that saw so many workers die is not given to another


class WorkersDied(Exception):
    """Every worker that took this task up was killed; it may need too much memory."""


def is_running() -> bool:
    """Whether a worker of this database is alive, on whichever machine."""
    return is_locked(LOCK)


def work(*, interval: float = 1.0, until_empty: bool = False) -> None:
    """Run the tasks of the queue, looking for new ones every `interval` seconds.

    Ends by SIGTERM, SIGINT (a running task goes back into the queue) or, with
    `until_empty`, when nothing is left to do. Raises AlreadyRunning if another worker
    is alive, and django.db.OperationalError when the database goes away.
    """
    with _lock() as lock:
        take_up_orphans()
        sweep_leftovers()
        worker = Worker(lock, interval=interval, until_empty=until_empty)
        with _listening(worker):
            worker.run()


def take_up_orphans() -> int:
    """Put the tasks of a dead worker back into the queue; only for who has the lock."""
    orphans = DBTaskResult.objects.running()
    for task in orphans:
        if len(task.worker_ids) >= MAX_DEATHS:
            task.set_failed(WorkersDied(WorkersDied.__doc__))
    return orphans.update(status=TaskResultStatus.READY, started_at=None)


def sweep_leftovers() -> None:
    """Call what apps entered for the start of a worker; only for who has the lock."""
    for sweep in registry.worker_start:
        try:
            sweep()
        except Exception:
            logger.exception("a sweep at the start of the worker failed")


class Worker(db_worker.Worker):
    """The worker of django-tasks-db, which also ends in the middle of a task."""

    def __init__(
        self, lock: BaseDatabaseWrapper, *, interval: float, until_empty: bool
    ) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval,
            batch=until_empty,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        self.lock = lock

    def shutdown(self, signum: int, frame: FrameType | None) -> NoReturn:
        self.running = False
        if self.running_task:
            raise Interrupted(signal.strsignal(signum))
        sys.exit(0)

    def run_task(self, db_task_result: DBTaskResult) -> None:
        with self.lock.cursor() as cursor:  # raises once the lock is lost with it
            cursor.execute("SELECT")
        super().run_task(db_task_result)
        if not self.running and db_task_result.status == TaskResultStatus.FAILED:
            _put_back(db_task_result)


@contextmanager
def _listening(worker: Worker) -> Iterator[None]:
    """Have the worker hear signals, as long as it works."""
    before = {signum: signal.getsignal(signum) for signum in SIGNALS}
    worker.configure_signals()
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def _put_back(task: DBTaskResult) -> None:
    """Undo the claim: what fails when asked to end is no fault of the task."""
    logger.warning("task %s goes back into the queue", task.id)
    task.status = TaskResultStatus.READY
    task.started_at = task.finished_at = None
    task.exception_class_path = task.traceback = ""
    task.worker_ids = task.worker_ids[:-1]
    task.save()


@contextmanager
def _lock() -> Iterator[BaseDatabaseWrapper]:
    """Hold the worker's lock on a connection of its own.

    The default connection would lose it: Django closes that when it gets old.
    """
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute(
                "SELECT pg_try_advisory_lock(hashtext(%s))", [lock_name(LOCK)]
            )
            if not cursor.fetchone()[0]:
                raise AlreadyRunning("A worker is already running.")
        yield own
    finally:
        own.close()
