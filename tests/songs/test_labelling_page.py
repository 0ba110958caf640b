"""The labelling page without its script: who may, what is recorded, what is shown."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from songs import label_claims, labelling
from songs.label_queue import Order
from songs.labelling import SKIPPED, UNSEEN, Judgement
from songs.models import LabelClaim, Mood, MoodModel, Origin

PAGE, MORE = "/admin/label/", "/admin/label/more/"
JSON = {"headers": {"accept": "application/json"}}
SAD = Judgement("SAD", True)
SCRIPT = "<script>alert(1)</script>"
FRAMES = "frame-src https://www.youtube-nocookie.com"


@pytest.fixture
def say(admin_client):
    """Answers as the script does; returns the response."""

    def post(video, word, *, seen="none", order="newest", **more):
        fields = {"video": video.pk, "say": word, "seen": seen} | more
        return admin_client.post(f"{PAGE}?order={order}", fields, **JSON)

    return post


@pytest.fixture
def doubted(make_video):
    """A video that Ada finds sad, and models that have not seen it happy."""
    video = make_video()
    labelling.label(video.pk, "SAD", who="ada", source="admin")
    scores = dict.fromkeys(Mood.values, 0.02) | {"HAPPY": 0.9}
    now = timezone.now()
    MoodModel.objects.create(
        version="v", recipe="r", created=now, live=True, promoted=now,
        manifest={"metrics": {}}, content=b"", held_out={video.pk: scores},
    )  # fmt: skip
    return video


def current(video):
    video.refresh_from_db()
    return Judgement.of(video)


def shown(client, order="newest"):
    """The cards that the page brings, in their order."""
    return client.get(f"{PAGE}?order={order}").context["data"]["queue"]


# --- who may


def test_page_needs_a_signed_in_person(client, db):
    assert client.get(PAGE)["Location"] == f"/admin/login/?next={PAGE}"


def test_page_needs_the_right_to_change_videos(make_user, make_video):
    client, video = Client(), make_video()
    client.force_login(make_user("eve", "view_newvideo"))

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"video": video.pk, "say": "SAD"}).status_code == 403
    assert client.post(MORE, **JSON).status_code == 403

    client.force_login(make_user("ada", "change_newvideo"))
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("path", [PAGE, MORE])
def test_script_is_told_that_it_is_signed_out(client, db, path):
    answer = client.post(path, **JSON)
    assert answer.status_code == 401
    assert answer.json()["code"] == "signed_out"


def test_answers_from_elsewhere_are_refused(admin_client, make_video):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = admin_client.cookies
    video = make_video()

    answer = strict.post(PAGE, {"video": video.pk, "say": "SAD", "seen": "none"})

    assert answer.status_code == 403
    assert current(video) == UNSEEN


# --- what is recorded


@pytest.mark.parametrize("mood", Mood.values)
def test_mood_is_recorded_as_a_decision(say, make_video, mood):
    video = make_video()

    assert say(video, mood).json() == {"saved": True}

    act = video.labels.get()
    assert (act.mood, act.who, act.source) == (mood, "root", "admin")
    assert current(video) == Judgement(mood, True)


def test_skip_and_undo_are_recorded(say, make_video):
    video = make_video()
    say(video, "skip")
    assert current(video) == SKIPPED

    say(video, "none", seen="skip", undo="1")

    assert current(video) == UNSEEN
    assert video.labels.count() == 2


def test_answer_gives_up_the_claim_and_undo_takes_it_again(say, make_video):
    video = make_video()
    label_claims.claim([video.pk], who="root")

    say(video, "SAD")
    assert label_claims.of("root") == []
    say(video, "none", seen="SAD", undo="1")

    assert label_claims.of("root") == [video.pk]


def test_conflict_tells_what_stands(say, make_video):
    video = make_video()
    labelling.label(video.pk, "CHILL", who="ada", source="admin")

    answer = say(video, "SAD")

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["label"]) == ("conflict", "CHILL")
    assert current(video).moods == "CHILL"


def test_insisting_after_a_conflict_is_recorded(say, make_video):
    video = make_video()
    labelling.label(video.pk, "CHILL", who="ada", source="admin")
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
    assert current(video) == UNSEEN
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
    labelling.label(video.pk, "SAD", who="ada", source="admin")

    say(video, "CHILL", order="second")

    assert video.labels.latest("id").source == "second"
    assert current(video) == SAD
    say(video, "none", seen="CHILL", order="second", undo="1")
    assert [o.who for o in labelling.opinions(video.pk) if o.mood] == ["ada"]


def test_second_opinion_never_learns_the_label(say, admin_client, make_video):
    video = make_video()
    labelling.label(video.pk, "SAD", who="root", source="admin")

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
        labelling.label(video.pk, "SAD", who="root", source="admin")


def test_numbers_are_shown_without_a_script(admin_client, make_video):
    for who in ("root", "ada"):
        labelling.label(make_video().pk, "SAD", who=who, source="admin")

    page = admin_client.get(PAGE).content.decode()

    assert '<b id="n-today">1</b> today <b id="n-total">2</b> in all' in page
    assert '<td class="total">2</td><td class="today">+1</td>' in page


def test_form_shows_a_conflict(admin_client, make_video):
    video = make_video()
    labelling.label(video.pk, "CHILL", who="ada", source="admin")
    fields = {"video": video.pk, "say": "SAD", "seen": "none"}

    answer = admin_client.post(PAGE, fields, follow=True)

    assert "Not saved" in answer.content.decode()
    assert current(video).moods == "CHILL"


# --- what is shown


def test_queue_stays_the_same_after_a_reload(admin_client, make_video):
    for _ in range(25):
        make_video()

    first = shown(admin_client)

    assert len(first) == 20
    assert shown(admin_client) == first
    assert LabelClaim.objects.count() == 20


def test_another_order_gives_up_the_claims(admin_client, make_video):
    make_video()
    shown(admin_client)
    shown(admin_client, "unsure")
    assert not LabelClaim.objects.exists()


def test_two_people_see_different_videos(admin_client, make_user, make_video):
    for _ in range(25):
        make_video()
    other = Client()
    other.force_login(make_user("ada", "change_newvideo"))

    ids = [card["id"] for who in (admin_client, other) for card in shown(who)]

    assert len(ids) == len(set(ids)) == 25


def test_more_brings_the_next_and_keeps_the_claims(admin_client, make_video):
    for _ in range(25):
        make_video()
    first = {card["id"] for card in shown(admin_client)}
    until = LabelClaim.objects.earliest("until").until

    more = admin_client.post(MORE, **JSON).json()["videos"]

    assert len(more) == 5
    assert first.isdisjoint(card["id"] for card in more)
    assert admin_client.post(MORE, {"want": "0"}, **JSON).json() == {"videos": []}
    assert LabelClaim.objects.earliest("until").until > until


def test_hint_has_the_two_likeliest_moods(admin_client, make_video, predicted):
    columns = predicted("CHILL", 0.6)
    columns["mood_scores"] |= {"SAD": 0.3}
    make_video(**columns)

    (card,) = shown(admin_client)

    assert [(g["mood"], g["percent"]) for g in card["hint"]] == [
        ("CHILL", 60),
        ("SAD", 30),
    ]
    assert card["sure"]


def test_second_opinion_hides_label_and_hint(admin_client, make_video, predicted):
    video = make_video(**predicted("CHILL", 0.6))
    labelling.label(video.pk, "ANGRY", who="ada", source="admin")

    answer = admin_client.get(f"{PAGE}?order=second")

    (card,) = answer.context["data"]["queue"]
    assert (card["label"], card["label_name"], card["hint"]) == ("none", "", [])
    assert 'data-mood="CHILL">Chill</span> 60' not in answer.content.decode()


def test_mislabelled_shows_the_label_and_the_unseen_prediction(admin_client, doubted):
    answer = admin_client.get(f"{PAGE}?order=mislabelled")

    (card,) = answer.context["data"]["queue"]
    assert card["label"] == "SAD"
    assert (card["hint"][0]["mood"], card["hint"][0]["percent"]) == ("HAPPY", 90)
    assert 'The label is <span class="mood" data-mood="SAD">Sad' in (
        answer.content.decode()
    )


@pytest.mark.parametrize("order", Order.values)
def test_empty_queue_says_why(admin_client, order):
    answer = admin_client.get(f"{PAGE}?order={order}")
    assert answer.context["empty"] in answer.content.decode()
    assert ("came with the project" in answer.context["empty"]) == (
        order == "mislabelled"
    )


def test_script_in_what_youtube_said_is_escaped(admin_client, make_video):
    make_video(video_title=SCRIPT, video_description=SCRIPT, channel_title=SCRIPT)

    page = admin_client.get(PAGE).content.decode()

    assert SCRIPT not in page
    assert page.count("&lt;script&gt;alert(1)") == 3


def test_sample_has_nothing_to_watch(admin_client, make_video):
    make_video(origin=Origin.SAMPLE, video_thumbnail="https://i.ytimg.com/x.jpg")
    (card,) = shown(admin_client)
    assert (card["link"], card["picture"], card["player"]) == (None, None, None)


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("https://i.ytimg.com/vi/x/hq.jpg", "https://i.ytimg.com/vi/x/hq.jpg"),
        ("https://example.org/a.jpg", "https://i.ytimg.com/vi/VIDEO000001/mqdefault.jpg"),
        (None, "https://i.ytimg.com/vi/VIDEO000001/mqdefault.jpg"),
    ],
)  # fmt: skip
def test_picture_comes_from_youtube_alone(admin_client, make_video, stored, expected):
    make_video(video_thumbnail=stored)
    assert shown(admin_client)[0]["picture"] == expected


def test_player_is_off_unless_the_operator_allows_it(
    admin_client, make_video, settings
):
    make_video()
    answer = admin_client.get(PAGE)
    assert "frame-src" not in answer["Content-Security-Policy"]
    assert answer.context["data"]["queue"][0]["player"] is None

    settings.ALLOW_YOUTUBE_PLAYER = True
    answer = admin_client.get(PAGE)

    player = "https://www.youtube-nocookie.com/embed/VIDEO000001"
    assert FRAMES in answer["Content-Security-Policy"]
    assert answer.context["data"]["queue"][0]["player"] == player
    assert "frame-src" not in admin_client.get("/admin/")["Content-Security-Policy"]


def test_page_takes_few_queries(
    admin_client, make_video, django_assert_max_num_queries
):
    for _ in range(25):
        make_video()
    admin_client.get(PAGE)
    with django_assert_max_num_queries(12):
        admin_client.get(PAGE)
