"""The worker as a real process: killed, told to end, started twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background import registry, worker
from songs.models import QuotaDay
from tests.background.slow_task import linger, linger_deaf

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def starts():
    return sum(QuotaDay.objects.filter(bucket="linger").values_list("used", flat=True))


def status():
    return DBTaskResult.objects.get().status


@pytest.fixture
def start_worker(transactional_db):
    """Starts `manage.py worker` on the test database; kills what is left of them."""
    connection.ensure_connection()
    socket = connection.connection.info.dsn_parameters
    user = f"{socket['user']}:{quote(connection.settings_dict['PASSWORD'])}"
    place = f"{quote(socket['host'], safe='')}:{socket['port']}/{socket['dbname']}"
    env = os.environ | {"DATABASE_URL": f"postgres://{user}@{place}"}
    command = [sys.executable, "manage.py", "worker", "--interval", "0.1"]
    workers = []

    def start():
        workers.append(
            subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE)
        )
        return workers[-1]

    yield start
    for process in workers:
        process.kill()
        process.communicate()


def test_worker_takes_up_the_task_of_a_killed_worker(start_worker):
    linger.enqueue(60)
    killed = start_worker()
    wait_until(starts)
    killed.kill()
    killed.wait()
    assert status() == TaskResultStatus.RUNNING

    start_worker()

    wait_until(lambda: starts() == 2)


@pytest.mark.parametrize("task", [linger, linger_deaf])
def test_worker_ends_by_sigterm_in_the_middle_of_a_task(start_worker, task):
    task.enqueue(60)
    process = start_worker()
    wait_until(starts)

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=10) == 0
    task = DBTaskResult.objects.get()
    assert (task.status, task.worker_ids) == (TaskResultStatus.READY, [])


def test_worker_ends_when_another_is_running(start_worker):
    assert not worker.is_running()
    first = start_worker()
    wait_until(worker.is_running)

    second = start_worker()

    assert second.wait(PATIENCE_S) == 0
    assert b"already running" in second.stdout.read()
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
