"""The labelling page without its script: who may, and what is shown."""

import pytest
from django.test import Client

from songs.labelling import record
from songs.labelling.queue import QueueOrder
from songs.labelling.record import UNLABELLED
from songs.models import LabelClaim, Origin
from tests.songs.admin.labelling.labelling_page import JSON, MORE, PAGE, current, shown

SCRIPT = "<script>alert(1)</script>"
FRAMES = "frame-src https://www.youtube-nocookie.com"


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
    assert current(video) == UNLABELLED


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
    record.label(video.pk, "ANGRY", who="ada", source="admin")

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


@pytest.mark.parametrize("order", QueueOrder.values)
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
