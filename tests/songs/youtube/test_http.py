"""The transport over real sockets on this machine, with servers that misbehave."""

import signal
import socket
import threading
from urllib.parse import parse_qs, urlsplit

import pytest

from songs.youtube import client
from tests.songs.socket_youtube import (
    EMPTY_PAGE,
    Ledger,
    answer,
    drip,
    refusal,
    reset,
    serving,
    silent,
    transport,
)
from tests.waiting import PATIENCE_S, wait_until


@pytest.mark.parametrize(
    ("ask", "path", "expected"),
    [
        (
            lambda carrier: client.search_page(carrier, {"q": "süß & sad"}),
            "/youtube/v3/search",
            {"q": "süß & sad", "part": "id,snippet"},
        ),
        (
            lambda carrier: client.list_videos(carrier, ["sandboxVid1"]),
            "/youtube/v3/videos",
            {"id": "sandboxVid1", "part": client.VIDEO_PARTS, "maxResults": "50"},
        ),
        (
            lambda carrier: client.list_comments(carrier, "sandboxVid1"),
            "/youtube/v3/commentThreads",
            {"videoId": "sandboxVid1", "part": "snippet", "order": "relevance"},
        ),
    ],
)
def test_call_sends_what_the_api_description_knows(ask, path, expected):
    with serving(answer(EMPTY_PAGE)) as server:
        ask(transport(server.url))

    url = urlsplit(server.requests[0].split(" ")[1])
    sent = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert url.path == path
    assert expected.items() <= sent.items()


@pytest.mark.parametrize(
    "params",
    [{"part": "id", "videoLicence": "any"}, {"part": "id", "maxResults": "many"}, {}],
)
def test_call_refuses_parameters_the_api_does_not_have(params):
    ledger = Ledger()

    with pytest.raises(client.RequestRefused):
        transport("http://127.0.0.1:9", spend=ledger.spend).call("search.list", params)

    assert ledger.spent == []


@pytest.mark.parametrize(
    "setback",
    [
        refusal(403, "rateLimitExceeded"),
        refusal(403, "SERVICE_UNAVAILABLE"),
        answer(b"", status=429),
        answer(b"", status=500),
        answer(b"<html>", status=502),
        refusal(503, "backendError"),
        answer(b"", status=504),
        answer(b"<html>Sign in to the Wi-Fi</html>"),
        answer(b'{"items": ['),
        answer(b""),
        answer(b"[]"),
        answer({"error": "text"}),
        answer({"error": {"code": 400, "message": None}}, status=400),
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
        b"no HTTP at all\r\n",
        b"",
        reset,
    ],
)
def test_call_tries_again_and_pays_for_each_try(setback):
    ledger = Ledger()
    with serving(setback, setback, answer(EMPTY_PAGE)) as server:
        carrier = transport(server.url, spend=ledger.spend)
        assert carrier.call("search.list", {"part": "id"}) == EMPTY_PAGE

    assert ledger.spent == [("search", 1)] * 3
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("reason", "status", "error"),
    [
        ("quotaExceeded", 403, client.QuotaExceeded),
        ("keyInvalid", 400, client.KeyRefused),
        ("accessNotConfigured", 403, client.KeyRefused),
        ("commentsDisabled", 403, client.CommentsDisabled),
        ("invalidSearchFilter", 400, client.RequestRefused),
    ],
)
def test_call_does_not_repeat_what_cannot_help(reason, status, error):
    ledger = Ledger()
    with serving(refusal(status, reason)) as server, pytest.raises(error):
        transport(server.url, spend=ledger.spend).call("videos.list", {"part": "id"})

    assert ledger.spent == [("units", 1)]
    assert len(server.requests) == 1


def test_call_gives_up_after_five_tries_and_says_why():
    with (
        serving(refusal(503, "backendError")) as server,
        pytest.raises(client.Unreachable, match=r"tries: 5") as unreachable,
    ):
        transport(server.url).call("search.list", {"part": "id"})

    assert len(server.requests) == 5
    assert unreachable.value.cause == "HTTP 503 backendError"


