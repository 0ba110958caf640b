"""Asking Last.fm over a real socket: understood, refused, and never with the key."""

import json
import threading
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from recommenders.answers import lastfm as lastfm_api
from recommenders.answers.lastfm import (
    ArtistInfo,
    LastfmKeyRefused,
    LastfmUnreachable,
    RateLimited,
)
from sandbox import lastfm
from tests.waiting import PATIENCE_S

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def server():
    with lastfm.serve() as server:
        yield server


def handler(status, body, **headers):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Handler


@pytest.fixture
def answering():
    """Serves one answer of one's own; returns where."""
    servers = []

    def serve(status, body=b"", **headers):
        server = HTTPServer(("127.0.0.1", 0), handler(status, body, **headers))
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        return f"http://127.0.0.1:{server.server_address[1]}/2.0/"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def get(url, name="Air", **limits):
    limits = {"timeout_s": PATIENCE_S, "deadline_s": PATIENCE_S} | limits
    return lastfm_api.get_info(name, key=KEY, endpoint=url, **limits)


def test_get_info_understands_an_artist(server):
    artist = get(server.url, "Glass & Pond")

    assert artist.biography.startswith("Glass &amp; Pond began in ")
    assert 'href="https://www.last.fm/music/Glass+%26+Pond"' in artist.biography
    assert artist.url == "https://www.last.fm/music/Glass+%26+Pond"
    assert (len(artist.tags), artist.image) == (3, "")  # the star is no image
    assert server.requests[0]["artist"] == "Glass & Pond"


def test_get_info_cleans_html_of_all_that_could_run(server):
    server.faults = ["script"]
    biography = get(server.url).biography
    for bad in (
        "<script",
        "onerror",
        "onclick",
        "javascript:",
        "<img",
        "<iframe",
        "<b",
    ):
        assert bad not in biography
    assert "four" in biography


def test_get_info_of_an_artist_without_anything(server):
    server.faults = ["bare"]
    artist = get(server.url)
    assert (artist.tags, "Read more" in artist.biography) == ((), True)


@pytest.mark.parametrize(
    ("said", "artist"),
    [
        ({}, ArtistInfo("", (), "", "")),
        ({"tags": {"tag": {"name": " a\tb "}}}, ArtistInfo("", ("a b",), "", "")),
        ({"url": "javascript:alert(1)"}, ArtistInfo("", (), "", "")),
        ({"url": "https://evil.example/last.fm"}, ArtistInfo("", (), "", "")),
        (
            {"image": [{"#text": "http://a.example/x.png"}, 5]},
            ArtistInfo("", (), "", ""),
        ),
        (
            {"image": [{"#text": "https://lastfm.freetls.fastly.net/i/u/ab.png"}]},
            ArtistInfo("", (), "", "https://lastfm.freetls.fastly.net/i/u/ab.png"),
        ),
        ({"bio": {"summary": "a\0b\ud83d"}}, ArtistInfo("ab?", (), "", "")),
        ({"bio": None, "tags": None, "image": "x"}, ArtistInfo("", (), "", "")),
    ],
    ids=str,
)
def test_get_info_keeps_only_what_may_be_shown(answering, said, artist):
    assert get(answering(200, json.dumps({"artist": said}).encode())) == artist


def test_get_info_cuts_an_endless_biography(answering):
    said = {"artist": {"bio": {"summary": "<p>word &lt;b&gt; " * 3000}}}
    biography = get(answering(200, json.dumps(said).encode())).biography
    assert biography.endswith(" ...")
    assert len(biography) < 3 * lastfm_api.MAX_BIOGRAPHY
    assert "<" not in biography


@pytest.mark.parametrize(
    ("fault", "error", "limits"),
    [
        ("down", LastfmUnreachable, {}),
        ("failed", LastfmUnreachable, {}),
        ("html", LastfmUnreachable, {}),
        ("empty", LastfmUnreachable, {}),
        ("reset", LastfmUnreachable, {}),
        ("silent", LastfmUnreachable, {"timeout_s": 0.2}),
        ("drip", LastfmUnreachable, {"deadline_s": 0.2}),
        ("rateLimited", RateLimited, {}),
        ("keyInvalid", LastfmKeyRefused, {}),
    ],
)
def test_get_info_says_what_went_wrong_and_never_the_key(server, fault, error, limits):
    server.faults = [fault]
    with pytest.raises(error) as caught:
        get(server.url, **limits)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_get_info_of_an_unknown_artist_is_none(server):
    assert get(server.url, "Nobody") is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, b"slow down", RateLimited),
        (200, b'{"artist": []}', LastfmUnreachable),
        (200, b"[" * 100_000, LastfmUnreachable),
        (200, b"[]", LastfmUnreachable),
        (200, b" " * 1_100_000, LastfmUnreachable),
        (302, b"", LastfmUnreachable),
    ],
    ids=["429", "list", "nested", "array", "large", "redirect"],
)
def test_get_info_of_what_is_not_lastfm(answering, status, body, error):
    elsewhere = answering(200, b'{"artist": {}}')
    with pytest.raises(error) as caught:
        get(answering(status, body, Location=elsewhere))
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_get_info_where_nobody_listens():
    with pytest.raises(LastfmUnreachable, match="URLError"):
        get("http://127.0.0.1:1/2.0/")


def test_name_with_control_characters_is_not_sent(server):
    for name in ("Hu\0sh", "Hush\r\nX: y", "\ud800"):
        assert lastfm_api.get_info(name, key=KEY, endpoint=server.url) is None
    assert server.requests == []


def test_address_with_control_characters_is_none():
    assert lastfm_api._address("https://last.fm/\0", ("last.fm",)) == ""
