"""Every fault once, as a client meets it."""

import json
import socket
from http.client import HTTPException

import pytest

import sandbox
from sandbox import wire
from sandbox.youtube.faults import BadFault, parse
from sandbox.youtube.kinds import KINDS
from tests.sandbox.asking import Reply, ask, found_ids
from tests.waiting import PATIENCE_S, wait_until

FIRST, SECOND = "SAMPLE-0001", "SAMPLE-0002"
REFUSALS = {
    "quotaExceeded": (403, "quotaExceeded"),
    "rateLimitExceeded": (403, "rateLimitExceeded"),
    "429": (429, "rateLimitExceeded"),
    "500": (500, "backendError"),
    "503": (503, "backendError"),
    "keyInvalid": (400, "keyInvalid"),
    "apiKeyInvalid": (400, "badRequest"),
    "accessNotConfigured": (403, "accessNotConfigured"),
    "permission": (403, "SERVICE_UNAVAILABLE"),
}


def videos(server, *ids):
    reply = ask(server, "videos", id=",".join(ids or (FIRST, SECOND)))
    return {item["id"]: item for item in reply.items}


@pytest.mark.parametrize("fault, expected", REFUSALS.items())
def test_refusal(server, fault, expected):
    server.faults = [fault]

    reply = ask(server, "search")

    assert (reply.status, reply.reason) == expected


@pytest.mark.parametrize(
    "fault, status, start",
    [
        ("502", 502, b"<!DOCTYPE html>"),
        ("html", 200, b"<!DOCTYPE html>"),
        ("empty", 200, b""),
    ],
)
def test_body_that_is_no_json(server, fault, status, start):
    server.faults = [fault]

    reply = ask(server, "videos", id=FIRST)

    assert reply.status == status
    assert reply.body.startswith(start) and bool(reply.body) == bool(start)


def test_truncated(server):
    server.faults = ["truncated"]

    reply = ask(server, "search")

    assert reply.status == 200 and reply.body.startswith(b"{")
    with pytest.raises(json.JSONDecodeError):
        _ = reply.json


@pytest.mark.parametrize(
    "fault, reply",
    [
        ("errorText", Reply(200, b'{\n "error": "text"\n}')),
        ("errorNullMessage", Reply(500, b'{"error": {"code": 500, "message": null}}')),
    ],
)
def test_error_of_another_shape(server, fault, reply):
    server.faults = [fault]

    answer = ask(server, "search")

    assert (answer.status, answer.json) == (reply.status, reply.json)


def test_reset(server):
    server.faults = ["reset"]

    with pytest.raises((ConnectionResetError, HTTPException)):
        ask(server, "search")


def search(server):
    """The socket of a client whose request the server has read."""
    address = ("127.0.0.1", int(server.url.rpartition(":")[2]))
    client = socket.create_connection(address, timeout=PATIENCE_S)
    client.sendall(b"GET /youtube/v3/search?part=id&key=k HTTP/1.1\r\n\r\n")
    wait_until(lambda: server.requests)
    return client


def test_silent_says_nothing_until_the_server_ends():
    with sandbox.serve(faults=["silent"]) as server:
        client = search(server)
    with client:
        assert client.recv(1) == b""


def test_drip_sends_a_byte_a_second(monkeypatch):
    pauses = []

    def pause(connection, *, within_s):
        pauses.append(within_s)
        return len(pauses) == 3  # as if the client had left

    monkeypatch.setattr(wire, "_client_left", pause)
    with sandbox.serve(faults=["drip"]) as server, search(server) as client:
        received = b"".join(iter(lambda: client.recv(1000), b""))

    assert received.partition(b"\r\n\r\n")[2] == b"{\n "
    assert pauses == [1.0] * 3


def test_no_video_id(server):
    server.faults = ["noVideoId"]

    ids = [item["id"] for item in ask(server, "search").items]

    assert [set(id_) for id_ in ids[:2]] == [
        {"kind", "channelId"},
        {"kind", "playlistId"},
    ]
    assert all("videoId" in id_ for id_ in ids[2:])


@pytest.mark.parametrize("fault", ["nullTitle", "hugeDescription", "badText"])
def test_garbled_item_spares_the_others(server, fault):
    healthy = videos(server)
    server.faults = [f"{fault}@{SECOND}"]

    garbled = videos(server)

    assert garbled[FIRST] == healthy[FIRST] and garbled[SECOND] != healthy[SECOND]


def test_garbled_texts(server):
    server.faults = ["hugeDescription", "badText:2", "nullTitle:3"]

    huge, bad, null = (videos(server, FIRST)[FIRST]["snippet"] for _ in range(3))

    assert len(huge["description"]) == 300_000
    assert {"\0", "\ud83d", "\u202e", "\u200b", "\U0001f525"} <= set(bad["title"])
    assert null["title"] is None


