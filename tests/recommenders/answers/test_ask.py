"""What a recommender answers, and how it finds the names that people type."""

import pytest

from recommenders.answers import ask
from recommenders.answers.ask import UnknownName
from recommenders.answers.records import Caveat
from recommenders.training import train
from recommenders.training.config import Roles
from recommenders.training.in_progress import request_training
from recommenders.versions import loading
from tests.recommenders.plays import CALM, LOUD

pytestmark = pytest.mark.django_db


def names(found):
    return {one.item.name for one in found.results}


def test_similar_names_the_items_of_the_same_taste_with_evidence(live):
    answer = ask.similar(live, "Hush", 7)

    assert names(answer) == {*CALM} - {"Hush"}
    first = answer.results[0]
    assert 50 < first.closeness <= 100
    assert 10 < first.shared <= first.item.listeners <= 30
    assert answer.caveats == ()


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
def test_similar_finds_names_however_they_are_typed(live, text, name):
    assert ask.similar(live, text).item.name == name


@pytest.mark.parametrize(
    "text",
    ["", "🦄", "' OR 1=1; --", ".*(a+)+$", "%_\\", "x" * 5000, "\0", "\ud800", "Elvis"],
    ids=["empty", "emoji", "sql", "regex", "like", "long", "nul", "surrogate", "name"],
)
def test_similar_refuses_what_nobody_is_called_with_a_short_error(live, text):
    with pytest.raises(UnknownName) as caught:
        ask.similar(live, text)
    assert caught.value.unknown.text == text
    assert len(str(caught.value)) < 300


def test_unknown_name_comes_with_those_most_like_it(live):
    with pytest.raises(UnknownName, match="No artist is called “Junipper” here"):
        ask.similar(live, "Junipper")
    with pytest.raises(UnknownName) as caught:
        ask.similar(live, "Brass Mortar")
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
    train.train(request_training(recommender, who="olga"))
    live = loading.open_live(recommender)

    assert names(ask.similar(live, "7", by_id=True)) == {"Fern"}
    assert names(ask.similar(live, "9", by_id=True)) == {"Gale"}
    with pytest.raises(UnknownName):
        ask.similar(live, "Echo", by_id=True)


def test_recommend_leaves_out_what_is_known_and_shows_it_apart(live):
    answer = ask.recommend(live, "Listener1", 2)

    known = {item.name for item in answer.known}
    assert answer.user == "listener1"
    assert (len(known), answer.n_known) == (6, 6)
    assert names(answer) == {*CALM} - known
    assert answer.results[0].because[0].name in known


def test_recommend_of_a_stranger_names_those_of_the_table(live):
    with pytest.raises(
        UnknownName, match="No listener is called “listener99”"
    ) as caught:
        ask.recommend(live, "listener99")
    assert caught.value.unknown.suggestions[0].listeners == 6


def test_recommend_for_somebody_new_follows_their_likes(live):
    answer = ask.recommend_for(live, ["hush", "Kelp", "moss"], 5)

    assert names(answer) == {*CALM} - {"Hush", "Kelp", "Moss"}
    assert answer.caveats == ()


def test_listener_who_likes_everything_is_recommended_nothing(live):
    answer = ask.recommend_for(live, [*LOUD, *CALM])
    assert (answer.results, answer.n_known) == ((), 16)


def test_listener_who_dislikes_everything_gets_none_of_it_and_is_told(live):
    answer = ask.recommend_for(live, [], disliked=[*LOUD, *CALM])

    assert answer.results == ()
    assert set(answer.caveats) == {Caveat.ONLY_DISLIKES, Caveat.NO_LIKES}


def test_listener_with_one_like_is_told_that_it_says_little(live):
    answer = ask.recommend_for(live, ["Hush"], 3)
    assert (len(answer.results), answer.caveats) == (3, (Caveat.FEW_LIKES,))


def test_listener_who_contradicts_himself_is_believed_the_dislike(live):
    answer = ask.recommend_for(live, ["Hush", "Kelp"], 20, disliked=["HUSH"])

    assert "Hush" not in names(answer)
    assert [item.name for item in answer.known] == ["Kelp"]
    assert Caveat.CONTRADICTION in answer.caveats


def test_answer_that_no_like_speaks_for_says_so(make_recommender):
    columns = {"listener": [*"aab"], "artist": [*"xyz"], "plays": [1, 1, 1]}
    train.train(request_training(recommender := make_recommender(columns), who="olga"))
    live = loading.open_live(recommender)

    answer = ask.recommend(live, "b")

    assert names(answer) == {"x", "y"}
    assert set(answer.caveats) == {Caveat.FEW_LIKES, Caveat.NO_EVIDENCE}
    with_reason = ask.recommend_for(live, ["x"], 1)
    assert with_reason.caveats == (Caveat.FEW_LIKES,)


def test_names_that_are_not_known_are_told_and_the_others_count(live):
    answer = ask.recommend_for(live, ["Hush", "Junipper"], disliked=["Zzz"])

    assert [unknown.text for unknown in answer.unknown] == ["Junipper", "Zzz"]
    assert Caveat.UNKNOWN_NAMES in answer.caveats
    with pytest.raises(UnknownName):
        ask.recommend_for(live, ["Junipper"])


def test_suggest_completes_names(live):
    assert [one.name for one in ask.suggest(live, "cra", 1)] == ["Cráter"]
    assert ask.suggest_users(live, "listener5", 3)[0].name.startswith("listener5")


def test_answer_of_few_people_is_doubted(make_recommender):
    columns = {"listener": [*"aabb"], "artist": ["x", "y"] * 2, "plays": [1] * 4}
    train.train(request_training(recommender := make_recommender(columns), who="olga"))

    answer = ask.similar(loading.open_live(recommender), "x")

    assert (answer.results[0].shared, answer.caveats) == (2, (Caveat.FEW_LISTENERS,))
