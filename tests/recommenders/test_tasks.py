"""What the worker does for recommenders; see test_profiles for those of Last.fm."""

import pytest
from django.contrib.auth.models import User
from django_tasks_db.models import DBTaskResult

from background import locks
from recommenders import tasks
from recommenders.models import RecommenderVersion
from recommenders.training import edit, sample, train
from recommenders.training.config import TrainingConfig
from recommenders.training.in_progress import request_training
from tests.recommenders.fixtures import ROLES

pytestmark = pytest.mark.django_db


def test_start_training_queues_a_version_once(make_recommender):
    recommender = make_recommender()
    version = tasks.start_training(recommender, who="olga")
    assert tasks.start_training(recommender, who="olga") == version
    assert DBTaskResult.objects.count() == 1

    said = tasks.train_version.call(version.pk)

    assert said.startswith(f"Trained {version}, live: the first version")
    version.refresh_from_db()
    assert version.live


def test_start_training_says_that_there_are_no_rows(make_recommender):
    recommender = make_recommender()
    recommender.dataset.versions.all().delete()
    with pytest.raises(train.TrainingFailed, match="no rows yet"):
        tasks.start_training(recommender, who="olga")


def test_train_version_says_why_it_did_not(make_recommender):
    version = request_training(
        make_recommender(preparation={"min_per_who": 99}), who="olga"
    )
    assert tasks.train_version.call(version.pk).startswith("Not trained: of 360 rows")
    edit.delete(version.recommender)
    assert "deleted meanwhile" in tasks.train_version.call(version.pk)


def test_train_version_that_is_not_better_says_so(trained):
    edit.change(trained, TrainingConfig(ROLES, algorithm="popularity"))
    version = request_training(trained, who="olga")
    assert "not live: nDCG@10" in tasks.train_version.call(version.pk)


def test_train_version_waits_for_another_process(make_recommender, monkeypatch):
    def refuse(work):
        raise locks.AlreadyRunning(f"{work} is already running.")

    version = tasks.start_training(make_recommender(), who="olga")
    DBTaskResult.objects.all().delete()
    monkeypatch.setattr(locks, "alone", refuse)
    said = tasks.train_version.call(version.pk)
    assert said.endswith("This will be tried again in a minute.")
    assert DBTaskResult.objects.get().run_after
    assert not RecommenderVersion.objects.get().live


def test_make_sample_is_for_the_first_superuser(admin_client, data_dir, monkeypatch):
    owners = []
    monkeypatch.setattr(sample, "make", lambda owner: owners.append(owner) or [])
    tasks.make_sample.call()
    assert [owner.username for owner in owners] == ["root"]
    User.objects.all().delete()
    assert tasks.make_sample.call().startswith("No sample")
