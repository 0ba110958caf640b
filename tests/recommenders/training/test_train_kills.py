"""Training as a real process: killed at each step, told to end, and gone on with."""

import os
import signal
import subprocess
import sys
import time

import pytest

from recommenders.answers import ask
from recommenders.models import Recommender, RecommenderVersion, State
from recommenders.training import in_progress
from recommenders.training import train as training
from recommenders.versions import open as serving
from tests.recommenders.plays import add_version, two_tastes
from tests.songs.sandboxed import ROOT, database_url

PATIENCE_S = 60
PROGRAM = """
import time
from django.core.management import call_command
from recommenders.models import RecommenderVersion

show = RecommenderVersion.show

def slow(self, name, done=0, total=0):
    show(self, name, done, total)
    time.sleep(60 * (name == "%s"))

RecommenderVersion.show = slow
call_command("train_recommender", "two-tastes")
"""  # the step begins, and then takes its time, so that it is hit in the middle
STEPS = ("judging", "learning", "finding similar items")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def train(data_dir):
    """Starts `train_recommender two-tastes`; returns it when it is at a step."""
    processes = []

    def start(step):
        environment = {"DATABASE_URL": database_url(), "DATA_DIR": str(data_dir)}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", PROGRAM % step],
            cwd=ROOT,
            env=os.environ | environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        wait_until_at(step, process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def wait_until_at(step, process):
    at_it = RecommenderVersion.objects.filter(state="running", step=step)
    deadline = time.monotonic() + PATIENCE_S
    while not at_it.exists():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.mark.parametrize("step", STEPS)
def test_training_that_is_killed_leaves_the_live_version_and_is_gone_on_with(
    trained, train, step
):
    add_version(trained.dataset, two_tastes(seed=1))
    train(step).kill()
    deadline = time.monotonic() + PATIENCE_S
    while in_progress.is_running(trained):  # until PostgreSQL has noticed
        assert time.monotonic() < deadline
        time.sleep(0.05)
    opened = serving.open_live(trained)
    assert opened.version.number == 1
    assert ask.similar(opened, "Hush").results

    training.train(version := training.ask(trained, who="olga"))

    assert (version.number, version.state, version.live) == (2, State.READY, True)
    assert serving.open_live(trained).version == version
    folders = sorted(path.name for path in version.folder.parent.iterdir())
    assert folders == ["1", "2"]


def test_training_that_is_told_to_end_does_so_and_waits_for_the_next(
    make_recommender, train
):
    make_recommender()
    process = train("learning")
    process.send_signal(signal.SIGTERM)

    _, err = process.communicate(timeout=10)

    assert "the next run goes on from there" in err
    version = RecommenderVersion.objects.get()
    assert (version.state, version.evaluation is None) == (State.WAITING, False)
    assert not Recommender.objects.get().promotions.exists()
