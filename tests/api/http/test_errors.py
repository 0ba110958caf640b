import pytest

from songs.models import NewVideo

SECRET = "password of the database"


@pytest.fixture
def broken(client, monkeypatch):
    """A client of a service in which every query fails for an unknown reason."""

    def fail(self):
        raise ValueError(SECRET)

    monkeypatch.setattr(type(NewVideo.objects.all()), "newest_first", fail)
    monkeypatch.setattr(type(NewVideo.objects.all()), "values", lambda *a: fail(a))
    monkeypatch.setattr(type(NewVideo.objects.all()), "values_list", lambda *a: fail(a))
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("path", ["/api/new-videos/", "/api/moods/"])
def test_unknown_error_is_json_without_its_text(broken, path):
    response = broken.get(path)
    assert response.status_code == 500
    assert response.json()["code"] == "error"
    assert SECRET not in response.text


def test_unknown_error_is_a_page_for_people(broken):
    response = broken.get("/")
    assert response.status_code == 500
    assert "<h1>Something went wrong here</h1>" in response.text
    assert SECRET not in response.text


@pytest.mark.parametrize("path", ["/api/nothing", "/api/nothing/", "/api/new-videosx"])
def test_unknown_api_path_is_json(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_unknown_page_is_a_page(client):
    response = client.get("/nothing<script>")
    assert response.status_code == 404
    assert "<h1>There is nothing here</h1>" in response.text
    assert "<script>" not in response.text


def test_refusal_has_the_one_shape(client, db):
    response = client.post("/api/new-videos/", {}, content_type="application/json")
    assert response.status_code == 403
    assert set(response.json()) == {"detail", "code"}
    assert response.json()["code"] == "not_authenticated"
