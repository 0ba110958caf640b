"""What the worker does for a button."""

from dataclasses import asdict

import pytest
from django_tasks_db.models import DBTaskResult

from background.locks import AlreadyRunning
from songs import tasks
from songs.ingestion.pull import Pulled
from songs.models import IngestRun, ModelPromotion, SearchProfile
from songs.predictions import train as training
from songs.predictions.ledger import PromotionDecision
from songs.predictions.predict import Predicted
from tests.songs.mood_models import store

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
    monkeypatch.setattr("songs.ingestion.transport.youtube_transport", lambda: None)


def test_enqueue_once_does_not_repeat_what_waits():
    assert tasks.enqueue_once(tasks.pull_profile, 1)
    assert not tasks.enqueue_once(tasks.pull_profile, 1)
    assert tasks.enqueue_once(tasks.pull_profile, 2)

    assert queued() == [("pull_profile", [1]), ("pull_profile", [2])]


def test_pull_profile_has_the_moods_predicted_next(profile, no_network, monkeypatch):
    def pull(transport, profiles, *, budget):
        assert (profiles, budget) == ([profile], tasks.SEARCHES_OF_A_CLICK)
        return Pulled([IngestRun(found=3, new=2, refused={}, calls={})])

    monkeypatch.setattr("songs.ingestion.pull.pull", pull)

    assert "2 new" in tasks.pull_profile.call(profile.pk)
    assert queued() == [("predict_moods", [])]


def test_pull_profile_tries_again_while_another_pulls(profile, no_network, monkeypatch):
    monkeypatch.setattr("songs.ingestion.pull.pull", already_running)

    assert "again" in tasks.pull_profile.call(profile.pk)

    assert queued() == [("pull_profile", [profile.pk])]
    assert not DBTaskResult.objects.ready().exists()


def test_predict_moods_says_what_it_did(monkeypatch):
    monkeypatch.setattr(
        "songs.predictions.predict.predict_pending", lambda: Predicted(7, "v1")
    )

    assert tasks.predict_moods.call() == "predicted 7 videos with v1"


def test_predict_moods_tries_again_while_another_predicts(monkeypatch):
    monkeypatch.setattr("songs.predictions.predict.predict_pending", already_running)

    assert "again" in tasks.predict_moods.call()
    assert queued() == [("predict_moods", [])]


@pytest.fixture
def train(monkeypatch):
    """Has `v1` stored by the next training, with a verdict of the rule."""

    def leave(*, promote):
        verdict = PromotionDecision(promote, "the rule says so", {"live": None})
        report = {"verdict": asdict(verdict)}
        row = store("v1", report=report)
        monkeypatch.setattr(training, "train", lambda recipe: row)
        monkeypatch.setattr(training, "compare_again", lambda version: verdict)

    return leave


@pytest.mark.parametrize(
    ("task", "verb"),
    [
        (lambda: tasks.retrain_moods.call("ada"), "Trained"),
        (lambda: tasks.promote_moods.call("v1", "ada"), "Compared"),
    ],
)
def test_version_that_earned_it_is_promoted_and_predicts(train, task, verb):
    train(promote=True)
    assert task() == f"{verb} v1. It is live now: the rule says so."
    assert ModelPromotion.objects.get().who == "ada"
    assert queued() == [("predict_moods", [])]


def test_version_that_did_not_earn_it_stays_stored(train):
    train(promote=False)
    said = "Trained v1. It was not promoted: the rule says so."
    assert tasks.retrain_moods.call("ada") == said
    assert queued() == []


def test_retrain_moods_with_too_few_labels_says_so():
    assert "Not trained: no labelled video" in tasks.retrain_moods.call("ada")
    assert IngestRun.objects.get().status == "failed"


def test_promote_moods_of_an_unknown_version_says_so():
    assert "There is no version" in tasks.promote_moods.call("v9", "ada")


def test_training_waits_while_another_trains(monkeypatch):
    monkeypatch.setattr(training, "train", already_running)
    monkeypatch.setattr(training, "compare_again", already_running)
    assert "again" in tasks.retrain_moods.call("ada")
    assert "again" in tasks.promote_moods.call("v1", "ada")
    expected = [("retrain_moods", ["ada"]), ("promote_moods", ["v1", "ada"])]
    assert queued() == expected