def test_garbled_item_without_its_snippet_stays_as_it_is(server):
    server.faults = ["nullTitle"]

    assert ask(server, "videos", part="status", id=FIRST).status == 200


def test_duplicate(server):
    server.faults = ["duplicate"]

    ids = found_ids(ask(server, "search"))

    assert len(ids) == 6 and ids[0] == ids[-1]


def test_duplicate_across_pages(server):
    server.faults = ["duplicateAcross"]
    first = ask(server, "search")

    second = ask(server, "search", pageToken=first.json["nextPageToken"])

    assert found_ids(first)[0] in found_ids(second)
    assert len(found_ids(first)) == 5


def test_token_loop(server):
    server.faults = ["tokenLoop:2"]
    tokens = [None]
    for _ in range(3):
        page = ask(server, "search", pageToken=tokens[-1])
        tokens.append(page.json["nextPageToken"])

    assert tokens[1] == tokens[3]


def test_token_invalid_spares_the_first_page(server):
    server.faults = ["tokenInvalid"]
    token = ask(server, "search").json["nextPageToken"]

    assert ask(server, "search", pageToken=token).reason == "invalidPageToken"


def test_empty_page_with_token(server):
    server.faults = ["emptyPageWithToken"]

    reply = ask(server, "search")

    assert reply.items == [] and reply.json["nextPageToken"]


@pytest.mark.parametrize(
    "fault, part, name, value",
    [
        ("licenceFlip", "status", "license", "youtube"),
        ("notEmbeddable", "status", "embeddable", False),
        ("hiddenLikes", "statistics", "likeCount", None),
        ("commentsDisabled", "statistics", "commentCount", None),
        ("noThumbnails", "snippet", "thumbnails", None),
    ],
)
def test_state_of_one_video(server, fault, part, name, value):
    server.faults = [f"{fault}@{SECOND}"]

    found = videos(server)

    assert found[SECOND][part].get(name) == value != found[FIRST][part].get(name)


def test_state_without_a_video_is_that_of_all(server):
    server.faults = ["noStatistics"]

    assert not any("statistics" in item for item in videos(server).values())


@pytest.mark.parametrize("fault", ["private", "deleted"])
def test_gone_video_is_missing_and_still_found(server, fault):
    server.faults = [f"{fault}@{SECOND}"]

    assert set(videos(server)) == {FIRST}
    assert ask(server, "search", maxResults=50).status == 200
    assert ask(server, "commentThreads", videoId=SECOND).reason == "videoNotFound"
    assert ask(server, "commentThreads", videoId=FIRST).status == 200


def test_comments_disabled_of_one_video(server):
    server.change(FIRST, comments_disabled=False)
    server.faults = [f"commentsDisabled@{SECOND}"]

    assert ask(server, "commentThreads", videoId=SECOND).reason == "commentsDisabled"
    assert ask(server, "commentThreads", videoId=FIRST).status == 200


@pytest.mark.parametrize(
    "when, expected",
    [
        ("", [503, 503, 503, 503]),
        (":all", [503, 503, 503, 503]),
        (":2", [200, 503, 200, 200]),
        (":2-3", [200, 503, 503, 200]),
        (":3+", [200, 200, 503, 503]),
    ],
)
def test_when_counts_the_calls_of_the_method(server, when, expected):
    server.faults = [f"503@search{when}"]
    ask(server, "videos", id=FIRST)

    assert [ask(server, "search").status for _ in range(4)] == expected


def test_faults_strike_in_order_and_can_be_lifted(server):
    server.faults = ["500:1", "429:2"]
    statuses = [ask(server, "search").status for _ in range(3)]
    server.faults = ["500:1"]
    statuses.append(ask(server, "search").status)

    assert statuses == [500, 429, 200, 500]


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "nonsense",
        "503:0",
        "503:3-2",
        "503:x",
        "503@playlists",
        "503@SAMPLE-0001",
        "licenceFlip@search",
        "nullTitle@commentThreads",
        "noVideoId@SAMPLE-0001",
        "private@short",
    ],
)
def test_parse_refuses_what_makes_no_sense(spec):
    with pytest.raises(BadFault, match=f"'{spec}'"):
        parse([spec], KINDS)


def test_parse_of_an_unknown_kind_lists_the_known_ones():
    with pytest.raises(BadFault) as refused:
        parse(["nonsense"], KINDS)

    assert all(kind in str(refused.value) for kind in KINDS)


def test_serve_refuses_a_fault_of_a_video_that_it_does_not_have():
    faults = ["private@SAMPLE-9999"]
    with pytest.raises(BadFault, match="SAMPLE-9999"), sandbox.serve(faults=faults):
        pytest.fail("it started")


def test_serve_with_a_bad_fault_does_not_start():
    with pytest.raises(BadFault), sandbox.serve(faults=["nonsense"]):
        pytest.fail("it started")
