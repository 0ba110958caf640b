"""Lists cleaned of what somebody would hate: never emptied in silence."""

import pytest

from ml.recommend.storage.store import Served
from recommenders.answers.cleaning import clean
from recommenders.answers.records import Doubt, Fate
from recommenders.training import edit, train
from recommenders.training.recipe import Recipe
from recommenders.versions import open as serving
from tests.recommenders.fixtures import ROLES
from tests.recommenders.plays import CALM, LOUD

pytestmark = pytest.mark.django_db

LIKED, DISLIKED = ["Hush", "Kelp", "Moss"], ["Flint", "D/CD"]


def kept(cleaned):
    return [entry.text for entry in cleaned.entries if entry.keep]


def test_clean_takes_out_what_those_who_like_the_hated_like(opened):
    entries = ["Inlet", "Cráter", "hush", "Flint", "Juniper"]

    cleaned = clean(opened, entries, liked=LIKED, disliked=DISLIKED)

    assert [entry.text for entry in cleaned.entries] == entries
    assert kept(cleaned) == ["Inlet", "hush", "Juniper"]
    fates = [entry.fate for entry in cleaned.entries]
    assert fates[1:4] == [Fate.CLOSER_TO_DISLIKES, Fate.LIKED, Fate.DISLIKED]
    assert [entry.score for entry in cleaned.entries] == [100, 0, 100, 0, 100]
    reason = cleaned.entries[1].because[0]
    assert reason.name in DISLIKED and reason.shared > 10
    assert cleaned.doubts == ()


def test_clean_keeps_what_is_not_known_and_says_so(opened):
    cleaned = clean(opened, ["Nobody", "Cráter"], liked=LIKED, disliked=["Flint"])

    assert kept(cleaned) == ["Nobody"]
    assert cleaned.entries[0].fate is Fate.UNKNOWN
    assert Doubt.UNKNOWN_NAMES in cleaned.doubts


def test_clean_that_would_leave_nothing_takes_out_only_what_is_disliked(opened):
    entries = [*LOUD]

    cleaned = clean(opened, entries, liked=LIKED, disliked=["Flint"])

    assert kept(cleaned) == [name for name in LOUD if name != "Flint"]
    assert Doubt.NOTHING_LEFT in cleaned.doubts


def test_clean_for_who_dislikes_everything_is_empty_but_not_in_silence(opened):
    cleaned = clean(opened, ["Hush", "Flint"], liked=[], disliked=[*LOUD, *CALM])

    assert kept(cleaned) == []
    assert {Doubt.NOTHING_LEFT, Doubt.ONLY_DISLIKES} <= set(cleaned.doubts)
    assert {entry.fate for entry in cleaned.entries} == {Fate.DISLIKED}


def test_clean_for_who_likes_everything_changes_nothing(opened):
    cleaned = clean(opened, ["Hush", "Flint"], liked=[*LOUD, *CALM], disliked=[])
    assert (kept(cleaned), cleaned.doubts) == (["Hush", "Flint"], (Doubt.ONLY_LIKES,))


def test_clean_for_who_contradicts_himself_believes_the_dislike(opened):
    cleaned = clean(opened, ["Hush", "Kelp"], liked=["Hush"], disliked=["hush"])

    assert cleaned.entries[0].fate is Fate.DISLIKED
    assert {Doubt.CONTRADICTION, Doubt.ONLY_DISLIKES} <= set(cleaned.doubts)


def test_clean_without_a_taste_changes_nothing(opened):
    cleaned = clean(opened, ["Hush", "Hush"], liked=[], disliked=[])

    assert kept(cleaned) == ["Hush", "Hush"]
    assert set(cleaned.doubts) == {Doubt.NO_LIKES, Doubt.NO_EVIDENCE}
    assert clean(opened, [], liked=[], disliked=[]).entries == ()


def test_clean_by_popularity_says_that_it_knows_no_taste(trained):
    edit.change(trained, Recipe(ROLES, algorithm="popularity"))
    train.train(train.ask(trained, who="olga", force="to see"))

    cleaned = clean(
        serving.open_live(trained), ["Cráter"], liked=LIKED, disliked=DISLIKED
    )

    assert (kept(cleaned), cleaned.entries[0].score) == (["Cráter"], None)
    assert cleaned.doubts == (Doubt.NO_EVIDENCE,)


def test_clean_looks_each_name_up_once_and_corrects_the_first_alone(
    opened, monkeypatch
):
    asked = []
    find = Served.find_item

    def count(served, text, n=10):
        asked.append((text, n))
        return find(served, text, n)

    monkeypatch.setattr(Served, "find_item", count)
    names = [f"Anvil Chor {number}" for number in range(60)]
    cleaned = clean(opened, names[40:], liked=names[:15] + LIKED, disliked=names[15:40])
    assert len(asked) == 60 + len(LIKED)
    assert sum(n > 0 for text, n in asked if text in names) == 20
    assert [bool(one.suggestions) for one in cleaned.unknown] == [True] * 20 + [
        False
    ] * 20
