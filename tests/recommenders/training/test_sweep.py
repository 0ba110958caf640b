"""What is removed when a worker starts, and what stays."""

import shutil

import pytest

from background import worker
from recommenders import tasks
from recommenders.models import RecommenderVersion, TrainingState
from recommenders.training import edit, in_progress, sweep, train
from recommenders.training.config import TrainingConfig
from recommenders.training.in_progress import request_training
from recommenders.versions import loading, paths
from recommenders.versions.registry import NotReady, RecommenderLedger
from songs.predictions.ledger import ChangeReason
from tests.recommenders.fixtures import ROLES

pytestmark = pytest.mark.django_db


def add_versions(recommender, n):
    """Further ready versions, with the files of the first."""
    first = recommender.versions.get(number=1)
    for number in range(2, n + 2):
        version = RecommenderVersion.objects.get(pk=first.pk)
        version.pk, version.number, version.live = None, number, False
        version.save(force_insert=True)
        shutil.copytree(first.folder, version.folder)


def promote(recommender, number):
    version = recommender.versions.get(number=number)
    reason = ChangeReason("olga", "better", forced=True)
    RecommenderLedger(recommender).promote(version.pk, reason)


def previous(recommender):
    key = RecommenderLedger(recommender).previous()
    return recommender.versions.get(pk=key).number


def left(recommender):
    folder = paths.root() / str(recommender.pk)
    return sorted(int(path.name) for path in folder.iterdir())


def test_sweep_keeps_the_live_one_the_one_before_it_and_the_newest(trained):
    add_versions(trained, 7)
    promote(trained, 2)
    promote(trained, 3)
    assert sweep.sweep() == 3
    assert left(trained) == [2, 3, 6, 7, 8]
    forgotten = trained.versions.filter(state=TrainingState.FORGOTTEN)
    assert sorted(forgotten.values_list("number", flat=True)) == [1, 4, 5]
    assert sweep.sweep() == 0


def test_rollback_goes_on_past_what_was_forgotten(trained):
    add_versions(trained, 7)
    for number in (2, 3, 4):
        promote(trained, number)
    sweep.sweep()  # 1 and 2 are gone
    RecommenderLedger(trained).roll_back(who="olga", reason="worse")
    assert loading.open_live(trained).version.number == 3
    assert not RecommenderLedger(trained).can_roll_back()
    with pytest.raises(NotReady):
        promote(trained, 1)
    train.train(first := trained.versions.get(number=1))  # a task runs twice
    assert not first.folder.exists()
    promote(trained, 8)
    assert previous(trained) == 3


def test_rollback_over_a_version_that_was_forgotten_knows_the_way(trained):
    add_versions(trained, 3)
    for number in (2, 3):
        promote(trained, number)
    RecommenderVersion.objects.filter(number=2).update(state=TrainingState.FORGOTTEN)
    RecommenderLedger(trained).roll_back(who="olga", reason="worse")
    assert loading.open_live(trained).version.number == 1
    promote(trained, 4)
    assert previous(trained) == 1


def test_worker_that_starts_removes_folders_without_rows(trained):
    kept = trained.versions.get().folder
    for folder in ("999/1", f"{trained.pk}/99"):
        (paths.root() / folder).mkdir(parents=True)
    part = paths.root() / str(trained.pk) / "2.part"  # somebody writes it
    part.mkdir()
    worker.sweep_leftovers()
    assert sorted(paths.root().glob("*/*")) == sorted([kept, part])


def test_sweep_of_a_server_without_recommenders_does_nothing(db, data_dir):
    assert sweep.sweep() == 0


@pytest.mark.parametrize("state", [TrainingState.WAITING, TrainingState.RUNNING])
def test_training_that_nobody_is_at_is_called_cut_off(make_recommender, state):
    version = request_training(make_recommender(), who="olga")
    RecommenderVersion.objects.update(state=state)
    assert sweep.sweep() == 1
    version.refresh_from_db()
    assert (version.state, version.problem) == (
        TrainingState.FAILED,
        in_progress.ABANDONED,
    )
    train.train(version)  # who was about to begin begins all the same
    assert (version.state, version.problem) == (TrainingState.READY, "")


def test_training_that_is_queued_or_at_work_is_left_alone(
    make_recommender, monkeypatch
):
    version = tasks.start_training(make_recommender(), who="olga")
    assert in_progress.fail_abandoned() == 0
    edit.change(other := make_recommender(), TrainingConfig(ROLES))
    request_training(other, who="olga")
    monkeypatch.setattr(in_progress.locks, "is_locked", lambda work: True)
    assert in_progress.fail_abandoned() == 0
    assert version.state == TrainingState.WAITING
