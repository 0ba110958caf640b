"""What a recommender answers, and how it finds the names that people type."""

import pytest

from recommenders.answers import ask
from recommenders.answers.ask import UnknownName
from recommenders.answers.records import Doubt
from recommenders.training import train
from recommenders.training.recipe import Roles
from recommenders.versions import open as serving
from tests.recommenders.plays import CALM, LOUD

pytestmark = pytest.mark.django_db


def names(found):
    return {one.item.name for one in found.results}


def test_similar_names_the_items_of_the_same_taste_with_evidence(opened):
    answer = ask.similar(opened, "Hush", 7)

    assert names(answer) == {*CALM} - {"Hush"}
    first = answer.results[0]
    assert 50 < first.closeness <= 100
    assert 10 < first.shared <= first.item.listeners <= 30
    assert answer.doubts == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("brass MOTOR", "The Brass Motor"),
        ("the brass motor", "The Brass Motor"),
        ("  crater ", "Cráter"),
        ("CRÁTER", "Cráter"),
        ("dcd", "D/CD"),
        ("d-cd", "D/CD"),
        ("!!!", "!!!"),
        ("nell", "Nell 🌙"),
    ],
)
def test_similar_finds_names_however_they_are_typed(opened, text, name):
    assert ask.similar(opened, text).item.name == name


@pytest.mark.parametrize(
    "text",
    ["", "🦄", "' OR 1=1; --", ".*(a+)+$", "%_\\", "x" * 5000, "\0", "\ud800", "Elvis"],
    ids=["empty", "emoji", "sql", "regex", "like", "long", "nul", "surrogate", "name"],
)
def test_similar_refuses_what_nobody_is_called_with_a_short_error(opened, text):
    with pytest.raises(UnknownName) as caught:
        ask.similar(opened, text)
    assert caught.value.unknown.text == text
    assert len(str(caught.value)) < 300


def test_unknown_name_comes_with_those_most_like_it(opened):
    with pytest.raises(UnknownName, match="No artist is called “Junipper” here"):
        ask.similar(opened, "Junipper")
    with pytest.raises(UnknownName) as caught:
        ask.similar(opened, "Brass Mortar")
    nearest = caught.value.unknown.suggestions[0]
    assert (nearest.name, nearest.listeners > 10) == ("The Brass Motor", True)


def test_similar_by_id_tells_those_of_one_name_apart(make_recommender):
    columns = {
        "listener": [*"aabbccdd"],
        "id": ["7", "8", "7", "8", "9", "10", "9", "10"],
        "name": ["Echo", "Fern", "Echo", "Fern", "Echo", "Gale", "Echo", "Gale"],
    }
    roles = Roles("listener", "id", name_column="name")
    recommender = make_recommender(columns, roles=roles)
    train.train(train.ask(recommender, who="olga"))
    opened = serving.open_live(recommender)

    assert names(ask.similar(opened, "7", by_id=True)) == {"Fern"}
    assert names(ask.similar(opened, "9", by_id=True)) == {"Gale"}
    with pytest.raises(UnknownName):
        ask.similar(opened, "Echo", by_id=True)


def test_recommend_leaves_out_what_is_known_and_shows_it_apart(opened):
    answer = ask.recommend(opened, "Listener1", 2)

    known = {item.name for item in answer.known}
    assert answer.who == "listener1"
    assert (len(known), answer.n_known) == (6, 6)
    assert names(answer) == {*CALM} - known
    assert answer.results[0].because[0].name in known


def test_recommend_of_a_stranger_names_those_of_the_table(opened):
    with pytest.raises(
        UnknownName, match="No listener is called “listener99”"
    ) as caught:
        ask.recommend(opened, "listener99")
    assert caught.value.unknown.suggestions[0].listeners == 6


def test_recommend_for_somebody_new_follows_their_likes(opened):
    answer = ask.recommend_for(opened, ["hush", "Kelp", "moss"], 5)

    assert names(answer) == {*CALM} - {"Hush", "Kelp", "Moss"}
    assert answer.doubts == ()


def test_listener_who_likes_everything_is_recommended_nothing(opened):
    answer = ask.recommend_for(opened, [*LOUD, *CALM])
    assert (answer.results, answer.n_known) == ((), 16)


def test_listener_who_dislikes_everything_gets_none_of_it_and_is_told(opened):
    answer = ask.recommend_for(opened, [], disliked=[*LOUD, *CALM])

    assert answer.results == ()
    assert set(answer.doubts) == {Doubt.ONLY_DISLIKES, Doubt.NO_LIKES}


def test_listener_with_one_like_is_told_that_it_says_little(opened):
    answer = ask.recommend_for(opened, ["Hush"], 3)
    assert (len(answer.results), answer.doubts) == (3, (Doubt.FEW_LIKES,))


def test_listener_who_contradicts_himself_is_believed_the_dislike(opened):
    answer = ask.recommend_for(opened, ["Hush", "Kelp"], 20, disliked=["HUSH"])

    assert "Hush" not in names(answer)
    assert [item.name for item in answer.known] == ["Kelp"]
    assert Doubt.CONTRADICTION in answer.doubts


def test_answer_that_no_like_speaks_for_says_so(make_recommender):
    columns = {"listener": [*"aab"], "artist": [*"xyz"], "plays": [1, 1, 1]}
    train.train(train.ask(recommender := make_recommender(columns), who="olga"))
    opened = serving.open_live(recommender)

    answer = ask.recommend(opened, "b")

    assert names(answer) == {"x", "y"}
    assert set(answer.doubts) == {Doubt.FEW_LIKES, Doubt.NO_EVIDENCE}
    with_reason = ask.recommend_for(opened, ["x"], 1)
    assert with_reason.doubts == (Doubt.FEW_LIKES,)


def test_names_that_are_not_known_are_told_and_the_others_count(opened):
    answer = ask.recommend_for(opened, ["Hush", "Junipper"], disliked=["Zzz"])

    assert [unknown.text for unknown in answer.unknown] == ["Junipper", "Zzz"]
    assert Doubt.UNKNOWN_NAMES in answer.doubts
    with pytest.raises(UnknownName):
        ask.recommend_for(opened, ["Junipper"])


def test_suggest_completes_names(opened):
    assert [one.name for one in ask.suggest(opened, "cra", 1)] == ["Cráter"]
    assert ask.suggest_who(opened, "listener5", 3)[0].name.startswith("listener5")


def test_answer_of_few_people_is_doubted(make_recommender):
    columns = {"listener": [*"aabb"], "artist": ["x", "y"] * 2, "plays": [1] * 4}
    train.train(train.ask(recommender := make_recommender(columns), who="olga"))

    answer = ask.similar(serving.open_live(recommender), "x")

    assert (answer.results[0].shared, answer.doubts) == (2, (Doubt.FEW_LISTENERS,))
