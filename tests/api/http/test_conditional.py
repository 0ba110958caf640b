"""What may be kept, whether it still holds, and what a 304 costs."""

import pytest
from django.conf import settings as project
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.arrays2019.views import NewVideoList
from api.http import conditional
from songs.labelling import suggestions
from songs.labelling.record import UNLABELLED
from songs.models import Comment, Mood, NewVideo
from songs.models.video import Gone

LISTS = [
    "/api/new-videos/",
    "/api/new-videos-thumbnails/",
    "/api/new-videos-stats/",
    "/api/new-comments/",
    "/api/new-videos-moods/",
    "/api/predictions/",
    "/api/moods/",
]
DETAILS = ["/api/new-videos/VIDEO000001/", "/api/new-videos-stats/VIDEO000001/"]
OF_CODE = ["/api/", "/api/schema/", "/api/docs/"]
MOVE_BACK = "UPDATE songs_catalogueversion SET changed = changed - interval '1 minute'"
KEPT_BY_ALL = "public, max-age=10, stale-while-revalidate=50"
GONE = {"gone_since": timezone.now(), "gone_why": Gone.LICENCE}


@pytest.fixture
def video(make_video):
    """Two videos; the first has a comment, an accepted suggestion and much text."""
    video = make_video(video_description="calm " * 200)
    make_video()
    now = timezone.now()
    Comment.objects.create(pk="c1", video=video, text="Nice " * 50, fetched_at=now)
    suggestions.suggest(video.pk, Mood.SAD, address="192.0.2.1")
    suggestions.accept(video.pk, Mood.SAD, who="ann", expected=UNLABELLED, shown=10**9)
    with connection.cursor() as cursor:
        cursor.execute(MOVE_BACK)
    return video


@pytest.fixture
def get(client):
    """Asks with headers, named as in Python: if_none_match."""

    def ask(path, **headers):
        return client.get(path, headers=headers)

    return ask


def changed(**columns):
    assert NewVideo.objects.filter(pk="VIDEO000001").update(**columns)


@pytest.mark.parametrize("path", LISTS + DETAILS + OF_CODE)
def test_answer_says_who_may_keep_it_and_how_to_ask_again(get, video, path):
    response = get(path)
    assert response["ETag"].startswith('W/"')
    assert response["Cache-Control"] == KEPT_BY_ALL
    vary = set(response["Vary"].split(", "))
    assert {"Accept", "Accept-Encoding", "origin"} <= vary
    assert "Cookie" not in vary


@pytest.mark.parametrize("path", LISTS)
def test_list_that_is_known_is_304_after_one_query_that_reads_no_video(
    get, video, path
):
    tag = get(path)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        response = get(path, if_none_match=tag)
    assert (response.status_code, response.content) == (304, b"")
    assert len(queries) == 1
    assert "songs_newvideo" not in queries[0]["sql"]


@pytest.mark.parametrize("path", DETAILS)
def test_detail_that_is_known_is_304_after_one_query(
    get, video, django_assert_num_queries, path
):
    tag = get(path)["ETag"]
    with django_assert_num_queries(1):
        assert get(path, if_none_match=tag).status_code == 304


@pytest.mark.parametrize("path", OF_CODE)
def test_answer_of_the_code_alone_is_304_without_a_query(
    get, video, django_assert_num_queries, path
):
    tag = get(path)["ETag"]
    with django_assert_num_queries(0):
        assert get(path, if_none_match=tag).status_code == 304


@pytest.mark.parametrize("path", LISTS + DETAILS)
def test_304_has_the_headers_of_the_200_that_caches_need(get, video, path, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    origin = {"origin": "https://player.example", "accept_encoding": "gzip"}
    full = get(path, **origin)
    short = get(path, if_none_match=full["ETag"], **origin)
    assert (full.status_code, short.status_code) == (200, 304)
    names = ["ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin", "Allow"]
    assert [short[name] for name in names] == [full[name] for name in names]
    assert "Content-Encoding" not in short


@pytest.mark.parametrize("path", LISTS)
def test_list_is_sent_anew_after_a_change(get, video, path):
    tag = get(path)["ETag"]
    changed(**GONE)
    response = get(path, if_none_match=tag)
    assert response.status_code == 200
    assert response["ETag"] != tag


def test_detail_is_sent_anew_after_its_own_change_only(get, video):
    tag = get(DETAILS[0])["ETag"]
    NewVideo.objects.filter(pk="VIDEO000002").update(video_title="Other")
    assert get(DETAILS[0], if_none_match=tag).status_code == 304
    changed(video_title="Other")
    assert get(DETAILS[0], if_none_match=tag).status_code == 200


@pytest.mark.parametrize("path", LISTS + DETAILS)
def test_another_release_sends_everything_anew(get, video, monkeypatch, path):
    tag = get(path)["ETag"]
    monkeypatch.setattr(conditional, "code_digest", lambda: "another")
    expected = 304 if path in DETAILS else 200  # one video is compared as it is
    assert get(path, if_none_match=tag).status_code == expected


def test_rows_that_changed_after_the_version_was_read_are_sent_again(
    get, video, monkeypatch
):
    """The race that matters: a commit between the two queries of one answer."""

    def change_then_read(view):
        changed(video_title="Committed in between")
        return made(view)

    made = NewVideoList._response
    monkeypatch.setattr(NewVideoList, "_response", change_then_read)
    tag = get(LISTS[0])["ETag"]
    monkeypatch.setattr(NewVideoList, "_response", made)
    again = get(LISTS[0], if_none_match=tag)
    assert again.status_code == 200
    assert b"Committed in between" in again.getvalue()


@pytest.mark.parametrize("path", [LISTS[0], DETAILS[0]])
@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("*", 304),
        ('"a", {tag}, W/"b"', 304),
        ('"a",{tag}', 304),
        ("{strong}", 304),  # as a proxy may have made it
        ('"a", W/"b"', 200),
        ("a", 200),
        ("", 200),
        ("{tag}x", 200),
        ('W/"\x7f" \\"', 200),
    ],
)
def test_if_none_match_is_understood(get, video, path, known, status):
    tag = get(path)["ETag"]
    names = {"tag": tag, "strong": tag.removeprefix("W/")}
    assert get(path, if_none_match=known.format(**names)).status_code == status


