"""What holds for every route: slashes, methods, parameters, origins."""

import pytest
from django.test import Client

from api.arrays2019.serializers import NewVideoRequest

OLD = [
    "new-videos",
    "new-videos/VIDEO000001",
    "new-videos-thumbnails",
    "new-videos-stats",
    "new-videos-stats/VIDEO000001",
    "new-comments",
    "predictions",
]
OURS = ["datasets", "videos", "videos/VIDEO000001", "moods", "schema", "docs"]
API = ["/api", *(f"/api/{name}" for name in [*OLD, *OURS])]
HEALTH = ["/health", "/health/live", "/health/ready"]
UNKNOWN = "x=1&limit=-1&limit=1000000&mood=%00&cursor=forged&ordering=;drop"


@pytest.mark.parametrize("path", [*API, *HEALTH])
@pytest.mark.parametrize("slash", ["", "/"])
def test_route_answers_with_and_without_slash(client, make_video, path, slash):
    make_video()
    assert client.get(path + slash).status_code == 200


@pytest.mark.parametrize("path", [*API, *HEALTH, "/api/nothing", "/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_nobody_writes_anywhere(make_video, path, method, slash):
    make_video()
    nobody = Client(enforce_csrf_checks=True)
    response = nobody.generic(method, path + slash, b"{}", "application/json")
    allowed = {401, 403, 404, 405} if path == "/api/nothing" else {401, 403, 405}
    assert response.status_code in allowed


@pytest.mark.parametrize("path", [*OLD, "new-videos-moods"])
@pytest.mark.parametrize("query", [UNKNOWN, "q=" + "x" * 8000])
def test_routes_of_2019_ignore_unknown_parameters(client, make_video, path, query):
    make_video()
    plain, asked = client.get(f"/api/{path}/"), client.get(f"/api/{path}/?{query}")
    assert asked.status_code == 200
    assert asked.getvalue() == plain.getvalue()


def test_routes_of_our_own_name_the_unknown_parameter(client, db):
    response = client.get("/api/moods/?limit=-1&mood=%00")
    assert response.status_code == 400
    assert response.json() == {
        "detail": "Not understood: limit, mood.",
        "code": "invalid",
        "fields": {"limit": ["Unknown parameter."], "mood": ["Unknown parameter."]},
    }


def test_query_of_thousands_of_parameters_is_a_bad_request(client, db):
    response = client.get("/api/new-videos/?" + "a&" * 4000)
    assert response.status_code == 400
    assert response.json()["code"] == "parse_error"


def test_host_that_is_not_ours_is_refused(client, db):
    response = client.get("/api/new-videos/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response.json()["code"] == "bad_request"
    assert "evil" not in response.text


@pytest.mark.parametrize("path", API)
@pytest.mark.parametrize("method", ["OPTIONS", "POST", "BREW"])
@pytest.mark.parametrize("accept", ["*/*", "application/yaml", "nonsense"])
def test_error_is_json_whatever_the_route_speaks(
    client, make_video, path, method, accept
):
    make_video()
    response = client.generic(method, path, headers={"accept": accept})
    assert response.status_code in {200, 403, 405, 406}
    assert response["Content-Type"] == "application/json"
    assert response.status_code == 200 or {"detail", "code"} == set(response.json())


def preflight(client, method, origin):
    return client.options(
        "/api/new-videos/",
        headers={
            "origin": origin,
            "access-control-request-method": method,
            "access-control-request-headers": "authorization, content-type",
        },
    )


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_preflight_allows_the_configured_origin(client, settings, method):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    response = preflight(client, method, "https://player.example")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "https://player.example"
    assert method in response["Access-Control-Allow-Methods"].split(", ")
    headers = response["Access-Control-Allow-Headers"].split(", ")
    assert {"authorization", "content-type"} <= set(headers)
    assert "Access-Control-Allow-Credentials" not in response


def test_preflight_allows_no_other_origin(client, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    response = preflight(client, "GET", "https://evil.example")
    assert "Access-Control-Allow-Origin" not in response


def test_answer_is_readable_from_the_configured_origin_only(client, settings, db):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    for origin, expected in [("player", "https://player.example"), ("evil", None)]:
        headers = {"origin": f"https://{origin}.example"}
        response = client.get("/api/new-videos/", headers=headers)
        assert response.get("Access-Control-Allow-Origin") == expected


def test_options_describes_what_may_be_sent(admin_client):
    described = admin_client.options("/api/new-videos/").json()["actions"]["POST"]
    assert set(described) == set(NewVideoRequest().fields)
