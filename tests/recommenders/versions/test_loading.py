"""Files that are missing or damaged: an error that says so, and the last good version."""

import shutil

import pytest

from recommenders.answers import ask
from recommenders.answers.records import Caveat
from recommenders.training import train
from recommenders.training.in_progress import request_training
from recommenders.versions import loading
from tests.recommenders.plays import add_version, two_tastes

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(trained):
    """The live version of a recommender that has one before it."""
    add_version(trained.dataset, two_tastes(seed=1))
    train.train(version := request_training(trained, who="olga", force="new rows"))
    return version


def tamper(version):
    path = version.folder / "alike_closeness.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def remove(version):
    shutil.rmtree(version.folder)


def truncate(version):
    path = version.folder / "name_keys.arrow"
    path.write_bytes(path.read_bytes()[:99])


@pytest.mark.parametrize("damage", [tamper, remove, truncate])
def test_last_good_version_answers_where_the_live_one_is_damaged(
    trained, second, damage, caplog
):
    damage(second)

    live = loading.open_live(trained)

    assert live.version.number == 1
    assert "SHA-256" in live.fallback_reason or "No such file" in live.fallback_reason
    assert Caveat.OLD_VERSION in ask.similar(live, "Hush").caveats
    assert "two-tastes: version 2" in caplog.text


def test_nothing_is_answered_where_every_version_is_damaged(trained, second):
    tamper(second)
    remove(trained.versions.get(number=1))

    with pytest.raises(loading.Damaged):
        loading.open_live(trained)


def test_version_that_was_never_live_does_not_step_in(trained, second):
    version = trained.versions.get(number=1)
    trained.promotions.filter(version=version).delete()
    tamper(second)

    with pytest.raises(loading.Damaged):
        loading.open_live(trained)


def test_untrained_recommender_says_so(make_recommender):
    with pytest.raises(loading.NotTrained, match="Train it"):
        loading.open_live(make_recommender())


def test_check_says_what_is_wrong_with_the_files(trained):
    version = trained.versions.get()
    assert loading.check(version) == ""
    tamper(version)
    assert "alike_closeness.npy" in loading.check(version)


def test_damaged_live_version_is_replaced_by_the_next_training(trained):
    tamper(trained.versions.get())

    train.train(version := request_training(trained, who="olga"))

    assert version.live
    assert "missing or damaged" in version.verdict["reason"]
