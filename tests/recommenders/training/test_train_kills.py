"""Training as a real process: killed at each step, told to end, and gone on with."""

import signal
import subprocess

import pytest

from recommenders.answers import ask
from recommenders.models import Recommender, RecommenderVersion, TrainingState
from recommenders.training import in_progress
from recommenders.training import train as training
from recommenders.training.in_progress import request_training
from recommenders.versions import loading
from tests.environment import environment
from tests.processes import database_url, end
from tests.recommenders.plays import add_version, two_tastes
from tests.waiting import wait_until

PROGRAM = """
import signal
from django.core.management import call_command
from recommenders.models import RecommenderVersion

show = RecommenderVersion.show

def held(self, name, done=0, total=0):
    show(self, name, done, total)
    if name == "%s":
        signal.pause()

RecommenderVersion.show = held
call_command("train_recommender", "two-tastes")
"""  # the step begins, and then waits for its signal
STEPS = ("judging", "learning", "finding similar items")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def train(data_dir, start_python):
    """Starts `train_recommender two-tastes`; returns it when it is at a step."""

    def start(step):
        process = start_python(
            *("manage.py", "shell", "-v0", "-c", PROGRAM % step),
            env=environment(DATABASE_URL=database_url(), DATA_DIR=str(data_dir)),
            stderr=subprocess.PIPE,
        )
        at_it = RecommenderVersion.objects.filter(state="running", step=step)
        wait_until(lambda: at_it.exists() or process.poll() is not None)
        assert process.poll() is None, process.stderr.read()
        return process

    return start


@pytest.mark.parametrize("step", STEPS)
def test_training_that_is_killed_leaves_the_live_version_and_is_gone_on_with(
    trained, train, step
):
    add_version(trained.dataset, two_tastes(seed=1))
    train(step).kill()
    wait_until(lambda: not in_progress.is_running(trained))
    live = loading.open_live(trained)
    assert live.version.number == 1
    assert ask.similar(live, "Hush").results

    training.train(version := request_training(trained, who="olga"))

    assert (version.number, version.state, version.live) == (
        2,
        TrainingState.READY,
        True,
    )
    assert loading.open_live(trained).version == version
    folders = sorted(path.name for path in version.folder.parent.iterdir())
    assert folders == ["1", "2"]


def test_training_that_is_told_to_end_does_so_and_waits_for_the_next(
    make_recommender, train
):
    make_recommender()
    process = train("learning")
    process.send_signal(signal.SIGTERM)

    _, err = end(process)

    assert "the next run goes on from there" in err
    version = RecommenderVersion.objects.get()
    assert (version.state, version.evaluation is None) == (TrainingState.WAITING, False)
    assert not Recommender.objects.get().promotions.exists()
