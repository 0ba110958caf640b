import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

import sandbox
from tests.sandbox.asking import ask, found_ids
from tests.waiting import wait_until


def test_requests_are_kept_for_assertions(server):
    ask(server, "search", q="rock & roll", key="secret")

    [request] = server.requests
    assert request.method == "search.list"
    assert request.params == {"part": "id,snippet", "q": "rock & roll"}
    assert request.headers["x-goog-api-key"] == "secret"


def test_key_may_be_a_parameter(server):
    url = f"{server.url}/youtube/v3/search?part=id&key=any"

    with urllib.request.urlopen(url) as response:
        assert response.status == 200


def test_key_that_is_missing_is_refused_and_costs_nothing():
    with sandbox.serve(searches_per_day=1) as server:
        refused = ask(server, "search", key=None)
        allowed = ask(server, "search")

    assert (refused.status, refused.reason) == (403, "forbidden")
    assert allowed.status == 200


def test_repeated_parameters_are_one_list(server):
    url = f"{server.url}/youtube/v3/videos?part=id&part=status&id=SAMPLE-0001&key=k"

    with urllib.request.urlopen(url) as response:
        assert b"privacyStatus" in response.read()


@pytest.mark.parametrize("path", ["/", "/youtube/v3/playlists?part=id&key=k"])
def test_other_paths_are_not_found(server, path):
    with pytest.raises(urllib.error.HTTPError) as failure:
        urllib.request.urlopen(server.url + path)
    with failure.value as error:
        assert error.code == 404
    assert server.requests == []


def test_change_shows_in_videos_and_not_in_the_search_index(server):
    server.change("SAMPLE-0001", license="youtube")

    [video] = ask(server, "videos", id="SAMPLE-0001").items
    licensed = ask(
        server, "search", type="video", videoLicense="youtube", maxResults=50
    )

    assert video["status"]["license"] == "youtube"
    assert "SAMPLE-0001" not in found_ids(licensed)


@pytest.mark.parametrize(
    "video_id, columns, error",
    [
        ("SAMPLE-9999", {"license": "youtube"}, KeyError),
        ("SAMPLE-0001", {"x": 1}, TypeError),
    ],
)
def test_change_refuses_what_is_not_there(server, video_id, columns, error):
    with pytest.raises(error):
        server.change(video_id, **columns)


def test_remove_of_an_unknown_video_fails(server):
    with pytest.raises(KeyError):
        server.remove("SAMPLE-9999")


def test_answers_are_the_same_for_many_at_once(server):
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: ask(server, "search", q="rock"), range(40)))

    assert len({reply.body for reply in replies}) == 1
    assert len(server.requests) == 40


def test_serve_leaves_no_thread_behind():
    before = threading.active_count()
    with sandbox.serve() as server:
        ask(server, "search")

    wait_until(lambda: threading.active_count() <= before)


def test_serve_on_a_taken_port_fails(server):
    port = int(server.url.rpartition(":")[2])

    with pytest.raises(OSError), sandbox.serve(port=port):
        pytest.fail("it started")
