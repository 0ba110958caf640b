"""The key and the addresses: where they go, and where they must never be read."""

import http.client
import logging
import traceback

import httplib2
import pytest

from songs.youtube import client
from songs.youtube.http import HttpTransport
from tests.songs.socket_youtube import (
    EMPTY_PAGE,
    KEY,
    Ledger,
    answer,
    refusal,
    reset,
    serving,
    transport,
)


def everything_said(exc):
    """The traceback as anyone could print it, and each exception behind it."""
    said = traceback.format_exception(exc)
    while exc is not None:
        said += [str(exc), repr(exc), repr(exc.args)]
        exc = exc.__cause__ or exc.__context__
    return "\n".join(said)


def test_call_sends_the_key_in_a_header_and_nowhere_else():
    with serving(answer(EMPTY_PAGE)) as server:
        assert transport(server.url).call("search.list", {"part": "id"}) == EMPTY_PAGE

    [request] = server.requests
    line, _, headers = request.partition("\r\n")
    assert line == "GET /youtube/v3/search?part=id&alt=json HTTP/1.1"
    assert f"x-goog-api-key: {KEY}".lower() in headers.lower()
    assert KEY not in line


def test_call_insists_on_tls():
    with serving(answer(EMPTY_PAGE)) as server:
        carrier = transport(server.url.replace("http:", "https:"))
        with pytest.raises(client.Unreachable, match="no secure connection"):
            carrier.call("search.list", {"part": "id"})

    assert KEY not in "".join(server.requests)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://youtube.googleapis.com",
        "http://127.0.0.1.example.com",
        "ftp://127.0.0.1",
        "127.0.0.1:8000",
        "https://",
        "http://[::1",
        "http://127.0.0.1:port",
    ],
)
def test_call_keeps_the_key_off_an_open_road(endpoint):
    ledger = Ledger()

    with pytest.raises(client.Unreachable, match="YOUTUBE_API_ENDPOINT"):
        transport(endpoint, spend=ledger.spend).call("search.list", {"part": "id"})

    assert ledger.spent == []


def test_call_follows_no_redirect():
    with serving(answer(EMPTY_PAGE)) as elsewhere:
        moved = answer(b"", status=302, headers=f"Location: {elsewhere.url}/\r\n")
        with serving(moved) as server, pytest.raises(client.Unreachable):
            transport(server.url).call("search.list", {"part": "id"})

    assert elsewhere.requests == []


@pytest.mark.parametrize(
    "key", ["", " ", "two words", f"{KEY}\n", "clé", "🔑", "\ud800"]
)
def test_call_refuses_a_key_that_no_header_can_carry(key):
    ledger = Ledger()
    carrier = HttpTransport(key, spend=ledger.spend, endpoint="http://127.0.0.1:9")

    with pytest.raises(client.KeyRefused) as refused:
        carrier.call("search.list", {"part": "id"})

    assert ledger.spent == []
    assert not key.strip() or key not in everything_said(refused.value)


def echo(status, wrap):
    """Answers with what it was sent, the key among it."""

    def script(connection, request, over):
        connection.sendall(answer(wrap(request.decode()), status=status))

    return script


@pytest.mark.parametrize(
    "script",
    [
        echo(200, lambda request: request.encode()),
        echo(400, lambda request: {"error": {"message": request, "status": request}}),
        echo(403, lambda request: {"error": {"errors": [{"reason": request}]}}),
        echo(403, lambda request: {"error": {"errors": [{"reason": KEY}]}}),
        refusal(400, "keyInvalid"),
        refusal(403, "quotaExceeded"),
        refusal(404, "videoNotFound"),
        f"HTTP/1.1 {KEY}\r\n\r\n".encode(),
        reset,
        b"",
    ],
)
def test_nothing_printed_logged_or_raised_holds_the_key_or_the_address(
    script, caplog, capfd, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    monkeypatch.setattr(httplib2, "debuglevel", 1)
    with serving(script) as server, pytest.raises(client.YouTubeError) as raised:
        transport(server.url).call("search.list", {"part": "id", "q": "unusual query"})

    printed = "".join(capfd.readouterr())
    said = everything_said(raised.value) + caplog.text + printed
    assert KEY not in said
    assert "/youtube/v3" not in str(raised.value)
    assert "127.0.0.1" not in str(raised.value)


def test_an_unreachable_youtube_drags_no_chain_of_exceptions_along():
    with pytest.raises(client.Unreachable) as unreachable:
        transport("http://127.0.0.1:9").call("search.list", {"part": "id"})

    assert unreachable.value.__cause__ is None
    assert unreachable.value.__context__ is None
