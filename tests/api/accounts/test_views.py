"""Signing in, and what a listener may do with an account of its own."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account, Playlist, PlaylistSong, Token
from tests.google import id_token

SIGN_IN = "/api/register/oauth"


def sign_in(token=None, path=SIGN_IN, *, headers=None, **claims):
    """As the client of 2019 does after Google's button."""
    body = {"name": "Mia", "email": "mia@example.org"}
    body["token"] = token if token is not None else id_token(**claims)
    sender = Client(enforce_csrf_checks=True)
    return sender.post(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def mia(db, our_google):
    """The requests of Mia, signed in; `mia.id` is her id."""
    answer = sign_in().json()
    client = Client(
        enforce_csrf_checks=True, headers={"authorization": answer["token"]}
    )
    client.id = answer["id"]
    return client


@pytest.mark.parametrize("path", [SIGN_IN, SIGN_IN + "/"])
def test_sign_in_is_201_for_the_new_and_200_for_the_known(db, our_google, path):
    new, known = sign_in(path=path), sign_in(path=path)
    assert [new.status_code, known.status_code] == [201, 200]
    assert set(new.json()) == {"id", "token"}
    assert new.json()["id"] == known.json()["id"]
    assert new.json()["token"] != known.json()["token"]
    assert "no-store" in new["Cache-Control"]


def test_identity_is_google_s_sub_and_never_the_email_that_was_sent(mia):
    stranger = sign_in(sub="666", email="eve@example.org")  # but sends Mia's address
    assert stranger.status_code == 201
    assert Account.objects.get(google_sub="666").email == "eve@example.org"
    moved = sign_in(email="mia@new.example")
    assert (moved.status_code, moved.json()["id"]) == (200, mia.id)


def test_name_that_was_sent_counts_where_google_names_nobody(db, our_google):
    sign_in(name=None)
    assert Account.objects.get().name == "Mia"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"aud": "9999-other.apps.googleusercontent.com"},
        {"iss": "https://evil.example"},
        {"email_verified": False},
        {"signed_by": "another"},
    ],
    ids=str,
)
def test_sign_in_with_a_wrong_token_is_a_401(db, our_google, claims):
    response = sign_in(**claims)
    assert response.status_code == 401
    assert response.json()["code"] == "google_token_refused"
    assert response["WWW-Authenticate"] == "Token"
    assert not Account.objects.exists()


@pytest.mark.parametrize("token", ["", None, [], "\0", "\ud800", "x" * 5001])
def test_sign_in_names_a_token_that_is_none(db, our_google, token, client):
    response = client.post(SIGN_IN, {"token": token}, content_type="application/json")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["token"]


@pytest.mark.parametrize(
    "header", ["null", "expired", "Token x", "Bearer x", "Basic ="]
)
def test_sign_in_looks_at_no_authorization(db, our_google, header):
    assert sign_in(headers={"authorization": header}).status_code == 201


def test_sign_in_that_is_not_configured_says_so(db, client):
    response = sign_in("x")
    assert response.status_code == 503
    assert response.json()["code"] == "sign_in_not_configured"
    assert client.get("/api/new-videos/").status_code == 200


def test_listener_who_is_signed_in_needs_no_google(mia, settings):
    settings.GOOGLE_CLIENT_ID = ""
    assert mia.get(f"/api/users/{mia.id}").status_code == 200


def test_sign_in_while_google_is_away_is_to_be_tried_again(db, our_google):
    our_google.status = 500
    response = sign_in()
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response.json()["code"] == "google_unreachable"