def test_call_sends_nothing_that_the_ledger_refuses():
    ledger = Ledger(left=2)
    with (
        serving(answer(b"", status=500)) as server,
        pytest.raises(client.QuotaExceeded, match="the ledger says no"),
    ):
        transport(server.url, spend=ledger.spend).call("search.list", {"part": "id"})

    assert len(server.requests) == 2


def test_call_backs_off_exponentially_with_full_jitter():
    waits = []
    with (
        serving(answer(b"", status=500)) as server,
        pytest.raises(client.Unreachable),
    ):
        carrier = transport(
            server.url, sleep=waits.append, random=lambda: 0.5, deadline_s=60.0
        )
        carrier.call("search.list", {"part": "id"})

    assert waits == [0.5, 1.0, 2.0, 4.0]


def test_call_waits_as_long_as_retry_after_says():
    waits = []
    busy = answer(b"", status=503, headers="Retry-After: 3\r\n")
    with serving(busy, answer(EMPTY_PAGE)) as server:
        transport(server.url, sleep=waits.append).call("search.list", {"part": "id"})

    assert waits == [3.0]


def test_call_gives_up_at_once_when_the_wait_would_pass_the_deadline():
    waits = []
    busy = answer(b"", status=503, headers="Retry-After: 3600\r\n")
    with serving(busy) as server, pytest.raises(client.Unreachable, match="tries: 1"):
        transport(server.url, sleep=waits.append).call("search.list", {"part": "id"})

    assert waits == []


@pytest.mark.parametrize(
    "script",
    [
        silent,
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"),
        drip(b"HTTP/1.0 200 OK\r\n\r\n{"),
    ],
    ids=["silence", "headers", "body", "body until the end of the connection"],
)
def test_call_ends_within_its_deadline_and_leaves_no_thread_behind(script):
    threads = threading.active_count() + 1  # the server's
    with serving(script) as server:  # which goes on for as long as we listen
        carrier = transport(server.url, deadline_s=0.4, read_s=0.3)
        with pytest.raises(client.Unreachable, match="no answer in time"):
            carrier.call("search.list", {"part": "id"})

        wait_until(lambda: threading.active_count() <= threads)


def test_call_gives_a_slow_try_up_in_time_for_another():
    slow = drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    with serving(slow, answer(EMPTY_PAGE)) as server:
        # On a busy machine a good answer is late, too: then another try is made.
        carrier = transport(server.url, read_s=0.2, tries=1_000)
        assert carrier.call("search.list", {"part": "id"}) == EMPTY_PAGE
    assert len(server.requests) > 1


def test_call_ends_within_its_deadline_while_the_name_is_looked_up(monkeypatch):
    over = threading.Event()

    def hang(*args):
        over.wait(PATIENCE_S)
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    carrier = transport("https://youtube.invalid", connect_s=0.2, deadline_s=0.3)
    try:
        with pytest.raises(client.Unreachable, match="no answer in time"):
            carrier.call("search.list", {"part": "id"})
        assert not over.is_set()
    finally:
        over.set()


def test_call_tries_a_name_again_that_cannot_be_resolved(monkeypatch):
    def fail(*args):
        raise socket.gaierror(socket.EAI_NONAME, "youtube.invalid is not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(client.Unreachable, match="tries: 5.*cannot be resolved"):
        transport("https://youtube.invalid").call("search.list", {"part": "id"})


def test_call_says_that_nobody_listens():
    with pytest.raises(client.Unreachable, match="connection refused"):
        transport("http://127.0.0.1:9").call("search.list", {"part": "id"})


def test_call_reads_no_more_than_ten_megabytes():
    flood = drip(b"HTTP/1.1 200 OK\r\n\r\n", byte=b"x" * 1_000_000, every_s=0)
    with serving(flood) as server, pytest.raises(client.Unreachable) as unreachable:
        transport(server.url, tries=1).call("search.list", {"part": "id"})

    assert unreachable.value.cause == "an answer of more than 10,000,000 bytes"


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
def test_call_lets_a_signal_through_while_it_waits_for_an_answer(raised):
    def handler(signum, frame):
        raise raised

    def interrupt(connection, request, over):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
        silent(connection, request, over)

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with serving(interrupt) as server, pytest.raises(raised):
            transport(server.url).call("search.list", {"part": "id"})
    finally:
        signal.signal(signal.SIGUSR1, before)

    assert len(server.requests) == 1