@pytest.mark.parametrize("path", [LISTS[0], DETAILS[0]])
def test_head_has_the_headers_of_get_and_is_304_too(client, get, video, path):
    full, head = get(path), client.head(path)
    assert (head.status_code, head.getvalue()) == (200, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
        assert head[name] == full[name]
    known = {"if-none-match": full["ETag"]}
    assert client.head(path, headers=known).status_code == 304


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [LISTS[0], DETAILS[0]])
def test_date_of_the_last_change_is_a_validator_too(get, video, path):
    date = get(path)["Last-Modified"]
    assert get(path, if_modified_since=date).status_code == 304
    assert get(path, if_modified_since=date, if_none_match='"x"').status_code == 200
    changed(video_title="Other")
    assert get(path, if_modified_since=date).status_code == 200


@pytest.mark.parametrize(
    "date", ["Sat, 29 Oct 1994 19:43:31 GMT", "Sat, 29 Oct 2094 19:43:31 GMT", "soon"]
)
@pytest.mark.parametrize("path", [LISTS[0], DETAILS[0]])
def test_date_that_we_never_sent_proves_nothing(get, video, path, date):
    assert get(path, if_modified_since=date).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [LISTS[0], DETAILS[0]])
def test_date_of_a_change_is_not_that_of_another_in_the_same_second(get, video, path):
    changed(video_title="Other")
    date = get(path)["Last-Modified"]
    changed(video_title="Yet another")
    assert get(path, if_modified_since=date).status_code == 200


@pytest.mark.parametrize("known", ["*", 'W/"0"'])
def test_errors_come_before_validators_and_are_not_kept(get, video, known):
    changed(**GONE)
    for video_id, status in [("VIDEO000001", 410), ("UNKNOWN0000", 404)]:
        response = get(f"/api/new-videos/{video_id}/", if_none_match=known)
        assert response.status_code == status
        assert response["Cache-Control"] == "private, no-store"
        assert "ETag" not in response


@pytest.mark.parametrize("path", ["/admin/login/", "/", "/api/?format=api"])
def test_page_for_a_person_is_neither_compressed_nor_kept_by_others(get, video, path):
    response = get(path, accept="text/html", accept_encoding="gzip, br")
    assert response.status_code == 200
    assert "Content-Encoding" not in response
    assert "public" not in response.get("Cache-Control", "")


def test_page_of_a_list_shows_who_is_signed_in_and_is_stored_nowhere(
    admin_client, video
):
    for path in LISTS + DETAILS:
        page = admin_client.get(path, headers={"accept": "text/html"})
        assert b"root" in page.content
        assert page["Cache-Control"] == "private, no-store"
        assert "ETag" not in page


@pytest.mark.parametrize("path", LISTS + DETAILS)
@pytest.mark.parametrize(
    ("headers", "whose"),
    [
        ({"authorization": "null"}, "public"),
        ({"authorization": "9f86d081884c7d65"}, "private"),
        ({"authorization": "Bearer x"}, "private"),
        ({"cookie": f"{project.SESSION_COOKIE_NAME}=forged"}, "private"),
        ({"cookie": "consent=1"}, "public"),
    ],
)
def test_answer_to_somebody_who_may_be_signed_in_is_kept_by_nobody_else(
    get, video, django_assert_max_num_queries, path, headers, whose
):
    with django_assert_max_num_queries(2):  # nobody looks for the session
        response = get(path, **headers)
    assert response["Cache-Control"].split(",")[0] == whose
    assert get(path, if_none_match=response["ETag"], **headers).status_code == 304


@pytest.mark.parametrize("path", ["/health/ready", "/api/nothing", "/api/moods/?x=1"])
def test_what_does_not_say_that_it_may_be_kept_may_not(get, db, path):
    assert get(path)["Cache-Control"] == "private, no-store"


def test_code_digest_follows_the_code(settings, tmp_path):
    digests = set()
    for text in ("a = 1", "a = 2"):
        (tmp_path / "api").mkdir(exist_ok=True)
        (tmp_path / "api" / "views.py").write_text(text)
        settings.BASE_DIR = tmp_path
        digests.add(conditional.code_digest.__wrapped__())
    assert len(digests) == 2
