from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from songs.predictions import predict
from web import health


def test_live_asks_nothing_of_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_names_its_parts(client, db):
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "mood_model": "ok",
        "recommenders": "ok",
    }


def test_ready_is_degraded_without_a_model_that_may_be_used(client, db, monkeypatch):
    monkeypatch.setattr(predict, "health", lambda: "refused")
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert response.json()["mood_model"] == "refused"


def test_ready_is_degraded_while_files_of_a_recommender_are_missing(client, trained):
    assert client.get("/health/ready").json()["status"] == "ok"
    (trained.versions.get().folder / "totals.npy").unlink()
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["recommenders"] == "damaged"


def test_ready_waits_for_migrations(client, db):
    MigrationRecorder.Migration.objects.filter(app="songs").latest("id").delete()
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert response.json()["migrations"] == "waiting"


def test_ready_says_that_the_database_is_away(client, monkeypatch):
    def refuse():
        raise OperationalError("connection to server at db.example failed")

    monkeypatch.setattr(health, "_migrations", refuse)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"
    assert "db.example" not in response.text
