"""Playlists over HTTP: the requests that the client of 2019 sends, and abuse."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts import listeners, playlists
from accounts.google import Identity
from accounts.models import Account

SONG = "dQw4w9WgXcQ"
BASE = "/api/user/playlists"


class Listener:
    """The client of 2019: axios, a raw token, no cookies, no slash at the end."""

    def __init__(self, sub):
        person = Identity(sub, sub.title(), f"{sub}@example.org")
        account, self.token, _ = listeners.sign_in(person)
        self.id = account.pk

    def ask(self, method, path, body=None, *, token=True):
        client = Client(enforce_csrf_checks=True)
        headers = {"authorization": self.token} if token else {}
        rest = {"content_type": "application/json", "headers": headers}
        data = {} if body is None else {"data": body}
        if method == "GET":
            return client.get(path, headers=headers)
        return getattr(client, method.lower())(path, **data, **rest)

    def songs(self, playlist):
        return self.ask("GET", f"{BASE}/{playlist}/songs").json()


@pytest.fixture
def mia(db):
    return Listener("mia")


@pytest.fixture
def playlist(mia):
    """The id of Mia's playlist of four songs."""
    playlist = playlists.create(mia.id, "Rainy")
    for number in range(4):
        playlists.add_song(mia.id, playlist.pk, f"SONG{number:07}")
    return playlist.pk


@pytest.mark.parametrize("slash", ["", "/"])
def test_requests_of_2019(mia, slash):
    made = mia.ask("POST", BASE + slash, {"name": "Rainy", "user_id": f"{mia.id}"})
    assert made.status_code == 201
    lists = mia.ask("GET", f"{BASE}/{mia.id}/playlists{slash}").json()
    assert lists == [{"id": made.json()["id"], "name": "Rainy"}]
    one = f"{BASE}/{lists[0]['id']}"
    assert mia.ask("GET", f"{one}/songs{slash}").json() == []
    for index in (0, 1):
        sent = {"song_id": f"SONG{index:07}", "playlist_index": index}
        added = mia.ask("POST", f"{one}/song{slash}", sent)
        assert (added.status_code, set(added.json())) == (201, {"id", *sent})
    first, second = mia.ask("GET", f"{one}/songs{slash}").json()
    assert second == added.json()
    path = f"{one}/song/{second['id']}{slash}"
    moved = mia.ask("PUT", path, {"playlist_index": 0})
    assert (moved.status_code, moved.json()) == (200, second | {"playlist_index": 0})
    assert mia.ask("DELETE", path).status_code == 204
    assert mia.songs(lists[0]["id"]) == [first]


def test_reorder_of_2019_without_authorization_keeps_the_order(mia, playlist):
    before = mia.songs(playlist)
    for row, index in zip(before, (3, 2, 1, 0), strict=True):
        path, body = f"{BASE}/{playlist}/song/{row['id']}", {"playlist_index": index}
        refused = mia.ask("PUT", path, body, token=False)
        assert refused.status_code == 401
    assert mia.songs(playlist) == before


@pytest.mark.django_db(transaction=True)
def test_reorder_with_authorization_ends_as_asked(mia, playlist):
    rows = [row["id"] for row in mia.songs(playlist)]
    wanted = [rows[3], rows[2], rows[1], rows[0]]

    def put(row):
        body = {"playlist_index": wanted.index(row)}
        try:
            return mia.ask("PUT", f"{BASE}/{playlist}/song/{row}", body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(put, [rows[1], rows[0], rows[2], rows[3]]))
    assert statuses == [200] * 4
    assert [row["id"] for row in mia.songs(playlist)] == wanted