def test_sign_in_is_limited_for_each_address(db, our_google, settings):
    settings.SIGN_IN_LIMITS = {86_400: 2}
    answers = [sign_in("x") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0


@pytest.mark.parametrize("scheme", ["", "Token ", "Bearer ", "bearer  ", " "])
def test_token_may_stand_alone_or_after_a_scheme(mia, client, scheme):
    token = mia.defaults["HTTP_AUTHORIZATION"]
    headers = {"authorization": scheme + token}
    assert client.get(f"/api/users/{mia.id}", headers=headers).status_code == 200


@pytest.mark.parametrize("state", ["expired", "revoked", "unknown", "signed out"])
def test_token_that_opens_nothing_is_a_401_on_private_routes_only(mia, state):
    now = timezone.now()
    if state == "expired":
        Token.objects.update(expires=now - timedelta(seconds=1))
    elif state == "revoked":
        Token.objects.update(revoked=now)
    else:
        header = {"unknown": "x" * 43, "signed out": "null"}[state]
        mia.defaults["HTTP_AUTHORIZATION"] = header
    refused = mia.get(f"/api/users/{mia.id}")
    assert refused.status_code == 401
    assert set(refused.json()) == {"detail", "code"}
    for path in ("new-videos", "new-videos-thumbnails", "predictions", "moods"):
        assert mia.get(f"/api/{path}/").status_code == 200


def test_owner_reads_and_changes_name_and_email(mia):
    path, sent = f"/api/users/{mia.id}", {"name": "Mia B", "email": "b@example.org"}
    before = mia.get(path)
    assert before.json() == {"id": mia.id, "name": "Mia", "email": "mia@example.org"}
    changed = mia.put(path, sent, content_type="application/json")
    assert (changed.status_code, changed.json()) == (200, {"id": mia.id, **sent})
    assert mia.get(path).json() == {"id": mia.id, **sent}
    assert sign_in().json()["id"] == mia.id
    assert mia.get(path).json() == {"id": mia.id, **sent}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "\0"}, "name"),
        ({"email": "nonsense"}, "email"),
        ({"email": ["a@b.org"]}, "email"),
        ({"email": "a@" + "b" * 300 + ".org"}, "email"),
    ],
)
def test_wrong_name_or_email_is_named(mia, sent, field):
    body = {"name": "Mia", "email": "mia@example.org"} | sent
    response = mia.put(f"/api/users/{mia.id}", body, content_type="application/json")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]


def test_sub_and_id_cannot_be_changed(mia):
    sent = {"name": "M", "email": "m@example.org", "id": 99, "google_sub": "666"}
    mia.put(f"/api/users/{mia.id}", sent, content_type="application/json")
    assert Account.objects.values_list("pk", "google_sub").get() == (mia.id, "108")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("export", ["", "/export"])
def test_whether_another_listener_exists_is_not_said(mia, method, export):
    other = sign_in(sub="666").json()["id"]
    body = b'{"name": "x", "email": "x@example.org"}'
    answers = [
        mia.generic(method, f"/api/users/{user}{export}", body, "application/json")
        for user in (other, 10**17)
    ]
    status = 405 if export and method != "GET" else 404
    assert [answer.status_code for answer in answers] == [status] * 2
    assert answers[0].content == answers[1].content
    assert Account.objects.count() == 2


def test_delete_leaves_nothing_and_the_token_opens_nothing(mia):
    playlist = Playlist.objects.create(account_id=mia.id, name="Rainy")
    playlist.songs.create(song_id="dQw4w9WgXcQ", playlist_index=0)
    assert mia.delete(f"/api/users/{mia.id}").status_code == 204
    for table in (Account, Token, Playlist, PlaylistSong):
        assert not table.objects.exists()
    assert mia.get(f"/api/users/{mia.id}").status_code == 401
    assert sign_in().status_code == 201


def test_export_holds_all_that_is_known(mia, django_assert_num_queries):
    for name in ("Rainy", "Sunny"):
        playlist = Playlist.objects.create(account_id=mia.id, name=name)
        playlist.songs.create(song_id="dQw4w9WgXcQ", playlist_index=0)
    with django_assert_num_queries(5):  # who asks, and a query for each table
        response = mia.get(f"/api/users/{mia.id}/export")
    known = response.json()
    assert response["Content-Disposition"].startswith("attachment")
    assert (known["google_sub"], known["email"]) == ("108", "mia@example.org")
    assert [playlist["name"] for playlist in known["playlists"]] == ["Rainy", "Sunny"]
    assert known["playlists"][0]["songs"][0]["song_id"] == "dQw4w9WgXcQ"
    assert list(known["tokens"][0]) == ["created", "expires", "revoked"]


def test_session_of_the_admin_is_no_listener(admin_client, db):
    assert admin_client.get("/api/users/1").status_code == 401


def test_listener_is_nobody_to_the_catalogue(mia):
    response = mia.post("/api/new-videos/", {}, content_type="application/json")
    assert response.status_code == 403
