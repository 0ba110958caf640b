"""What the worker does for a button."""

import pytest
from django_tasks_db.models import DBTaskResult

from songs import tasks
from songs.classify import Predicted
from songs.ingest import Pulled
from songs.jobs import AlreadyRunning
from songs.models import IngestRun, SearchProfile

pytestmark = pytest.mark.django_db


def queued():
    return [
        (task.task_name, task.args_kwargs["args"])
        for task in DBTaskResult.objects.all()
    ]


def already_running(*args, **kwargs):
    raise AlreadyRunning("It is already running.")


@pytest.fixture
def profile():
    return SearchProfile.objects.create(name="jazz", query="jazz")


@pytest.fixture
def no_network(monkeypatch):
    monkeypatch.setattr("songs.ingest.youtube_transport", lambda: None)


def test_enqueue_once_does_not_repeat_what_waits():
    assert tasks.enqueue_once(tasks.pull_profile, 1)
    assert not tasks.enqueue_once(tasks.pull_profile, 1)
    assert tasks.enqueue_once(tasks.pull_profile, 2)

    assert queued() == [("pull_profile", [1]), ("pull_profile", [2])]


def test_pull_profile_has_the_moods_predicted_next(profile, no_network, monkeypatch):
    def pull(transport, profiles, *, budget):
        assert (profiles, budget) == ([profile], tasks.SEARCHES_OF_A_CLICK)
        return Pulled([IngestRun(found=3, new=2, refused={}, calls={})])

    monkeypatch.setattr("songs.ingest.pull", pull)

    assert "2 new" in tasks.pull_profile.call(profile.pk)
    assert queued() == [("predict_moods", [])]


def test_pull_profile_tries_again_while_another_pulls(profile, no_network, monkeypatch):
    monkeypatch.setattr("songs.ingest.pull", already_running)

    assert "again" in tasks.pull_profile.call(profile.pk)

    assert queued() == [("pull_profile", [profile.pk])]
    assert not DBTaskResult.objects.ready().exists()


def test_predict_moods_says_what_it_did(monkeypatch):
    monkeypatch.setattr("songs.classify.predict_pending", lambda: Predicted(7, "v1"))

    assert tasks.predict_moods.call() == "predicted 7 videos with v1"


def test_predict_moods_tries_again_while_another_predicts(monkeypatch):
    monkeypatch.setattr("songs.classify.predict_pending", already_running)

    assert "again" in tasks.predict_moods.call()
    assert queued() == [("predict_moods", [])]
