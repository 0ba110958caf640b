from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from songs.labelling import record
from songs.models import Comment, MoodLabel, NewVideo
from songs.models.video import Gone

LISTS = [
    "/api/new-videos/",
    "/api/predictions/",
    "/api/new-videos-thumbnails/",
    "/api/new-videos-stats/",
]
GONE = {"gone_since": datetime(2026, 11, 20, tzinfo=UTC), "gone_why": Gone.LICENCE}


@pytest.fixture
def say():
    def label(video, mood):
        record.label(video.pk, mood, who="mia", source=MoodLabel.Source.ADMIN)

    return label


@pytest.mark.parametrize("path", LISTS)
def test_list_is_two_queries_whatever_its_length(
    get_rows, make_video, django_assert_num_queries, path
):
    for _ in range(3):
        make_video()
    with django_assert_num_queries(2):  # the version of the catalogue, the rows
        assert len(get_rows(path)) == 3


def test_comments_are_two_queries_whatever_their_number(
    get_rows, make_video, django_assert_num_queries
):
    for number in range(6):
        video = NewVideo.objects.first() if number % 2 else make_video()
        now = timezone.now()
        Comment.objects.create(pk=number, video=video, text="Nice", fetched_at=now)
    with django_assert_num_queries(2):
        assert len(get_rows("/api/new-comments/")) == 3


def test_moods_are_two_queries(client, make_video, django_assert_num_queries):
    make_video()
    with django_assert_num_queries(2):  # the version of the catalogue, the counts
        assert len(client.get("/api/moods/").json()) == 6


@pytest.mark.parametrize("path", LISTS)
def test_list_of_nothing_is_an_empty_array(get_rows, db, path):
    assert get_rows(path) == []


@pytest.mark.parametrize("path", LISTS)
def test_list_is_newest_first_and_undated_last(get_rows, make_video, path):
    now = timezone.now()
    make_video(video_id="UNDATED0000")
    make_video(video_id="OLD00000000", published_at=now - timedelta(days=1))
    make_video(video_id="NEW00000000", published_at=now)
    ids = [video["video_id"] for video in get_rows(path)]
    assert ids == ["NEW00000000", "OLD00000000", "UNDATED0000"]


@pytest.mark.parametrize("path", LISTS)
def test_list_leaves_out_what_is_gone(get_rows, make_video, path):
    make_video(**GONE)
    assert get_rows(path) == []


@pytest.mark.parametrize("header", ["null", "9f86d081884c7d65", "Token x", "Bearer x"])
def test_list_ignores_the_authorization_of_the_react_client(client, db, header):
    response = client.get("/api/new-videos/", headers={"authorization": header})
    assert response.status_code == 200


def test_new_video_has_the_mood_of_the_person_before_the_models(
    get_rows, make_video, predicted, say
):
    say(make_video(**predicted("HAPPY", 0.6)), "SAD")
    (item,) = get_rows("/api/new-videos/")
    assert (item["moods"], item["mood_source"]) == ("SAD", "person")
    assert (item["labeled"], item["predicted_moods"]) == (True, "HAPPY")


def test_new_video_has_the_mood_of_the_model_where_nobody_spoke(
    get_rows, make_video, predicted
):
    make_video(**predicted("HAPPY", 0.6))
    (item,) = get_rows("/api/new-videos/")
    assert (item["moods"], item["mood_source"]) == ("HAPPY", "model")
    assert item["labeled"] is None
    assert (item["predicted_by"], item["predicted_sure"]) == ("test-1", True)
    assert item["mood_scores"]["HAPPY"] == 0.6


def test_new_video_without_any_mood_says_null(get_rows, make_video):
    make_video()
    (item,) = get_rows("/api/new-videos/")
    assert (item["moods"], item["mood_source"]) == (None, None)


def test_new_video_says_where_it_is_from(get_rows, make_video):
    known = {
        "video_thumbnail": "https://i.ytimg.com/vi/x/mqdefault.jpg",
        "licence": "creativeCommon",
        "channel_id": "UC1",
        "channel_title": "A <b>channel</b>",
    }
    make_video(**known, published_at=datetime(2019, 5, 4, 3, 2, 1, tzinfo=UTC))
    (item,) = get_rows("/api/new-videos/")
    assert {name: item[name] for name in known} == known
    assert item["published_at"] == "2019-05-04T03:02:01Z"


def test_prediction_is_the_models_whatever_people_say(
    get_rows, make_video, predicted, say
):
    say(make_video(**predicted("HAPPY", 0.6)), "SAD")
    assert get_rows("/api/predictions/") == [
        {
            "video_id": "VIDEO000001",
            "video_title": "Song 1",
            "predicted_moods": "HAPPY",
            "predicted_by": "test-1",
        }
    ]


def test_thumbnail_that_is_missing_is_null(get_rows, make_video):
    make_video()
    assert get_rows("/api/new-videos-thumbnails/") == [
        {"video_id": "VIDEO000001", "video_thumbnail": None}
    ]


