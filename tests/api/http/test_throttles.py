"""Quotas of tokens, costly reads of addresses, and the headers that say what is left."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import ProgramToken, Scope
from songs.similar import embeddings
from web import rate_limits

pytestmark = pytest.mark.django_db
LEFT = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
ID = "VIDEO000001"


@pytest.fixture
def get():
    """Asks as an address, or as a token."""

    def ask(path, text=None, *, address="192.0.2.1", **headers):
        token = {"authorization": f"Bearer {text}"} if text else {}
        return Client().get(path, headers=headers | token, REMOTE_ADDR=address)

    return ask


def left(answer):
    return [answer[name] for name in LEFT[:2]]


def test_quota_of_a_token_counts_whatever_it_asks(get, make_token):
    text = make_token(per_day=3)
    paths = ["/api/", "/api/moods/", "/api/nothing-here/", "/api/videos/?x=1"]
    answers = [get(path, text) for path in [*paths, "/api/moods/"]]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 400, 429]
    counted = [answers[n] for n in (0, 1, 3, 4)]
    assert [left(answer) for answer in counted] == [[str(3), n] for n in "2100"]
    assert 0 < int(answers[4]["Retry-After"]) <= 86_400
    assert answers[4].json()["code"] == "throttled"


def test_quota_of_a_day_holds_beside_that_of_a_minute(get, make_token):
    text = make_token(per_minute=10, per_day=1)
    assert left(get("/api/", text)) == ["1", "0"]
    refused = get("/api/", text)
    assert refused.status_code == 429
    assert left(refused) == ["1", "0"]
    assert refused["Retry-After"] == refused["RateLimit-Reset"]


def test_quota_holds_for_a_process_that_has_refused_nobody(get, make_token):
    text = make_token(per_day=1)
    assert [get("/api/", text).status_code for _ in "ab"] == [200, 429]
    rate_limits.refused.clear()  # as in another process
    assert get("/api/", text).status_code == 429


def test_quota_is_of_the_token_from_whatever_address(get, make_token):
    text, other = make_token(per_day=1), make_token(per_day=1, name="other")
    asked = [(text, "192.0.2.1"), (text, "192.0.2.2"), (other, "192.0.2.1")]
    statuses = [get("/api/", t, address=a).status_code for t, a in asked]
    assert statuses == [200, 429, 200]


def test_larger_quota_lets_a_program_on_at_once(get, make_token):
    text = make_token(per_day=1)
    assert [get("/api/", text).status_code for _ in "ab"] == [200, 429]
    ProgramToken.objects.update(per_day=10)
    assert get("/api/", text).status_code == 200


def test_refusing_a_token_costs_no_further_count(get, make_token):
    text = make_token(per_day=1)
    get("/api/", text), get("/api/", text)
    with CaptureQueriesContext(connection) as queries:
        assert get("/api/", text).status_code == 429
    assert len(queries) == 1  # whose token it is


def test_token_is_bound_by_its_quota_and_not_by_its_address(make_token, settings):
    settings.PREDICTION_LIMITS = {86_400: 0}
    said = {"texts": [{"title": "Calm"}]}

    def post(**headers):
        kind = "application/json"
        return Client().post("/api/predict/", said, kind, headers=headers)

    text = make_token(Scope.PREDICT, per_minute=7)
    assert post().status_code == 429
    answer = post(authorization=f"Bearer {text}")
    assert (answer.status_code, *left(answer)) == (200, "7", "6")


COSTLY = [
    "/api/videos/?q=calm",
    "/api/videos/?facets=mood",
    "/api/videos/?format=csv",
    "/api/videos/?format=ndjson",
    "/api/mix/",
    f"/api/videos/{ID}/similar/",
]
CHEAP = ["/api/new-videos/", "/api/videos/?mood=sad", f"/api/videos/{ID}/", "/api/"]


@pytest.mark.parametrize("path", COSTLY)
def test_costly_reads_of_an_address_are_bounded(get, make_video, settings, path):
    settings.COSTLY_READ_LIMITS = {86_400: 2}
    make_video(), make_video()
    embeddings.embed_pending()
    answers = [get(path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [left(answer) for answer in answers] == [["2", n] for n in "100"]
    assert get(path, x_forwarded_for="198.51.100.7").status_code == 429
    assert get(path, address="192.0.2.2").status_code == 200


@pytest.mark.parametrize("path", CHEAP)
def test_other_reads_are_not_counted(get, make_video, settings, path):
    settings.COSTLY_READ_LIMITS = {86_400: 0}
    make_video()
    answer = get(path)
    assert answer.status_code == 200
    assert not set(LEFT) & set(answer.headers)


@pytest.mark.parametrize("path", [*COSTLY, *CHEAP])
def test_answer_that_was_counted_says_what_is_left(get, make_video, make_token, path):
    make_video(), make_video()
    embeddings.embed_pending()
    text = make_token(per_day=9)
    first = get(path, text)
    assert left(first) == ["9", "8"]
    again = get(path, text, if_none_match=first["ETag"])
    assert (again.status_code, *left(again)) == (304, "9", "7")
