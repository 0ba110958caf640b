"""Which version answers: promoted, rolled back, refused."""

import pytest
from django.db import IntegrityError

from recommenders.models import RecommenderVersion, State
from recommenders.training import train
from recommenders.versions import registry
from recommenders.versions.registry import Cause
from tests.recommenders.plays import add_version, two_tastes

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(trained):
    """Three versions, each live after the one before."""
    for seed in (1, 2):
        add_version(trained.dataset, two_tastes(seed=seed))
        train.train(train.ask(trained, who="olga", force="new rows"))
    return list(trained.versions.order_by("number"))


def live(recommender):
    return registry.live_version(recommender).number


def test_rollback_goes_back_one_further_each_time_and_keeps_the_ledger(
    trained, versions
):
    numbers = [
        registry.rollback(trained, who="olga", reason="worse").number for _ in "12"
    ]

    assert (numbers, live(trained)) == ([2, 1], 1)
    ledger = trained.promotions.values_list("version__number", "rolled_back")
    assert [*ledger] == [(1, False), (2, False), (3, False), (2, True), (1, True)]
    assert not registry.can_roll_back(trained)
    with pytest.raises(registry.NothingBefore):
        registry.rollback(trained, who="olga", reason="more")


def test_rollback_of_a_version_that_is_not_live_any_more_is_refused(trained, versions):
    with pytest.raises(registry.LiveChanged):
        registry.rollback(trained, who="olga", reason="worse", of=2)
    assert registry.rollback(trained, who="olga", reason="worse", of=3).number == 2


def test_promote_refuses_what_changed_meanwhile_unless_forced(trained, versions):
    first, _, third = versions
    with pytest.raises(registry.AlreadyLive):
        registry.promote(third, Cause("olga", "again"), instead_of=third.pk)
    with pytest.raises(registry.LiveChanged):
        registry.promote(first, Cause("olga", "better"), instead_of=first.pk)

    registry.promote(first, Cause("olga", "I know better", forced=True))

    assert live(trained) == 1


def test_promote_refuses_damaged_files_and_what_is_not_ready(trained, versions):
    first, second, _ = versions
    (first.folder / "totals.npy").write_bytes(b"tampered")
    RecommenderVersion.objects.filter(pk=second.pk).update(state=State.FAILED)

    with pytest.raises(registry.Unusable, match="Version 1 cannot be promoted"):
        registry.promote(first, Cause("olga", "why not", forced=True))
    with pytest.raises(registry.NotReady):
        registry.promote(second, Cause("olga", "why not", forced=True))

    assert live(trained) == 3


def test_cause_needs_a_reason():
    with pytest.raises(registry.NoReason):
        Cause("olga", "  ")


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