def test_detail_adds_the_texts_in_two_queries(
    client, make_video, django_assert_num_queries
):
    make_video(tags=["calm"], region_blocked=["DE"])
    with django_assert_num_queries(2):
        video = client.get("/api/new-videos/VIDEO000001/").json()
    assert video["video_description"] == "A calm piano piece, free to use."
    assert (video["tags"], video["region_blocked"]) == (["calm"], ["DE"])
    assert (video["region_allowed"], video["origin"]) == (None, "youtube")


def test_detail_of_a_video_that_is_gone_is_410_and_says_when_and_why(
    client, make_video
):
    make_video(**GONE)
    response = client.get("/api/new-videos/VIDEO000001/")
    assert response.status_code == 410
    assert response.json() == {
        "detail": "This video left the catalogue on 2026-11-20: "
        "no longer Creative Commons.",
        "code": "gone",
        "gone_since": "2026-11-20T00:00:00Z",
        "gone_why": "licence",
    }


@pytest.mark.parametrize("video_id", ["UNKNOWN0000", "short", "%00", "a" * 3000, "'--"])
def test_detail_of_an_unknown_video_is_404(client, db, video_id):
    response = client.get(f"/api/new-videos/{video_id}/")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_moods_are_counted_by_people_and_by_model_in_two_queries(
    client, make_video, predicted, say, django_assert_num_queries
):
    say(make_video(**predicted("HAPPY", 0.6)), "SAD")
    make_video(**predicted("HAPPY", 0.6), **GONE)
    with django_assert_num_queries(2):
        moods = client.get("/api/moods/").json()
    names = ("HAPPY", "IN-LOVE", "SAD", "CONFIDENT-SASSY", "CHILL", "ANGRY")
    assert tuple(mood["name"] for mood in moods) == names
    assert moods[0] == {
        "name": "HAPPY",
        "label": "Happy",
        "by_people": 0,
        "by_model": 1,
    }
    assert moods[2] == {"name": "SAD", "label": "Sad", "by_people": 1, "by_model": 0}


def test_browsable_list_shows_a_page_not_the_whole_catalogue(
    client, get_rows, make_video
):
    for _ in range(51):
        make_video()
    page = client.get("/api/new-videos/", headers={"accept": "text/html"})
    assert page.content.count(b"&quot;video_id&quot;") == 50
    assert len(get_rows("/api/new-videos/")) == 51


def test_browsable_list_escapes_what_youtube_said(client, make_video):
    make_video(video_title="<script>alert(1)</script>")
    page = client.get("/api/new-videos/", headers={"accept": "text/html"})
    assert b"<script>alert" not in page.content
    assert b"&lt;script&gt;alert" in page.content


@pytest.fixture
def comment():
    def store(number, text, **columns):
        fetched = {"video_id": "VIDEO000001", "fetched_at": timezone.now()}
        Comment.objects.create(pk=f"c{number}", text=text, **(fetched | columns))

    return store


def test_statistics_are_what_youtube_counted_and_null_where_it_did_not(
    get_rows, make_video
):
    make_video(view_count=15_000_000_000, like_count=0)
    make_video(video_title=None)
    counted, unknown = get_rows("/api/new-videos-stats/")
    assert counted == {
        "video_id": "VIDEO000001",
        "video_view_count": 15_000_000_000,
        "video_like_count": 0,
        "new_video": "Song 1",
    }
    assert set(unknown.values()) == {"VIDEO000002", None}


@pytest.mark.parametrize("slash", ["", "/"])
def test_statistics_of_one_video_are_those_of_the_list(
    client, get_rows, make_video, slash
):
    make_video(view_count=7)
    one = client.get(f"/api/new-videos-stats/VIDEO000001{slash}").json()
    assert [one] == get_rows("/api/new-videos-stats/")


def test_statistics_of_a_video_that_is_gone_are_410(client, make_video):
    make_video(**GONE)
    response = client.get("/api/new-videos-stats/VIDEO000001/")
    assert response.status_code == 410
    assert response.json()["code"] == "gone"


@pytest.mark.parametrize("video_id", ["UNKNOWN0000", "short"])
def test_statistics_of_an_unknown_video_are_404(client, db, video_id):
    response = client.get(f"/api/new-videos-stats/{video_id}/")
    assert response.status_code == 404
    assert set(response.json()) == {"detail", "code"}


def test_comments_are_an_array_for_each_video_that_has_some(
    get_rows, make_video, comment, django_assert_num_queries
):
    make_video(), make_video()
    comment(1, "old", published_at=timezone.now() - timedelta(days=2))
    comment(2, "undated")
    comment(3, 'new "quoted", {braces} \\', published_at=timezone.now())
    with django_assert_num_queries(2):
        rows = get_rows("/api/new-comments/")
    said = ['new "quoted", {braces} \\', "old", "undated"]
    assert rows == [{"video_id": "VIDEO000001", "comments": said}]


def test_comments_leave_out_what_is_gone_and_are_an_empty_array_of_nothing(
    get_rows, make_video, comment
):
    make_video(**GONE)
    comment(1, "Nice")
    assert get_rows("/api/new-comments/") == []


def test_root_lists_routes_that_answer(client, db):
    routes = client.get("/api/").json()
    assert routes["new-videos"] == "http://testserver/api/new-videos/"
    only_posts = {"predict": 405}
    assert {name: client.get(url).status_code for name, url in routes.items()} == (
        dict.fromkeys(routes, 200) | only_posts
    )
