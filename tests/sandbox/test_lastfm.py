"""The local Last.fm: what it says of artists, and how it fails."""

import json
import signal
import subprocess
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest

from sandbox import lastfm
from tests.processes import end, python
from tests.waiting import PATIENCE_S


def ask(server, **params):
    asked = {"method": "artist.getInfo", "artist": "Air", "api_key": "k"} | params
    try:
        with urllib.request.urlopen(
            f"{server.url}?{urlencode(asked)}", timeout=PATIENCE_S
        ) as got:
            return got.status, json.loads(got.read())
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code, json.loads(exc.read())


@pytest.fixture
def server():
    with lastfm.serve() as server:
        yield server


def test_artist_has_the_shape_of_lastfm_and_is_the_same_each_time(server):
    status, said = ask(server)
    artist = said["artist"]
    assert (status, artist["name"]) == (200, "Air")
    assert artist["bio"]["summary"].endswith("Read more on Last.fm</a>")
    assert len(artist["tags"]["tag"]) == 3
    assert ask(server)[1] == said


@pytest.mark.parametrize(
    ("params", "status", "error"),
    [
        ({"api_key": ""}, 403, 10),
        ({"artist": "Nobody at all"}, 404, 6),
        ({"artist": " "}, 404, 6),
        ({"method": "chart.getTopArtists"}, 400, 3),
    ],
)
def test_bad_requests_are_refused_as_lastfm_refuses_them(server, params, status, error):
    answered, said = ask(server, **params)
    assert (answered, said["error"]) == (status, error)


def test_faults_come_on_demand_and_go(server):
    server.faults = ["rateLimited"]
    assert ask(server)[1]["error"] == 29
    server.faults = ["bare"]
    assert ask(server)[1]["artist"]["tags"] == ""
    server.faults = []
    assert ask(server)[0] == 200
    with pytest.raises(lastfm.UnknownFault, match="'magic': a fault is one of down"):
        server.faults = ["magic"]


def test_main_says_where_it_is_and_ends_when_told():
    options = ("--port=0", "--fault=down")
    with python("-m", "sandbox.lastfm", *options, stdout=subprocess.PIPE) as process:
        line = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        end(process)
    assert process.returncode == 0
    assert line.startswith("http://127.0.0.1:")
    assert "LASTFM_API_ENDPOINT" in line


def test_main_says_that_the_port_is_taken(server, capsys):
    port = server.url.split(":")[2].split("/")[0]
    assert lastfm.main([f"--port={port}"]) == 1
    assert f"port {port} cannot be used" in capsys.readouterr().err
