"""What people see while the worker trains, and after."""

import pytest
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background import worker
from songs.admin.mood_models.progress import TrainingPhase, progress
from songs.ingestion import runs
from songs.models import IngestRun
from songs.tasks import predict_moods, retrain_moods

TRAIN, PREDICT = IngestRun.Job.TRAIN_MOODS, IngestRun.Job.PREDICT_MOODS

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker_runs(monkeypatch):
    monkeypatch.setattr(worker, "is_running", lambda: True)


def run(status, job=TRAIN, **columns):
    ended = None if status == "running" else timezone.now()
    started = timezone.now()
    return IngestRun.objects.create(
        job=job, status=status, started=started, ended=ended, **columns
    )


def finish_task(text):
    retrain_moods.enqueue("ada")
    DBTaskResult.objects.update(
        status=TaskResultStatus.SUCCESSFUL,
        return_value=text,
        finished_at=timezone.now(),
    )


def test_idle_before_the_first_training():
    assert progress().phase == TrainingPhase.IDLE


def test_waiting_without_a_worker_says_how_to_start_one():
    retrain_moods.enqueue("ada")
    assert progress().phase == TrainingPhase.WAITING
    assert "manage.py worker" in progress().text


def test_waiting_for_a_busy_worker(worker_runs):
    retrain_moods.enqueue("ada")
    assert progress().phase == TrainingPhase.WAITING
    assert "busy" in progress().text


def test_waiting_again_after_the_worker_was_killed():
    retrain_moods.enqueue("ada")
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    run("running", found=3, total=9)
    assert progress().phase == TrainingPhase.WAITING
    assert "No worker" in progress().text


def test_running_shows_the_steps():
    with runs.exclusive(TRAIN):
        assert progress().phase == TrainingPhase.RUNNING
        run("running", found=3, total=9)
        now = progress()
    assert (now.done, now.total) == (3, 9)
    assert now.text == "Training and judging: step 3 of 9"


def test_running_shows_the_prediction_that_follows():
    run("succeeded")
    with runs.exclusive(PREDICT):
        run("running", job=PREDICT, found=2000, total=10_000)
        assert progress().text == "Predicting: video 2000 of 10000"


def test_prediction_that_waits_hides_nothing():
    run("succeeded")
    predict_moods.enqueue()
    assert progress().phase == TrainingPhase.DONE


def test_done_says_what_the_worker_did():
    run("succeeded")
    finish_task("Trained v1. It is live now: better.")
    assert progress().phase == TrainingPhase.DONE
    assert progress().text == "Trained v1. It is live now: better."


def test_done_by_the_command_since():
    finish_task("Trained v1.")
    run("succeeded")
    assert progress().text.startswith("The last training ended at 20")


def test_failed_says_why():
    run("failed", error="no labelled video")
    assert progress().phase == TrainingPhase.FAILED
    assert "no labelled video" in progress().text
    finish_task("Not trained: no labelled video")
    assert progress().phase == TrainingPhase.FAILED


def test_failed_before_the_training_began():
    retrain_moods.enqueue("ada")
    DBTaskResult.objects.update(
        status=TaskResultStatus.FAILED,
        exception_class_path="builtins.MemoryError",
        finished_at=timezone.now(),
    )
    assert progress().phase == TrainingPhase.FAILED
    assert "MemoryError" in progress().text


@pytest.mark.parametrize("status", ["running", "interrupted"])
def test_cut_off_leaves_no_version_and_says_so(status):
    run(status)
    assert progress().phase == TrainingPhase.FAILED
    assert "left no version" in progress().text
