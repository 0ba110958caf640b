import logging

import pytest
from django.conf import settings
from django.test import Client

from songs.models import NewVideo
from web import access_log

SECRETS = {
    "HTTP_AUTHORIZATION": "Bearer listeners-token",
    "HTTP_COOKIE": "sessionid=session-of-mia",
    "REMOTE_ADDR": "203.0.113.77",
}


@pytest.fixture
def lines(caplog):
    """The lines of requests that were logged at INFO or above."""
    caplog.set_level(logging.INFO, logger=access_log.__name__)
    return lambda: [r.args for r in caplog.records if r.name == access_log.__name__]


def seen(method, route, status):
    labels = {"method": method, "route": route, "status": status}
    return access_log.REGISTRY.get_sample_value(access_log.COUNT, labels) or 0


def test_answers_carry_the_id_that_was_sent_or_one_of_ours(client):
    assert client.get("/health/live", HTTP_X_REQUEST_ID="a-1")["X-Request-ID"] == "a-1"
    made = client.get("/health/live", HTTP_X_REQUEST_ID="<b>")["X-Request-ID"]
    assert made not in ("", "<b>")


def test_a_line_names_the_route_and_nothing_that_a_client_made_up(client, db, lines):
    client.get("/api/new-videos/AAAAAAAAAAA/?key=in-the-query", **SECRETS)
    (method, route, status, milliseconds, size) = lines()[0]
    assert (method, route, status) == ("GET", "/api/new-videos/<video_id>/", 404)
    assert milliseconds > 0
    assert size > 0


@pytest.mark.parametrize("path", ["/api/videos/?q=in-the-query", "/boom"])
def test_nothing_secret_is_logged(path, caplog, monkeypatch, db):
    if path == "/boom":
        monkeypatch.setattr(NewVideo.objects, "public", None)
        path = "/?q=in-the-query"
    caplog.set_level(logging.DEBUG)
    Client(raise_request_exception=False).get(path, **SECRETS)
    assert caplog.text
    for secret in ("listeners-token", "session-of-mia", "203.0.113", "in-the-query"):
        assert secret not in caplog.text


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/static/no.css"])
def test_what_is_asked_all_day_has_no_line(path, client, db, lines):
    client.get(path)
    assert lines() == []


def test_requests_are_counted_by_pattern_and_status(client, db):
    counted = [
        ("GET", "/api/new-videos/", "2xx"),
        ("GET", "/api/new-videos/", "304"),
        ("GET", "/api/videos/<video_id>/", "4xx"),
    ]
    before = [seen(*labels) for labels in counted]
    sent = client.get("/api/new-videos")
    sent.getvalue()
    client.get("/api/new-videos/", HTTP_IF_NONE_MATCH=sent["ETag"])
    client.get("/api/videos/AAAAAAAAAAA/")
    assert [seen(*labels) for labels in counted] == [number + 1 for number in before]


def test_what_clients_make_up_makes_no_label(client, db):
    before = seen("GET", access_log.UNKNOWN, "4xx"), seen("other", "/", "4xx")
    for path in ("/api/a", "/api/b/c", "/nothing"):
        client.get(path)
    client.generic("BREW", "/")
    after = seen("GET", access_log.UNKNOWN, "4xx"), seen("other", "/", "4xx")
    assert after == (before[0] + 3, before[1] + 1)


def test_a_stream_is_counted_when_it_ends(client, db, lines):
    before = access_log.IN_PROGRESS.collect()[0].samples[0].value
    response = client.get("/api/new-videos/")
    assert response.streaming
    assert lines() == []
    body = response.getvalue()
    assert lines()[0][-1] == len(body)
    assert access_log.IN_PROGRESS.collect()[0].samples[0].value == before


@pytest.mark.parametrize(("read", "size"), [(0, 0), (1, 2), (2, 3)])
def test_a_stream_that_a_client_leaves_is_counted_as_far_as_it_went(read, size):
    sizes = []
    chunks = access_log.Counted([b"ab", b"c"], sizes.append)
    left = iter(chunks)
    for _ in range(read):
        next(left)
    chunks.close()
    assert sizes == [size]


def test_ids_are_the_outermost_of_all_middleware():
    assert settings.MIDDLEWARE[0] == "web.access_log.log_access"
