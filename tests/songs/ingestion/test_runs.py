import signal
from contextlib import closing

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from background.locks import AlreadyRunning, Interrupted, is_locked
from songs.ingestion import runs
from songs.models import IngestRun
from songs.youtube.client import Unreachable

JOB = IngestRun.Job.REFRESH_VIDEOS


@pytest.fixture
def other_process():
    """A second session with the same database."""
    params = connection.get_connection_params()
    connection.ensure_connection()
    params["host"] = connection.connection.info.host
    with closing(
        psycopg2.connect(**{k: v for k, v in params.items() if k in LOGIN})
    ) as session:
        yield session


LOGIN = {"dbname", "user", "password", "host", "port"}


def test_exclusive_refuses_while_another_process_runs_the_job(db, other_process):
    cursor = other_process.cursor()
    cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"moodibeats.{JOB}"])

    with pytest.raises(AlreadyRunning), runs.exclusive(JOB):
        pytest.fail("two at once")

    cursor.execute("SELECT pg_advisory_unlock_all()")
    with runs.exclusive(JOB):
        pass


def test_exclusive_marks_runs_of_dead_processes_interrupted(db):
    dead = IngestRun.objects.create(job=JOB, started=timezone.now())

    with runs.exclusive(JOB):
        dead.refresh_from_db()

    assert dead.status == "interrupted"
    assert dead.ended


def test_recorded_success_closes_the_row(db):
    with runs.recorded(JOB) as run:
        run.new = 3

    run.refresh_from_db()
    assert (run.status, run.new, bool(run.ended)) == ("succeeded", 3, True)


def test_recorded_failure_keeps_the_words_of_our_own_errors(db):
    with pytest.raises(Unreachable), runs.recorded(JOB):
        raise Unreachable("reset", tries=5)

    run = IngestRun.objects.get()
    assert run.status == "failed"
    assert "reset" in run.error


def test_recorded_failure_keeps_only_the_type_of_unknown_errors(db):
    with pytest.raises(ValueError, match="secret"), runs.recorded(JOB):
        raise ValueError("secret")

    assert IngestRun.objects.get().error == "ValueError"


def test_sigterm_interrupts_an_exclusive_job(db):
    with (
        pytest.raises(Interrupted),
        runs.exclusive(JOB),
        runs.recorded(JOB),
    ):
        signal.raise_signal(signal.SIGTERM)

    assert IngestRun.objects.get().status == "interrupted"


def test_last_good_ignores_failures_and_other_origins(db):
    now = timezone.now()
    good = IngestRun.objects.create(job=JOB, started=now, status="paused")
    IngestRun.objects.create(job=JOB, started=now, status="failed")
    IngestRun.objects.create(job=JOB, started=now, status="succeeded", origin="sample")

    assert runs.last_good(JOB) == good


@pytest.mark.parametrize("job", IngestRun.Job.values)
def test_job_is_locked_while_a_process_has_it(db, job):
    assert not is_locked(job)
    with runs.exclusive(job):
        assert is_locked(job)
    assert not is_locked(job)


def test_recorded_failure_keeps_the_words_of_errors_that_the_job_names(db):
    with (
        pytest.raises(ValueError, match="label more"),
        runs.recorded(JOB, shown=ValueError),
    ):
        raise ValueError("label more")

    assert IngestRun.objects.get().error == "label more"
