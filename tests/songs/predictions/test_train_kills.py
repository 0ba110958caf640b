"""Training as a real process: told to end, and killed."""

import signal
import subprocess

import pytest

from background.locks import is_locked
from songs.models import IngestRun, MoodModel
from songs.predictions import train as training
from songs.predictions.registry import mood_ledger
from tests.environment import environment
from tests.ml.few_fits import few_fits
from tests.processes import database_url, end
from tests.songs.mood_models import label_some
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def train(make_video, start_python):
    """Starts `train_moods --promote`; returns it in the middle of its work."""
    label_some(make_video)

    def start(*options):
        process = start_python(
            *("manage.py", "train_moods", "--promote", *options),
            env=environment(DATABASE_URL=database_url()),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        at_work = IngestRun.objects.filter(status="running", found__gt=0)
        wait_until(lambda: at_work.exists() or process.poll() is not None)
        assert process.poll() is None, process.stderr.read()
        return process

    return start


@pytest.mark.parametrize(
    ("signal_number", "status", "n_jobs"),
    [(signal.SIGTERM, 143, "2"), (signal.SIGINT, 130, "1")],
)
def test_training_that_is_told_to_end_does_so_and_leaves_no_version(
    train, signal_number, status, n_jobs
):
    process = train("--jobs", n_jobs)
    process.send_signal(signal_number)

    _, err = end(process)

    assert process.returncode == status
    assert err == "CommandError: Stopped; the live model stays as it was.\n"
    assert IngestRun.objects.get().status == "interrupted"
    assert not MoodModel.objects.exists()


def test_training_that_is_killed_leaves_no_version_and_can_be_repeated(train):
    process = train()
    process.kill()
    wait_until(lambda: not is_locked(IngestRun.Job.TRAIN_MOODS))
    assert (MoodModel.objects.count(), mood_ledger.live_version()) == (0, None)

    with few_fits():
        training.train("seed2019")

    statuses = IngestRun.objects.order_by("id").values_list("status", flat=True)
    assert list(statuses) == ["interrupted", "succeeded"]
    assert MoodModel.objects.count() == 1
