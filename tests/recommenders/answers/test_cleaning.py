"""Lists cleaned of what somebody would hate: never emptied in silence."""

import pytest

from ml.recommend.storage.store import LoadedModel
from recommenders.answers.cleaning import clean
from recommenders.answers.records import Caveat, Outcome
from recommenders.training import edit, train
from recommenders.training.config import TrainingConfig
from recommenders.training.in_progress import request_training
from recommenders.versions import loading
from tests.recommenders.fixtures import ROLES
from tests.recommenders.plays import CALM, LOUD

pytestmark = pytest.mark.django_db

LIKED, DISLIKED = ["Hush", "Kelp", "Moss"], ["Flint", "D/CD"]


def kept(cleaned):
    return [entry.text for entry in cleaned.entries if entry.keep]


def test_clean_takes_out_what_those_who_like_the_hated_like(live):
    entries = ["Inlet", "Cráter", "hush", "Flint", "Juniper"]

    cleaned = clean(live, entries, liked=LIKED, disliked=DISLIKED)

    assert [entry.text for entry in cleaned.entries] == entries
    assert kept(cleaned) == ["Inlet", "hush", "Juniper"]
    fates = [entry.outcome for entry in cleaned.entries]
    assert fates[1:4] == [Outcome.CLOSER_TO_DISLIKES, Outcome.LIKED, Outcome.DISLIKED]
    assert [entry.score for entry in cleaned.entries] == [100, 0, 100, 0, 100]
    reason = cleaned.entries[1].because[0]
    assert reason.name in DISLIKED and reason.shared > 10
    assert cleaned.caveats == ()


def test_clean_keeps_what_is_not_known_and_says_so(live):
    cleaned = clean(live, ["Nobody", "Cráter"], liked=LIKED, disliked=["Flint"])

    assert kept(cleaned) == ["Nobody"]
    assert cleaned.entries[0].outcome is Outcome.UNKNOWN
    assert Caveat.UNKNOWN_NAMES in cleaned.caveats


def test_clean_that_would_leave_nothing_takes_out_only_what_is_disliked(live):
    entries = [*LOUD]

    cleaned = clean(live, entries, liked=LIKED, disliked=["Flint"])

    assert kept(cleaned) == [name for name in LOUD if name != "Flint"]
    assert Caveat.NOTHING_LEFT in cleaned.caveats


def test_clean_for_who_dislikes_everything_is_empty_but_not_in_silence(live):
    cleaned = clean(live, ["Hush", "Flint"], liked=[], disliked=[*LOUD, *CALM])

    assert kept(cleaned) == []
    assert {Caveat.NOTHING_LEFT, Caveat.ONLY_DISLIKES} <= set(cleaned.caveats)
    assert {entry.outcome for entry in cleaned.entries} == {Outcome.DISLIKED}


def test_clean_for_who_likes_everything_changes_nothing(live):
    cleaned = clean(live, ["Hush", "Flint"], liked=[*LOUD, *CALM], disliked=[])
    assert (kept(cleaned), cleaned.caveats) == (["Hush", "Flint"], (Caveat.ONLY_LIKES,))


def test_clean_for_who_contradicts_himself_believes_the_dislike(live):
    cleaned = clean(live, ["Hush", "Kelp"], liked=["Hush"], disliked=["hush"])

    assert cleaned.entries[0].outcome is Outcome.DISLIKED
    assert {Caveat.CONTRADICTION, Caveat.ONLY_DISLIKES} <= set(cleaned.caveats)


def test_clean_without_a_taste_changes_nothing(live):
    cleaned = clean(live, ["Hush", "Hush"], liked=[], disliked=[])

    assert kept(cleaned) == ["Hush", "Hush"]
    assert set(cleaned.caveats) == {Caveat.NO_LIKES, Caveat.NO_EVIDENCE}
    assert clean(live, [], liked=[], disliked=[]).entries == ()


def test_clean_by_popularity_says_that_it_knows_no_taste(trained):
    edit.change(trained, TrainingConfig(ROLES, algorithm="popularity"))
    train.train(request_training(trained, who="olga", force="to see"))

    cleaned = clean(
        loading.open_live(trained), ["Cráter"], liked=LIKED, disliked=DISLIKED
    )

    assert (kept(cleaned), cleaned.entries[0].score) == (["Cráter"], None)
    assert cleaned.caveats == (Caveat.NO_EVIDENCE,)


def test_clean_looks_each_name_up_once_and_corrects_the_first_alone(live, monkeypatch):
    asked = []
    find = LoadedModel.find_item

    def count(loaded, text, n=10):
        asked.append((text, n))
        return find(loaded, text, n)

    monkeypatch.setattr(LoadedModel, "find_item", count)
    names = [f"Anvil Chor {number}" for number in range(60)]
    cleaned = clean(live, names[40:], liked=names[:15] + LIKED, disliked=names[15:40])
    assert len(asked) == 60 + len(LIKED)
    assert sum(n > 0 for text, n in asked if text in names) == 20
    assert [bool(one.suggestions) for one in cleaned.unknown] == [True] * 20 + [
        False
    ] * 20
