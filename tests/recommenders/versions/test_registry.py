"""Which version answers: promoted, rolled back, refused."""

import pytest
from django.db import IntegrityError

from recommenders.models import RecommenderVersion, TrainingState
from recommenders.training import train
from recommenders.training.in_progress import request_training
from recommenders.versions.registry import NotReady, RecommenderLedger
from songs.predictions import ledger
from songs.predictions.ledger import ChangeReason
from tests.recommenders.plays import add_version, two_tastes

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(trained):
    """Three versions, each live after the one before."""
    for seed in (1, 2):
        add_version(trained.dataset, two_tastes(seed=seed))
        train.train(request_training(trained, who="olga", force="new rows"))
    return list(trained.versions.order_by("number"))


def live(recommender):
    return recommender.live_version().number


def after(live, reason):
    return ChangeReason("olga", reason, comparison={"live": live.pk})


def forced(reason):
    return ChangeReason("olga", reason, forced=True)


def roll_back(recommender, seen=None):
    version = RecommenderLedger(recommender).roll_back(
        who="olga", reason="worse", seen=seen
    )
    return recommender.versions.get(pk=version).number


def test_rollback_goes_back_one_further_each_time_and_keeps_the_ledger(
    trained, versions
):
    numbers = [roll_back(trained) for _ in "12"]

    assert (numbers, live(trained)) == ([2, 1], 1)
    rows = trained.promotions.values_list("version__number", "rolled_back")
    assert [*rows] == [(1, False), (2, False), (3, False), (2, True), (1, True)]
    assert not RecommenderLedger(trained).can_roll_back()
    with pytest.raises(ledger.NothingBefore):
        roll_back(trained)


def test_rollback_of_a_version_that_is_not_live_any_more_is_refused(trained, versions):
    _, second, third = versions
    with pytest.raises(ledger.LiveChanged):
        roll_back(trained, seen=second.pk)
    assert roll_back(trained, seen=third.pk) == 2


def test_promote_refuses_what_changed_meanwhile_unless_forced(trained, versions):
    promote = RecommenderLedger(trained).promote
    first, _, third = versions
    with pytest.raises(ledger.AlreadyLive):
        promote(third.pk, after(third, "again"))
    with pytest.raises(ledger.LiveChanged):
        promote(first.pk, after(first, "better"))

    promote(first.pk, forced("I know better"))

    assert live(trained) == 1


def test_promote_refuses_damaged_files_and_what_is_not_ready(trained, versions):
    promote = RecommenderLedger(trained).promote
    first, second, _ = versions
    (first.folder / "totals.npy").write_bytes(b"tampered")
    RecommenderVersion.objects.filter(pk=second.pk).update(state=TrainingState.FAILED)

    with pytest.raises(ledger.Unusable, match="Version 1 cannot be promoted"):
        promote(first.pk, forced("why not"))
    with pytest.raises(NotReady):
        promote(second.pk, forced("why not"))

    assert live(trained) == 3


def test_change_reason_needs_a_reason():
    with pytest.raises(ledger.NoReason):
        ChangeReason("olga", "  ")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"live": True, "number": 9}, "one_live_version_of_a_recommender"),
        ({"number": 1}, "numbers_of_a_recommender"),
        ({"manifest": None, "number": 9}, "what_is_ready_has_a_manifest"),
        ({"state": "failed", "live": True, "number": 9}, "what_is_live_is_ready"),
    ],
)
def test_database_refuses_impossible_versions(trained, columns, constraint):
    version = trained.versions.get()
    version.pk = None
    for name, value in ({"live": False} | columns).items():
        setattr(version, name, value)
    with pytest.raises(IntegrityError, match=constraint):
        version.save(force_insert=True)
