"""The admin's list of videos: search, filters, actions, rights, cost of a page."""

import pytest
from django.test import Client
from django.utils import timezone

from songs.labelling.record import SKIPPED, UNLABELLED, LabelState
from songs.models import Mood, MoodLabel, NewVideo, Origin
from tests.songs.video_list import CHILL, LIST, act, label, row, said, save
from web import admin


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("label_chill", CHILL),
        ("label_in_love", LabelState(Mood.IN_LOVE, True)),
        ("skip", SKIPPED),
        ("clear", UNLABELLED),
    ],
)
def test_action_says_the_same_of_each_ticked_video(
    admin_client, make_video, action, expected
):
    ticked, other = make_video(), make_video()
    label(ticked, Mood.SAD)

    act(admin_client, action, ticked)

    assert (said(ticked), said(other)) == (expected, UNLABELLED)


def test_action_leaves_alone_what_changed_since_the_page_was_loaded(
    admin_client, make_video
):
    video = make_video()
    label(video)
    page = row(0, video) | {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1}

    answer = act(admin_client, "label_sad", video, **page)

    assert "changed by somebody else" in admin_client.get(answer.url).content.decode()
    assert said(video) == CHILL


def test_action_refuses_more_than_a_request_can_do(
    admin_client, make_video, monkeypatch
):
    monkeypatch.setattr("songs.admin.videos.actions.MAX_AT_ONCE", 1)
    videos = make_video(), make_video()

    act(admin_client, "label_sad", *videos)

    assert not MoodLabel.objects.exists()


def test_export_writes_the_six_columns_of_the_ticked_videos(admin_client, make_video):
    video, _ = make_video(video_title='a "b"'), make_video()
    label(video)

    answer = act(admin_client, "export_csv", video)

    assert b"".join(answer).decode() == (
        "video_id,video_title,moods,labeled,video_description,predicted_moods\n"
        'VIDEO000001,"a ""b""",CHILL,t,"A calm piano piece, free to use.",\n'
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("VIDEO000001", 1),
        ("acoustic", 1),
        ("acous gui", 1),
        ("chill", 2),
        ("In-Love", 0),
        ("' & | ! :* \\ (", 0),
        ("the", 0),
    ],
)
def test_search_finds_ids_moods_and_words(
    admin_client, make_video, predicted, text, found
):
    video = make_video(video_title="Acoustic guitars")
    make_video(**predicted(Mood.CHILL, 0.5))
    label(video)

    answer = admin_client.get(LIST, {"q": text})

    assert answer.context["cl"].result_count == found


@pytest.mark.parametrize(
    "query",
    [
        "labelled=yes",
        "mood=CHILL",
        "predicted=SAD",
        "licence=cc",
        "gone=licence",
        "origin=import",
        "channel=UC1",
        "channel=lo-fi",
        "moods__exact=CHILL",
    ],
)
def test_filter_finds_the_one_video(admin_client, make_video, predicted, query):
    make_video()
    video = make_video(
        **predicted(Mood.SAD, 0.5),
        licence="creativeCommon",
        origin="import",
        gone_since=timezone.now(),
        gone_why="licence",
        channel_id="UC1",
        channel_title="Lo-Fi Lounge",
    )
    label(video)

    answer = admin_client.get(f"{LIST}?{query}")

    assert list(answer.context["cl"].result_list) == [video]


@pytest.mark.parametrize("name", ["q", "channel", "mood", "origin", "p"])
@pytest.mark.parametrize("text", ["'%22;--", "%ff", "x" * 3000])
def test_list_takes_any_text_in_its_address(admin_client, make_video, name, text):
    make_video()

    answer = admin_client.get(f"{LIST}?{name}={text}", follow=True)

    assert answer.status_code == 200


def test_list_asks_as_often_for_many_videos_as_for_few(
    admin_client, make_video, django_assert_num_queries
):
    for _ in range(30):
        make_video()

    bounds = 4  # of the count: a test's savepoint, the timeout and back
    with django_assert_num_queries(4 + bounds):  # session, user, count, rows
        admin_client.get(LIST)


def test_list_save_reads_the_rows_at_once(
    admin_client, make_video, django_assert_max_num_queries
):
    rows = [row(number, make_video()) for number in range(30)]

    with django_assert_max_num_queries(6):
        save(admin_client, *rows)


def test_list_counts_no_further_than_it_must(admin_client, make_video, monkeypatch):
    monkeypatch.setattr("web.admin.MAX_COUNTED", 2)
    for _ in range(3):
        make_video()

    assert admin_client.get(LIST).context["cl"].result_count == 2


def test_list_counts_no_longer_than_it_may(admin_client, make_video, bound_queries):
    make_video()
    slow = NewVideo.objects.newest_first().extra(where=["pg_sleep(10000) IS NOT NULL"])
    bound_queries(20)

    pages = admin.BoundedPaginator(slow, 50)

    assert pages.count == admin.MAX_COUNTED
    assert NewVideo.objects.count() == 1  # what follows is not cut off


@pytest.mark.parametrize(
    "send",
    [save, lambda c, *r: act(c, "skip"), lambda c, *r: c.post(LIST, {"_predict": "1"})],
)
def test_labelling_needs_the_right_to_change(client, make_video, make_user, send):
    client.force_login(make_user("viewer", "view_newvideo"))

    answer = send(client, row(0, make_video(), moods="SAD"))

    assert answer.status_code == 403
    assert not MoodLabel.objects.exists()


def test_viewers_see_no_selects_and_may_export(client, make_video, make_user):
    client.force_login(make_user("viewer", "view_newvideo"))
    video = make_video()

    assert '<select name="form-0' not in client.get(LIST).content.decode()
    assert video.pk.encode() in b"".join(act(client, "export_csv", video))
    assert client.post(f"{LIST}{video.pk}/change/", {"moods": "SAD"}).status_code == 403


def test_list_is_closed_to_staff_without_the_right_to_view(client, make_user):
    client.force_login(make_user("nobody"))

    assert client.get(LIST).status_code == 403


def test_post_without_a_csrf_token_is_refused(make_video, make_user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("ann", "view_newvideo", "change_newvideo"))

    assert save(client, row(0, make_video(), moods="SAD")).status_code == 403


@pytest.mark.parametrize("path", ["add/", "VIDEO000001/delete/"])
def test_videos_are_neither_added_nor_deleted_here(admin_client, make_video, path):
    make_video()

    assert admin_client.post(f"{LIST}{path}", {"post": "yes"}).status_code == 403


def test_list_has_a_policy_and_no_inline_script(admin_client, make_video):
    make_video(video_title="<script>x</script>")

    answer = admin_client.get(LIST)

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "<script>" not in answer.content.decode()


def test_list_asks_youtube_for_no_picture_of_a_sample(admin_client, make_video):
    picture = "https://i.ytimg.com/vi/SAMPLE-0001/mqdefault.jpg"
    make_video(origin=Origin.SAMPLE, video_thumbnail=picture)

    assert picture not in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize("url", [None, "https://evil.example/a.png", "javascript:x"])
def test_list_shows_a_placeholder_for_other_thumbnails(admin_client, make_video, url):
    make_video(video_thumbnail=url)

    page = admin_client.get(LIST).content.decode()

    assert 'href="https://www.youtube.com/watch?v=VIDEO000001"' in page
    assert 'loading="lazy"' not in page
