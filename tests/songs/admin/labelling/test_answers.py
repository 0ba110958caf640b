"""Answers on the labelling page: from the script, and from the form without one."""

import re

import pytest

from songs.labelling import assignments, record
from songs.labelling.record import SKIPPED, UNLABELLED, LabelState
from songs.models import Mood
from tests.songs.admin.labelling.labelling_page import JSON, MORE, PAGE, current, shown

SAD = LabelState("SAD", True)


@pytest.mark.parametrize("mood", Mood.values)
def test_mood_is_recorded_as_a_decision(say, make_video, mood):
    video = make_video()

    assert say(video, mood).json() == {"saved": True}

    act = video.labels.get()
    assert (act.mood, act.who, act.source) == (mood, "root", "admin")
    assert current(video) == LabelState(mood, True)


def test_skip_and_undo_are_recorded(say, make_video):
    video = make_video()
    say(video, "skip")
    assert current(video) == SKIPPED

    say(video, "none", seen="skip", undo="1")

    assert current(video) == UNLABELLED
    assert video.labels.count() == 2


def test_answer_gives_up_the_claim_and_undo_takes_it_again(say, make_video):
    video = make_video()
    assignments.claim([video.pk], who="root")

    say(video, "SAD")
    assert assignments.claimed_by("root") == []
    say(video, "none", seen="SAD", undo="1")

    assert assignments.claimed_by("root") == [video.pk]


def test_conflict_tells_what_stands(say, make_video):
    video = make_video()
    record.label(video.pk, "CHILL", who="ada", source="admin")

    answer = say(video, "SAD")

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["label"]) == ("conflict", "CHILL")
    assert current(video).moods == "CHILL"


def test_insisting_after_a_conflict_is_recorded(say, make_video):
    video = make_video()
    record.label(video.pk, "CHILL", who="ada", source="admin")
    assert say(video, "SAD", seen="CHILL").status_code == 200
    assert current(video) == SAD


def test_answer_that_comes_twice_counts_once(say, make_video):
    video = make_video()
    say(video, "SAD")
    assert say(video, "SAD").status_code == 200
    assert video.labels.count() == 1


def test_answer_of_another_person_waits_for_them(say, make_video):
    video = make_video()
    answer = say(video, "SAD", who="ada")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert current(video) == UNLABELLED
    assert say(video, "SAD", who="root").status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"say": "SLEEPY"},
        {"seen": "SLEEPY"},
        {"seen": ""},
        {"video": "short"},
        {"video": "VIDEO\0000001"},
    ],
    ids=str,
)
def test_nonsense_is_refused(admin_client, make_video, fields):
    fields = {"video": make_video().pk, "say": "SAD", "seen": "none"} | fields
    answer = admin_client.post(PAGE, fields, **JSON)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert admin_client.post(PAGE, fields).status_code == 400


def test_unknown_video_is_not_found(admin_client, db):
    fields = {"video": "NOSUCHVIDEO", "say": "SAD", "seen": "none"}
    assert admin_client.post(PAGE, fields, **JSON).status_code == 404


@pytest.mark.parametrize("path", [PAGE, MORE])
def test_unknown_order_is_refused(admin_client, path):
    assert admin_client.post(f"{path}?order=best", **JSON).status_code == 400


def test_second_opinion_is_recorded_as_one(say, make_video):
    video = make_video()
    record.label(video.pk, "SAD", who="ada", source="admin")

    say(video, "CHILL", order="second")

    assert video.labels.latest("id").source == "second"
    assert current(video) == SAD
    say(video, "none", seen="CHILL", order="second", undo="1")
    assert [o.who for o in record.opinions(video.pk) if o.mood] == ["ada"]


def test_second_opinion_never_learns_the_label(say, admin_client, make_video):
    video = make_video()
    record.label(video.pk, "SAD", who="root", source="admin")

    answer = say(video, "CHILL", order="second")

    assert answer.status_code == 409
    assert "label" not in answer.json()


def test_keeping_a_doubted_label_is_recorded(say, doubted):
    say(doubted, "SAD", seen="SAD", order="mislabelled")

    assert doubted.labels.latest("id").who == "root"
    assert current(doubted) == SAD


def test_passing_on_a_doubted_label_leaves_it_to_others(say, admin_client, doubted):
    assert len(shown(admin_client, "mislabelled")) == 1

    say(doubted, "skip", seen="SAD", order="mislabelled")

    assert current(doubted) == SAD
    assert doubted.labels.count() == 1
    assert shown(admin_client, "mislabelled") == []
    assert admin_client.post(f"{MORE}?order=mislabelled", **JSON).json() == {
        "videos": []
    }


# --- without a script


def test_form_labels_and_comes_back(admin_client, make_video):
    first, second = make_video(), make_video()
    url = f"{PAGE}?order=newest"
    page = admin_client.get(url).content.decode()
    names = ("csrfmiddlewaretoken", "video", "seen")
    fields = {
        name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in names
    }

    answer = admin_client.post(url, fields | {"say": "SAD"}, follow=True)

    assert answer.redirect_chain == [(url, 302)]
    assert current(first) == SAD
    assert "Saved: Sad." in answer.content.decode()
    assert second.video_title in answer.content.decode()


def test_form_tells_that_passing_leaves_the_label(admin_client, doubted):
    fields = {"video": doubted.pk, "say": "skip", "seen": "SAD"}
    url = f"{PAGE}?order=mislabelled"

    answer = admin_client.post(url, fields, follow=True)

    assert "Passed: the label stays." in answer.content.decode()
    assert current(doubted) == SAD


def test_hint_without_a_script_says_whose_it_is(admin_client, make_video, predicted):
    for probability, expected in ((0.4, "guesses"), (0.6, "is sure")):
        video = make_video(**predicted("CHILL", probability))
        page = admin_client.get(PAGE).content.decode()
        assert f'<p id="hint">The model {expected}: <span class="guess">' in page
        record.label(video.pk, "SAD", who="root", source="admin")


def test_numbers_are_shown_without_a_script(admin_client, make_video):
    for who in ("root", "ada"):
        record.label(make_video().pk, "SAD", who=who, source="admin")

    page = admin_client.get(PAGE).content.decode()

    assert '<b id="n-today">1</b> today <b id="n-total">2</b> in all' in page
    assert '<td class="total">2</td><td class="today">+1</td>' in page


def test_form_shows_a_conflict(admin_client, make_video):
    video = make_video()
    record.label(video.pk, "CHILL", who="ada", source="admin")
    fields = {"video": video.pk, "say": "SAD", "seen": "none"}

    answer = admin_client.post(PAGE, fields, follow=True)

    assert "Not saved" in answer.content.decode()
    assert current(video).moods == "CHILL"
