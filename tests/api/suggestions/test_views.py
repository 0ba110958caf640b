"""/api/new-videos-moods/: anybody may suggest, nobody may flood or change a label."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.http.parsers import MAX_BODY_BYTES
from songs.labelling import suggestions
from songs.labelling.record import UNLABELLED
from songs.models import Mood, MoodLabel, MoodSuggestion, NewVideo
from songs.models.video import Gone
from web import rate_limits

PATH = "/api/new-videos-moods/"


@pytest.fixture
def post(make_video):
    """Posts as a stranger would; VIDEO000001 exists."""
    make_video()

    def send(body=None, path=PATH, *, address="192.0.2.1", **headers):
        sent = {"video_id": "VIDEO000001", "video_title": "x", "correct_moods": "SAD"}
        return Client(enforce_csrf_checks=True).post(
            path,
            sent | body if isinstance(body, dict) else body or sent,
            content_type="application/json",
            headers=headers,
            REMOTE_ADDR=address,
        )

    return send


@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")])
def test_suggestion_is_kept_and_answered_with_what_a_client_can_show(post, path):
    response = post({"correct_moods": "Confident/Sassy", "extra": [1]}, path)
    assert response.status_code == 201
    assert response.json() == {
        "video_id": "VIDEO000001",
        "video_title": "Song 1",
        "correct_moods": "CONFIDENT-SASSY",
        "detail": "Thank you. Your suggestion waits until a person has looked at it.",
    }
    assert MoodSuggestion.objects.get().mood == Mood.CONFIDENT_SASSY
    assert not MoodLabel.objects.exists()


@pytest.mark.parametrize(
    "mood", ["Happy", "HAPPY", "happy ", "IN-LOVE", "in love", "confident sassy"]
)
def test_mood_may_be_written_in_any_case_and_spelling(post, mood):
    assert post({"correct_moods": mood}).status_code == 201


def test_repeat_is_counted_once_and_the_first_mood_stands(post):
    first, same = post(), post()
    other = post({"correct_moods": "ANGRY"})
    assert [first.status_code, same.status_code, other.status_code] == [201, 200, 200]
    assert first.json() == same.json()
    assert other.json()["correct_moods"] == "SAD"
    assert other.json()["detail"].startswith("You have suggested Sad for this video")
    assert MoodSuggestion.objects.get().mood == "SAD"


@pytest.mark.parametrize("header", ["null", "9f86d081884c7d65", "Token x", "Bearer x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_authorization_of_the_react_client_does_no_harm(post, client, method, header):
    headers = {"authorization": header}
    answer = post(**headers) if method == "POST" else client.get(PATH, headers=headers)
    assert answer.status_code in {200, 201}


def test_post_from_another_origin_is_answered_to_the_configured_one(post, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    response = post(origin="https://player.example", cookie="sessionid=forged")
    assert response.status_code == 201
    assert response["Access-Control-Allow-Origin"] == "https://player.example"
    assert "Retry-After" in response["Access-Control-Expose-Headers"]


def test_preflight_of_a_suggestion_is_allowed(client, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    asked = {"method": "POST", "headers": "authorization, content-type"}
    headers = {f"access-control-request-{name}": asked[name] for name in asked}
    response = client.options(
        PATH, headers=headers | {"origin": "https://player.example"}
    )
    assert response.status_code == 200
    assert "POST" in response["Access-Control-Allow-Methods"]
    assert "authorization" in response["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}])
def test_session_without_csrf_token_is_refused(make_user, make_video, headers):
    make_video()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("mia"))
    body = {"video_id": "VIDEO000001", "correct_moods": "SAD"}
    response = client.post(PATH, body, content_type="application/json", headers=headers)
    assert response.status_code == 403
    assert not MoodSuggestion.objects.exists()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")])
def test_nothing_but_get_and_post_is_answered(client, db, method, path):
    response = client.generic(method, path, b"{}", "application/json")
    assert response.status_code == 405


@pytest.mark.parametrize("mood", ["HAPPYISH", "", None, 5, True, ["SAD"], {}, "x" * 99])
def test_unknown_mood_is_named_with_the_six(post, mood):
    response = post({"correct_moods": mood})
    assert response.status_code == 400
    assert response.json()["fields"] == {
        "correct_moods": [
            "Say one of HAPPY, IN-LOVE, SAD, CONFIDENT-SASSY, CHILL, ANGRY."
        ]
    }


@pytest.mark.parametrize(
    "video_id", ["short", None, "", [], "abcDEF_-123\n4", "\0" * 11]
)
def test_wrong_id_is_named(post, video_id):
    response = post({"video_id": video_id})
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["video_id"]
    assert not MoodSuggestion.objects.exists()


@pytest.mark.parametrize("title", [None, "", 5, [], "\0", "x" * 100_000])
def test_title_is_ignored(post, title):
    assert post({"video_title": title}).json()["video_title"] == "Song 1"


def test_unknown_video_is_not_found(post):
    response = post({"video_id": "NOSUCHVIDEO"})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_video_that_is_gone_takes_no_suggestion(post):
    NewVideo.objects.update(gone_since="2026-11-20T00:00Z", gone_why=Gone.LICENCE)
    response = post()
    assert (response.status_code, response.json()["code"]) == (410, "gone")
    assert not MoodSuggestion.objects.exists()


def test_video_whose_text_was_blanked_takes_a_suggestion(post):
    NewVideo.objects.update(video_title=None, video_description=None)
    response = post()
    assert (response.status_code, response.json()["video_title"]) == (201, None)


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", "[" * 100_000, b"\xff\xfe", "9" * 9999]
)
def test_body_that_is_no_object_is_a_bad_request(post, body):
    assert post(body).status_code == 400


def test_body_without_bounds_is_refused(post):
    body = '{"video_title": "' + "x" * MAX_BODY_BYTES + '"}'
    assert post(body).status_code == 413


def test_form_is_refused(client, make_video):
    make_video()
    body = {"video_id": "VIDEO000001", "correct_moods": "SAD"}
    assert client.post(PATH, body).status_code == 415


def test_suggestion_costs_few_statements(post, django_assert_num_queries):
    post()
    with django_assert_num_queries(3):  # the count, the video, what stands
        assert post().status_code == 200
    with django_assert_num_queries(6):  # ... and the insert between two savepoints
        assert post(address="192.0.2.2").status_code == 201


def test_thousand_suggestions_of_one_address_are_refused_at_little_cost(
    post, make_video, settings
):
    settings.SUGGESTION_LIMITS = {60: 30, 86_400: 30}  # no new minute lets more in
    ids = [make_video().pk for _ in range(50)]
    with CaptureQueriesContext(connections["default"]) as queries:
        answers = [post({"video_id": ids[n % 50]}) for n in range(1000)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [201] * 30 + [429] * 970
    assert len(queries) <= 30 * 6 + 1
    assert 0 < int(answers[-1]["Retry-After"]) <= 86_400
    assert answers[-1].json()["code"] == "throttled"
    assert MoodSuggestion.objects.count() == 30
    assert not MoodLabel.objects.exists()


def test_same_video_a_hundred_times_is_counted_once(post, settings):
    settings.SUGGESTION_LIMITS = {60: 1000, 86_400: 30}
    statuses = [post().status_code for _ in range(100)]
    assert statuses == [201] + [200] * 29 + [429] * 70
    assert MoodSuggestion.objects.count() == 1


def test_limit_holds_for_a_process_that_has_refused_nobody(post, settings):
    settings.SUGGESTION_LIMITS = {86_400: 1}
    assert [post().status_code, post().status_code] == [201, 429]
    rate_limits.refused.clear()  # as in another process
    assert post().status_code == 429


def test_refused_address_that_keeps_asking_waits_no_longer(post, settings, monkeypatch):
    settings.SUGGESTION_LIMITS = {60: 1}
    begin = datetime(2026, 11, 21, 10, tzinfo=UTC)

    def at(seconds):
        now = begin + timedelta(seconds=seconds)
        monkeypatch.setattr("api.http.throttles.timezone.now", lambda: now)
        return post()

    assert at(0).status_code == 201
    waits = [int(at(half / 2)["Retry-After"]) for half in range(120)]
    assert (waits[0], waits[-1], at(60).status_code) == (60, 1, 200)


def test_refusing_a_network_costs_one_statement(post, settings):
    settings.SUGGESTION_LIMITS = {86_400: 0}
    with CaptureQueriesContext(connections["default"]) as queries:
        for number in range(9):
            assert post(address=f"2001:db8::{number}").status_code == 429
    assert len(queries) == 1


def test_limit_of_one_address_is_not_that_of_others(post, settings):
    settings.SUGGESTION_LIMITS = {86_400: 1}
    for number in (1, 2, 3):
        assert post(address=f"192.0.2.{number}").status_code == 201
    assert post(address="2001:db8::1").status_code == 201
    assert post(address="2001:db8::2").status_code == 429


def test_forged_forwarding_does_not_help(post, settings):
    settings.SUGGESTION_LIMITS = {86_400: 1}
    forged = {"x_forwarded_for": "198.51.100.7"}
    assert [post().status_code, post(**forged).status_code] == [201, 429]


@pytest.mark.parametrize(
    ("hops", "first", "second"),
    [
        (1, "203.0.113.1", "6.6.6.6, 203.0.113.1"),
        (2, "203.0.113.1, 10.0.0.1", "6.6.6.6, 203.0.113.1, 10.0.0.2"),
        (1, "203.0.113.1:5000", ",,, 203.0.113.1:5001"),
    ],
)
def test_address_is_the_one_our_outermost_proxy_saw(
    post, settings, hops, first, second
):
    settings.TRUSTED_PROXY_HOPS, settings.SUGGESTION_LIMITS = hops, {86_400: 1}
    assert post(x_forwarded_for=first).status_code == 201
    assert post(x_forwarded_for=second).status_code == 429
    assert post(x_forwarded_for="203.0.113.2, 10.0.0.1").status_code == 201


def test_reading_is_not_limited(post, settings, client):
    settings.SUGGESTION_LIMITS = {86_400: 0}
    assert post().status_code == 429
    for method in (client.get, client.head, client.options):
        assert method(PATH).status_code == 200


def test_suggestion_without_a_database_is_to_be_sent_again(post, monkeypatch):
    def away(*_, **__):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("web.rate_limits.count_request", away)
    response = post()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response.json()["code"] == "database_unavailable"


def test_process_remembers_a_bounded_number_of_addresses(post, settings, monkeypatch):
    settings.SUGGESTION_LIMITS = {86_400: 0}
    monkeypatch.setattr("web.rate_limits.MAX_REMEMBERED", 3)
    for number in range(7):
        assert post(address=f"192.0.2.{number}").status_code == 429
    assert len(rate_limits.refused) <= 3


def accept(video, mood, number=1):
    suggestion, _ = suggestions.suggest(video.pk, mood, address=f"192.0.2.{number}")
    suggestions.accept(
        video.pk, mood, who="ada", expected=UNLABELLED, shown=suggestion.pk
    )


@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/"), f"{PATH}?x=1&limit=-1"])
def test_list_shows_accepted_suggestions_only(get_rows, make_video, path):
    shown, waiting = make_video(), make_video()
    accept(shown, Mood.IN_LOVE)
    suggestions.suggest(waiting.pk, Mood.SAD, address="192.0.2.1")
    assert get_rows(path) == [
        {"video_id": shown.pk, "video_title": "Song 1", "correct_moods": "IN-LOVE"}
    ]


def test_list_is_two_queries_and_may_be_empty(
    get_rows, make_video, django_assert_num_queries
):
    assert get_rows(PATH) == []
    for _ in range(3):
        accept(make_video(), Mood.SAD)
    with django_assert_num_queries(2):
        assert len(get_rows(PATH)) == 3


def test_page_for_people_shows_the_form_of_a_suggestion(client, make_video):
    accept(make_video(video_title="<script>alert(1)</script>"), Mood.SAD)
    page = client.get(PATH, headers={"accept": "text/html"}).text
    form = page.partition('name="_content"')[2].partition("</textarea>")[0]
    assert "correct_moods" in form
    assert "video_title" in page.partition('name="_content"')[0]
    assert "<script>alert" not in page
