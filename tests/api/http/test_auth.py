"""What a program's token opens, by its scopes, and what it never does."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import programs
from accounts.models import ProgramToken, Scope
from api.openapi.document import PATH_EXAMPLES
from songs.models import ContentClaim, MoodLabel, MoodSuggestion, NewVideo

ID = "VIDEO000001"
WRITES = {  # what needs which scope
    Scope.PREDICT: ("/api/predict/", {"texts": [{"title": "Calm"}]}),
    Scope.SUGGEST: (
        "/api/new-videos-moods/",
        {"video_id": ID, "correct_moods": "SAD"},
    ),
    Scope.CLAIM: (f"/api/videos/{ID}/claims/", {"claimant": "A label"}),
    Scope.ADD_VIDEOS: ("/api/new-videos/", {"video_id": "abcDEF_-123"}),
}
PUBLIC = [
    "/api/",
    "/api/new-videos/",
    f"/api/new-videos/{ID}/",
    "/api/new-videos-moods/",
    "/api/videos/",
    "/api/moods/",
    "/api/schema/",
]
PRIVATE = [
    ("get", "/api/users/1/"),
    ("put", "/api/users/1/"),
    ("delete", "/api/users/1/"),
    ("get", "/api/users/1/export/"),
    ("post", "/api/user/playlists/"),
    ("get", "/api/user/playlists/1/songs/"),
]


def ask(method, path, text, body=None, *, scheme="Bearer ", client=None, **headers):
    """A request of a program, from a client that checks CSRF as browsers meet it."""
    client = client or Client(enforce_csrf_checks=True)
    headers = {"authorization": f"{scheme}{text}"} | headers
    sent = {"content_type": "application/json", "data": body}
    return getattr(client, method)(
        path, headers=headers, **({} if method == "get" else sent)
    )


@pytest.mark.parametrize("scope", WRITES)
def test_token_with_the_scope_may_write(make_video, make_token, scope):
    make_video()
    path, body = WRITES[scope]
    assert ask("post", path, make_token(scope), body).status_code in {200, 201}


@pytest.mark.parametrize("scope", WRITES)
def test_token_without_the_scope_is_told_which_it_lacks(make_video, make_token, scope):
    make_video()
    path, body = WRITES[scope]
    others = set(Scope) - {scope}
    response = ask("post", path, make_token(*others), body)
    assert response.status_code == 403
    assert response.json() == {
        "detail": f"This token lacks the scope {scope}.",
        "code": "insufficient_scope",
    }
    assert not MoodSuggestion.objects.exists()
    assert not ContentClaim.objects.exists()
    assert NewVideo.objects.count() == 1


def test_token_never_labels(make_token):
    path, body = WRITES[Scope.ADD_VIDEOS]
    labels = {"moods": "CHILL", "labeled": True}
    response = ask("post", path, make_token(*Scope), body | labels)
    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
    assert not NewVideo.objects.exists()


def test_token_takes_no_right_from_a_session_beside_it(make_token, admin_client):
    path, body = WRITES[Scope.ADD_VIDEOS]
    labels = {"moods": "CHILL", "labeled": True}
    for text, sent in [(make_token(), body), (make_token(*Scope, name="b"), labels)]:
        response = ask("post", path, text, body | sent, client=admin_client)
        assert response.status_code == 403
    assert not MoodLabel.objects.exists()


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_token_opens_nothing_of_a_listener(make_token, method, path):
    response = ask(method, path, make_token(*Scope), {})
    assert (response.status_code, response.json()["code"]) == (401, "token_refused")


def test_token_signs_nobody_in(make_token, our_google):
    response = ask("post", "/api/register/oauth", make_token(*Scope), {"token": "x"})
    assert response.status_code == 403
    assert response.json()["code"] == "insufficient_scope"


@pytest.mark.parametrize("path", ["/admin/", "/admin/label/", "/admin/songs/newvideo/"])
def test_token_opens_nothing_of_the_admin(make_token, path):
    response = ask("get", path, make_token(*Scope))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_token_reads_no_metrics(make_token):
    assert ask("get", "/metrics", make_token(*Scope)).status_code == 403


def test_token_without_scopes_writes_nowhere(document, make_video, make_token):
    """Each operation of the document that writes, whatever it is about."""
    make_video(video_id=PATH_EXAMPLES["video_id"])
    text = make_token()
    for path, operations in document["paths"].items():
        for method in {"post", "put", "patch", "delete"} & set(operations):
            response = ask(method, path.format(**PATH_EXAMPLES), text, {})
            assert response.status_code in {401, 403}, (method, path)


@pytest.mark.parametrize("path", PUBLIC)
def test_token_reads_what_everybody_reads(make_video, make_token, client, path):
    make_video()
    with_token = ask("get", path, make_token())
    assert with_token.status_code == 200
    assert with_token.getvalue() == client.get(path).getvalue()
    assert with_token["Cache-Control"].startswith("private, ")


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer  ", "Token ", ""])
def test_token_is_understood_in_any_of_its_spellings(make_token, scheme):
    response = ask("get", "/api/moods/", make_token(), scheme=scheme)
    assert response["RateLimit-Limit"] == "300"


@pytest.mark.parametrize(
    "columns",
    [
        {"revoked": "2026-11-01T00:00Z"},
        {"expires": "2026-11-01T00:00Z"},
        {"digest": "of another"},
    ],
)
@pytest.mark.parametrize("path", PUBLIC)
def test_token_that_opens_nothing_is_refused_everywhere(make_token, path, columns):
    text = make_token(*Scope)
    ProgramToken.objects.update(**columns)
    response = ask("get", path, text)
    assert (response.status_code, response.json()["code"]) == (401, "token_refused")
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "header", ["null", "Bearer mb_short", "Bearer mb_", "mb_ x", "Basic bWI6eA=="]
)
def test_other_authorization_does_no_harm(client, db, header):
    response = client.get("/api/moods/", headers={"authorization": header})
    assert response.status_code == 200
    assert "RateLimit-Limit" not in response


def test_use_of_a_token_is_noted(make_token):
    ask("get", "/api/moods/", make_token())
    used = ProgramToken.objects.get().last_used
    assert timezone.now() - used < timedelta(minutes=1)


def test_token_costs_two_statements_a_request(make_token, django_assert_num_queries):
    text = make_token()
    ask("get", "/api/", text)  # notes the use
    with django_assert_num_queries(2):  # who it is, and the count
        ask("get", "/api/", text)


def test_page_of_another_origin_may_send_a_token(make_token, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    origin = {"origin": "https://player.example"}
    path, body = WRITES[Scope.PREDICT]
    response = ask("post", path, make_token(Scope.PREDICT), body, **origin)
    assert response["Access-Control-Allow-Origin"] == "https://player.example"
    assert "RateLimit-Remaining" in response["Access-Control-Expose-Headers"]


def test_token_is_in_no_log_line(make_token, caplog):
    text = make_token()
    ask("get", f"/api/moods/?x={text}", text)
    ask("get", "/api/moods/", text[:-1] + "x")
    assert text.removeprefix(programs.PREFIX)[:-1] not in caplog.text


def test_cookie_of_a_session_still_needs_its_csrf_token(admin_client):
    client = Client(enforce_csrf_checks=True)
    client.cookies = admin_client.cookies
    assert settings.SESSION_COOKIE_NAME in client.cookies
    path, body = WRITES[Scope.ADD_VIDEOS]
    response = ask("post", path, "null", body, client=client, scheme="")
    assert response.status_code == 403
    assert not NewVideo.objects.exists()
