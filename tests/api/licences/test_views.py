"""The licence passport and the claims that lower it, as clients see them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.http.parsers import MAX_BODY_BYTES
from api.licences.serializers import PassportSerializer
from songs.ingestion import refresh
from songs.licensing import content_claims
from songs.models import ContentClaim, NewVideo
from songs.models.video import Gone
from tests.songs.licensed import DAY, VIDEO_ID, hear, miss

PASSPORT = f"/api/videos/{VIDEO_ID}/licence/"
CLAIMS = f"/api/videos/{VIDEO_ID}/claims/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    """Reports as a stranger would, about a video that was verified just now."""
    hear(now=timezone.now())

    def send(body=None, path=CLAIMS, *, address="192.0.2.1", **headers):
        return Client(enforce_csrf_checks=True).post(
            path,
            {"claimant": "Haawk"} | body if isinstance(body, dict | None) else body,
            content_type="application/json",
            headers=headers,
            REMOTE_ADDR=address,
        )

    return lambda body=None, *args, **more: send(body or {}, *args, **more)


def passport(client, path=PASSPORT):
    response = client.get(path)
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize("path", [PASSPORT, PASSPORT.rstrip("/")])
@pytest.mark.parametrize("authorization", ["", "null", "9f86d081884c7d65", "Token x"])
def test_passport_says_what_is_known(client, path, authorization):
    hear(now=timezone.now())
    response = client.get(path, headers={"authorization": authorization})
    known = response.json()
    assert set(known) == set(PassportSerializer().fields)
    assert known["verified"]["licence"] == known["licence"] == "creativeCommon"
    assert known["attribution"]["text"].startswith('"Rain" by Calm, https://')
    assert known["claims"] == {"accepted": 0, "last": None}
    assert (known["changes"], known["gone_since"]) == ([], None)
    assert known["safe_to_use"]["level"] == "likely"
    assert "not a promise" in known["safe_to_use"]["summary"]


def test_passport_of_a_video_that_is_gone_still_answers(client):
    now = timezone.now()
    hear(now=now - 26 * DAY)
    miss(now=now)
    known = passport(client)
    assert known["gone_why"] == Gone.UNAVAILABLE
    assert known["verified"]["licence"] == "creativeCommon"
    assert known["safe_to_use"]["level"] == "unlikely"
    texts = [reason["text"] for reason in known["safe_to_use"]["reasons"]]
    assert any(text.startswith("No longer offered since") for text in texts)
    assert known["changes"][0]["what"] == "gone"


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({"license": "youtube"}, "licence"),
        ({"embeddable": False}, "embedding"),
        ({"privacyStatus": "private"}, "unavailable"),
    ],
)
def test_licence_that_flips_shows_in_the_passport_within_one_refresh(
    client, status, why
):
    now = timezone.now()
    hear(now=now - 26 * DAY)
    hear(now=now, **status)
    known = passport(client)
    assert (known["gone_why"], known["changes"][-1]["after"]) == (why, why)
    assert known["safe_to_use"]["level"] == "unlikely"


def test_passport_past_30_days_has_no_words_of_youtube(client):
    now = timezone.now()
    hear(now=now - 31 * DAY, title="Rain")
    refresh._blank(now)
    response = client.get(PASSPORT)
    assert "Rain" not in response.text
    assert "Calm" not in response.text
    known = response.json()
    assert (known["video_title"], known["licence"]) == (None, None)
    assert known["verified"]["licence"] == "creativeCommon"
    assert "kept for 30 days only" in known["attribution"]["note"]


def test_script_in_a_title_is_text_in_json_and_escaped_on_the_page(client):
    hear(now=timezone.now(), title="<script>alert(1)</script>")
    known = passport(client)
    assert "<script>" not in known["attribution"]["html"]
    page = client.get(PASSPORT, headers={"accept": "text/html"})
    assert "<script>alert" not in page.text
    assert "default-src 'self'" in page["Content-Security-Policy"]


def test_unknown_video_has_no_passport(client):
    response = client.get("/api/videos/NOSUCHVIDEO/licence/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", [PASSPORT, CLAIMS])
@pytest.mark.parametrize(
    "query", ["limit=1000000", "limit=-1", "mood=%00", "x=" + "y" * 8000]
)
def test_unknown_parameter_is_named(client, path, query):
    hear()
    method = client.get if path == PASSPORT else client.post
    response = method(f"{path}?{query}")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("path", [PASSPORT, CLAIMS])
@pytest.mark.parametrize("slash", ["", "/"])
def test_nobody_writes_here_but_claims(method, path, slash):
    hear()
    nobody = Client(enforce_csrf_checks=True)
    response = nobody.generic(method, path.rstrip("/") + slash, b"{}")
    assert response.status_code in {403, 405}


def test_passport_costs_four_queries_whatever_its_history(client):
    for number in range(9):
        free = "youtube" if number % 2 else "creativeCommon"
        hear(now=timezone.now(), license=free)
        content_claims.report(VIDEO_ID, claimant="Haawk", address=f"192.0.2.{number}")
    with CaptureQueriesContext(connection) as queries:
        assert len(passport(client)["changes"]) == 16
    assert len(queries) == 4


@pytest.mark.parametrize("path", [CLAIMS, CLAIMS.rstrip("/")])
def test_claim_is_kept_and_answered_with_what_a_client_can_show(post, path):
    response = post({"claimant": " Haawk ", "details": "0:12\nto 1:40", "x": [1]}, path)
    assert response.status_code == 201
    answer = response.json()
    assert set(answer) == {"video_id", "claimant", "at", "detail"}
    assert (answer["video_id"], answer["claimant"]) == (VIDEO_ID, "Haawk")
    assert answer["detail"].startswith("Thank you. Your report waits")
    assert ContentClaim.objects.get().details == "0:12\nto 1:40"


def test_claim_lowers_the_statement_for_all_once_it_is_accepted(post, client):
    NewVideo.objects.update(video_description="Slow piano.")
    before = passport(client)["safe_to_use"]["level"]
    post()
    assert passport(client)["safe_to_use"]["level"] == before
    ids = list(ContentClaim.objects.values_list("pk", flat=True))
    content_claims.review(ids, ContentClaim.Verdict.ACCEPTED, who="ada")
    after = passport(client)
    assert after["safe_to_use"]["level"] == "unlikely"
    assert after["claims"]["accepted"] == 1
    assert "Haawk" not in str(after)


def test_second_claim_of_a_day_is_the_first(post):
    first, same, other = post(), post(), post({"claimant": "Else"})
    assert [a.status_code for a in (first, same, other)] == [201, 200, 200]
    assert first.json() == same.json()
    assert other.json()["claimant"] == "Haawk"
    assert other.json()["detail"].startswith("You have reported a claim")
    assert ContentClaim.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"claimant": ""}, "claimant"),
        ({"claimant": None}, "claimant"),
        ({"claimant": ["x"]}, "claimant"),
        ({"claimant": "x\0"}, "claimant"),
        ({"claimant": "x" * 201}, "claimant"),
        ({"details": "x" * 2001}, "details"),
        ({"details": {}}, "details"),
    ],
)
def test_wrong_field_of_a_claim_is_named(post, body, field):
    response = post(body)
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]
    assert not ContentClaim.objects.exists()


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", "[" * 9999, b"\xff\xfe", "9" * 9999]
)
def test_body_of_a_claim_that_is_no_object_is_a_bad_request(post, body):
    assert post(body).status_code == 400


def test_body_of_a_claim_without_bounds_is_refused(post):
    assert post('{"details": "' + "x" * MAX_BODY_BYTES + '"}').status_code == 413


def test_claim_on_an_unknown_video_is_not_found(post):
    response = post({}, "/api/videos/NOSUCHVIDEO/claims/")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}])
def test_session_without_csrf_token_reports_nothing(make_user, headers):
    hear()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("mia"))
    response = client.post(
        CLAIMS, {"claimant": "x"}, content_type="application/json", headers=headers
    )
    assert response.status_code == 403
    assert not ContentClaim.objects.exists()


def test_thousand_claims_of_one_address_are_refused_at_little_cost(post, settings):
    settings.CLAIM_LIMITS = {60: 5, 86_400: 5}
    with CaptureQueriesContext(connection) as queries:
        answers = [post() for _ in range(1000)]
    assert [a.status_code for a in answers] == [201] + [200] * 4 + [429] * 995
    assert [a["RateLimit-Remaining"] for a in answers[:6]] == list("432100")
    assert answers[-1].json()["code"] == "throttled"
    assert 0 < int(answers[-1]["Retry-After"]) <= 86_400
    assert ContentClaim.objects.count() == 1
    assert len(queries) <= 6 * 8


def test_forged_forwarding_does_not_help(post, settings):
    settings.CLAIM_LIMITS = {86_400: 1}
    forged = {"x_forwarded_for": "198.51.100.7"}
    assert [post().status_code, post({}, **forged).status_code] == [201, 429]
    assert post({}, address="192.0.2.2").status_code == 201


def test_claim_costs_few_statements(post, django_assert_num_queries):
    post()
    with django_assert_num_queries(3):  # the count, the video, what stands
        assert post().status_code == 200
    with django_assert_num_queries(6):  # ... and the insert between two savepoints
        assert post({}, address="192.0.2.2").status_code == 201


def test_passport_has_a_tag_that_holds_until_a_claim_is_accepted(post, client):
    tag = client.get(PASSPORT)["ETag"]

    def again():
        headers = {"if-none-match": tag}
        return client.get(PASSPORT, headers=headers).status_code

    post()
    assert again() == 304
    ids = list(ContentClaim.objects.values_list("pk", flat=True))
    content_claims.review(ids, ContentClaim.Verdict.ACCEPTED, who="ada")
    assert again() == 200
    assert "Last-Modified" not in client.get(PASSPORT)


def test_old_verification_makes_the_statement_unsure(client):
    hear(now=timezone.now() - timedelta(days=8))
    reasons = passport(client)["safe_to_use"]["reasons"]
    verified = next(reason for reason in reasons if reason["code"] == "verified")
    assert verified["level"] == "unsure"
