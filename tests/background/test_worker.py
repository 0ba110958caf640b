"""The worker as a real process: killed, told to end, started twice."""

import signal
import subprocess

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background import registry, worker
from background.locks import is_locked
from songs.models import QuotaDay
from tests.background.slow_task import FOR_EVER, linger, linger_deaf
from tests.environment import environment
from tests.processes import database_url, end
from tests.waiting import wait_until


def starts():
    return sum(QuotaDay.objects.filter(bucket="linger").values_list("used", flat=True))


def status():
    return DBTaskResult.objects.get().status


@pytest.fixture
def start_worker(transactional_db, start_python):
    """Starts `manage.py worker` on the test database."""
    return lambda: start_python(
        *("manage.py", "worker", "--interval", "0.1"),
        env=environment(DATABASE_URL=database_url()),
        stdout=subprocess.PIPE,
    )


def test_worker_takes_up_the_task_of_a_killed_worker(start_worker):
    linger.enqueue(FOR_EVER)
    killed = start_worker()
    wait_until(starts)
    killed.kill()
    # PostgreSQL notices later, and drops its locks then
    wait_until(lambda: not worker.is_running() and not is_locked("linger"))
    assert status() == TaskResultStatus.RUNNING

    start_worker()

    wait_until(lambda: starts() == 2)


@pytest.mark.parametrize("task", [linger, linger_deaf])
def test_worker_ends_by_sigterm_in_the_middle_of_a_task(start_worker, task):
    task.enqueue(FOR_EVER)
    process = start_worker()
    wait_until(starts)

    process.send_signal(signal.SIGTERM)

    end(process)
    assert process.returncode == 0
    task = DBTaskResult.objects.get()
    assert (task.status, task.worker_ids) == (TaskResultStatus.READY, [])


def test_worker_ends_when_another_is_running(start_worker):
    assert not worker.is_running()
    first = start_worker()
    wait_until(worker.is_running)

    second = start_worker()

    out, _ = end(second)
    assert second.returncode == 0
    assert "already running" in out
    assert first.poll() is None


def test_worker_gives_up_a_task_that_kills_its_workers(db):
    linger.enqueue(0)
    DBTaskResult.objects.update(
        status=TaskResultStatus.RUNNING, worker_ids=["a", "b", "c"]
    )

    assert worker.take_up_orphans() == 0

    task = DBTaskResult.objects.get()
    assert task.status == TaskResultStatus.FAILED
    assert task.exception_class_path == "background.worker.WorkersDied"


def test_worker_runs_what_is_there_and_ends(transactional_db):
    linger.enqueue(0)

    heard_by = [signal.getsignal(signum) for signum in worker.SIGNALS]

    worker.work(until_empty=True)

    assert (starts(), status()) == (1, TaskResultStatus.SUCCESSFUL)
    assert [signal.getsignal(signum) for signum in worker.SIGNALS] == heard_by


def test_work_sweeps_leftovers_first_and_survives_a_sweep_that_fails(db, monkeypatch):
    swept = []

    def fail():
        swept.append(worker.is_running())
        raise RuntimeError

    for name in ("configure_signals", "run"):
        monkeypatch.setattr(worker.Worker, name, lambda self: None)
    monkeypatch.setattr(registry, "worker_start", [fail, lambda: swept.append("next")])

    worker.work(until_empty=True)

    assert swept == [True, "next"]