def test_user_id_in_a_body_gives_nothing_to_others(mia):
    bob = Listener("bob")
    mia.ask("POST", BASE, {"name": "Rainy", "user_id": bob.id})
    assert bob.ask("GET", f"{BASE}/{bob.id}/playlists").json() == []
    assert len(mia.ask("GET", f"{BASE}/{mia.id}/playlists").json()) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "{user}/playlists", None),
        ("GET", "{list}/songs", None),
        ("POST", "{list}/song", {"song_id": SONG, "playlist_index": 0}),
        ("PUT", "{list}/song/{row}", {"playlist_index": 0}),
        ("DELETE", "{list}/song/{row}", None),
        ("DELETE", "{list}", None),
    ],
)
def test_what_belongs_to_another_does_not_exist(mia, playlist, method, path, body):
    bob, before = Listener("bob"), mia.songs(playlist)
    real = {"user": mia.id, "list": playlist, "row": before[3]["id"]}
    none = dict.fromkeys(real, 10**17)
    answers = [
        bob.ask(method, f"{BASE}/{path.format(**ids)}", body) for ids in (real, none)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert mia.songs(playlist) == before


@pytest.mark.parametrize("index", [-1, -(10**30), 0, 3, 4, 10**30, "2", None])
def test_add_takes_any_whole_number(mia, playlist, index):
    body = {"song_id": SONG, "playlist_index": index}
    assert mia.ask("POST", f"{BASE}/{playlist}/song", body).status_code == 201
    indexes = [row["playlist_index"] for row in mia.songs(playlist)]
    assert indexes == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("index", [True, "x", 1.5, [], {}, "9" * 2000, 1e300])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_index_that_is_no_whole_number_is_named(mia, playlist, method, index):
    body = {"song_id": SONG, "playlist_index": index}
    row = mia.songs(playlist)[0]["id"]
    end = {"POST": "song", "PUT": f"song/{row}"}[method]
    response = mia.ask(method, f"{BASE}/{playlist}/{end}", body)
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["playlist_index"]


@pytest.mark.parametrize(
    "song", ["short", None, "", [], 5, "dQw4w9W\nXcQ", "<script>xxx", "\0" * 11]
)
def test_song_that_is_no_youtube_id_is_named(mia, playlist, song):
    body = {"song_id": song, "playlist_index": 0}
    response = mia.ask("POST", f"{BASE}/{playlist}/song", body)
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["song_id"]


@pytest.mark.parametrize("name", ["", "  ", None, [], "x" * 101, "\0", "\ud800"])
def test_name_that_is_none_is_named(mia, name):
    response = mia.ask("POST", BASE, {"name": name, "user_id": "1"})
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["name"]


def test_limits_are_a_409_that_says_what_to_do(mia, playlist, monkeypatch):
    monkeypatch.setattr(playlists, "MAX_PLAYLISTS", 1)
    monkeypatch.setattr(playlists, "MAX_SONGS", 4)
    many = mia.ask("POST", BASE, {"name": "One more"})
    full = mia.ask("POST", f"{BASE}/{playlist}/song", {"song_id": SONG})
    for refused in (many, full):
        assert refused.status_code == 409
        assert refused.json()["code"] == "limit_reached"
    assert mia.ask("DELETE", f"{BASE}/{playlist}").status_code == 204
    assert mia.ask("POST", BASE, {"name": "One more"}).status_code == 201


def test_lists_cost_few_queries(mia, playlist, django_assert_num_queries):
    for _ in range(3):
        playlists.create(mia.id, "More")
    with django_assert_num_queries(2):  # who asks, the playlists
        assert len(mia.ask("GET", f"{BASE}/{mia.id}/playlists").json()) == 4
    with django_assert_num_queries(3):  # who asks, whose it is, the songs
        assert len(mia.songs(playlist)) == 4


def test_list_that_the_client_has_is_not_sent_again(mia, playlist):
    client = Client(headers={"authorization": mia.token})
    path = f"{BASE}/{playlist}/songs"
    first = client.get(path)
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    same = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    playlists.add_song(mia.id, playlist, SONG)
    other = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (other.status_code, len(other.json())) == (200, 5)


def test_storm_of_reads_locks_nobody_out(mia, playlist):
    paths = [f"{BASE}/{mia.id}/playlists", f"{BASE}/{playlist}/songs"] * 60
    assert {mia.ask("GET", path).status_code for path in paths} == {200}


def test_unknown_parameters_are_ignored(mia, playlist):
    path = f"{BASE}/{playlist}/songs"
    for query in ("x=1&limit=-1&cursor=forged&ordering=;drop", "q=" + "x" * 8000):
        asked = mia.ask("GET", f"{path}?{query}")
        assert asked.json() == mia.songs(playlist)


def test_account_that_was_just_deleted_is_nobody(mia, playlist, monkeypatch):
    def meanwhile(*_):
        raise Account.DoesNotExist

    monkeypatch.setattr(playlists, "create", meanwhile)
    assert mia.ask("POST", BASE, {"name": "Rainy"}).status_code == 404


PRIVATE = ["users/1", "users/1/export", "user/playlists", "user/playlists/1"]
PRIVATE += [f"user/playlists/1/{end}" for end in ("playlists", "songs", "song")]
PRIVATE += ["user/playlists/1/song/1"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
BODIES = [b"", b"{", b"[]", b"null", b'"x"', b"[" * 100_000, b"\xff", b"9" * 9999]


@pytest.mark.parametrize("path", PRIVATE)
@pytest.mark.parametrize("method", METHODS)
def test_nobody_gets_a_401_everywhere(db, path, method):
    nobody = Client(enforce_csrf_checks=True)
    for header in ("", "null", "Token", "Bearer x y", "\xff\0"):
        for slash in ("", "/"):
            where, who = f"/api/{path}{slash}", {"HTTP_AUTHORIZATION": header}
            response = nobody.generic(method, where, b"{}", "application/json", **who)
            assert response.status_code == 401
            assert method == "HEAD" or set(response.json()) == {"detail", "code"}


@pytest.mark.parametrize("path", ["register/oauth", *PRIVATE])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_body_that_is_no_object_breaks_nothing(our_google, mia, path, method):
    client = Client(headers={"authorization": mia.token})
    for body in BODIES:
        response = client.generic(method, f"/api/{path}", body, "application/json")
        assert response.status_code in {400, 404, 405}
        assert {"detail", "code"} <= set(response.json())


@pytest.mark.parametrize("path", ["register/oauth", "user/playlists"])
def test_form_is_refused(our_google, mia, path):
    client = Client(headers={"authorization": mia.token})
    response = client.post(f"/api/{path}", {"name": "Rainy", "token": "x"})
    assert response.status_code == 415


@pytest.mark.parametrize("path", ["register/oauth", *PRIVATE])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_preflight_allows_the_configured_origin_only(client, settings, path, method):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    asked = {"method": method, "headers": "authorization, content-type"}
    headers = {f"access-control-request-{name}": asked[name] for name in asked}
    for origin, allowed in [("evil", None), ("player", "https://player.example")]:
        where = {"origin": f"https://{origin}.example"}
        response = client.options(f"/api/{path}", headers=headers | where)
        assert response.get("Access-Control-Allow-Origin") == allowed
    assert method in response["Access-Control-Allow-Methods"].split(", ")
    assert "authorization" in response["Access-Control-Allow-Headers"].split(", ")
    assert "Access-Control-Allow-Credentials" not in response


def test_host_that_is_not_ours_is_refused(mia):
    client = Client(headers={"authorization": mia.token, "host": "evil.example"})
    assert client.get(f"/api/users/{mia.id}").status_code == 400


def test_whole_order_in_one_request(mia, playlist):
    path = f"{BASE}/{playlist}/songs"
    wanted = [song["id"] for song in reversed(mia.songs(playlist))]
    arranged = mia.ask("PUT", path, {"order": wanted})
    assert [row["id"] for row in arranged.json()] == wanted
    assert mia.songs(playlist) == arranged.json()
    outdated = mia.ask("PUT", path, {"order": wanted[1:]})
    assert (outdated.status_code, outdated.json()["code"]) == (409, "order_outdated")


@pytest.mark.parametrize("order", [None, "1", ["x"], [0], [2**63], {}])
def test_order_that_is_no_list_of_rows_is_named(mia, playlist, order):
    refused = mia.ask("PUT", f"{BASE}/{playlist}/songs", {"order": order})
    assert refused.status_code == 400
    assert all(name.startswith("order") for name in refused.json()["fields"])
