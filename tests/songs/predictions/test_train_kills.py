"""Training as a real process: told to end, and killed."""

import os
import signal
import subprocess
import sys
import time

import pytest

from songs.ingestion import runs
from songs.models import IngestRun, MoodModel
from songs.predictions import train as training
from songs.predictions.registry import live_version
from tests.songs.mood_models import label_some
from tests.songs.sandboxed import ROOT, database_url

PATIENCE_S = 60

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def train(make_video):
    """Starts `train_moods --promote`; returns it in the middle of its work."""
    label_some(make_video)
    processes = []

    def start(*options):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "train_moods", "--promote", *options],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database_url()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        deadline = time.monotonic() + PATIENCE_S
        while not IngestRun.objects.filter(status="running", found__gt=0).exists():
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("signal_number", "status", "n_jobs"),
    [(signal.SIGTERM, 143, "2"), (signal.SIGINT, 130, "1")],
)
def test_training_that_is_told_to_end_does_so_and_leaves_no_version(
    train, signal_number, status, n_jobs
):
    process = train("--jobs", n_jobs)
    process.send_signal(signal_number)

    _, err = process.communicate(timeout=10)

    assert process.returncode == status
    assert err == "CommandError: Stopped; the live model stays as it was.\n"
    assert IngestRun.objects.get().status == "interrupted"
    assert not MoodModel.objects.exists()


def test_training_that_is_killed_leaves_no_version_and_can_be_repeated(train):
    process = train()
    process.kill()
    process.communicate()
    while runs.is_running(IngestRun.Job.TRAIN_MOODS):  # until PostgreSQL has noticed
        time.sleep(0.02)
    assert (MoodModel.objects.count(), live_version()) == (0, None)

    training.train("seed2019")

    statuses = IngestRun.objects.order_by("id").values_list("status", flat=True)
    assert list(statuses) == ["interrupted", "succeeded"]
    assert MoodModel.objects.count() == 1
