"""POST /api/new-videos/: who may, what is stored, and what is refused."""

import pytest
from django.test import Client

from api.http.parsers import MAX_BODY_BYTES
from songs.models import MoodLabel, NewVideo

VIDEO = {"video_id": "abcDEF_-123", "video_title": "Rain", "moods": "CHILL"}


def test_video_is_stored_without_a_judgement_unless_labeled_is_true(send):
    response = send(VIDEO, "add_newvideo")
    assert response.status_code == 201
    assert response["Location"] == "http://testserver/api/new-videos/abcDEF_-123/"
    assert response.json()["moods"] is None
    video = NewVideo.objects.get()
    assert (video.video_title, video.origin) == ("Rain", "import")
    assert not MoodLabel.objects.exists()


@pytest.mark.parametrize("labeled", [False, None])
def test_labeled_other_than_true_is_no_judgement_either(send, labeled):
    send(VIDEO | {"labeled": labeled}, "add_newvideo", "change_newvideo")
    assert NewVideo.objects.get().labeled is None
    assert not MoodLabel.objects.exists()


def test_labeled_true_is_the_judgement_of_the_sender(send):
    response = send(VIDEO | {"labeled": True}, "add_newvideo", "change_newvideo")
    assert response.json()["mood_source"] == "person"
    label = MoodLabel.objects.get()
    assert (label.mood, label.who, label.source) == ("CHILL", "mia", "api")


def test_labeled_true_without_the_right_to_label_stores_nothing(send):
    response = send(VIDEO | {"labeled": True}, "add_newvideo")
    assert response.status_code == 403
    assert not NewVideo.objects.exists()


def test_person_without_the_right_is_refused(send):
    response = send(VIDEO, "change_newvideo")
    assert response.status_code == 403
    assert response.json()["code"] == "permission_denied"
    assert not NewVideo.objects.exists()


def test_video_that_exists_is_a_conflict_and_stays(send, make_video):
    make_video(video_id=VIDEO["video_id"], video_title="Mine")
    response = send(VIDEO | {"labeled": True}, "add_newvideo", "change_newvideo")
    assert response.status_code == 409
    assert response.json()["code"] == "already_exists"
    video = NewVideo.objects.get()
    assert (video.video_title, video.labeled) == ("Mine", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("video_id", "short"),
        ("video_id", "abcDEF_-123\n4"),
        ("video_id", None),
        ("video_title", "x" * 1001),
        ("video_title", "a\0b"),
        ("video_title", "\ud800"),
        ("video_description", "x" * 100_001),
        ("moods", "HAPPYISH"),
        ("moods", {"a": 1}),
        ("moods", "\ud800"),
        ("labeled", "perhaps"),
        ("labeled", []),
    ],
)
def test_wrong_field_is_named_and_nothing_is_stored(send, field, value):
    response = send(VIDEO | {field: value}, "add_newvideo", "change_newvideo")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]
    assert not NewVideo.objects.exists()


def test_labeled_true_without_a_mood_names_the_mood(send):
    body = {"video_id": "abcDEF_-123", "labeled": True}
    response = send(body, "add_newvideo", "change_newvideo")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["moods"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"video_id": NaN}',
        b"\xff\xfe",
        "9" * 9999,
    ],
)
def test_body_that_is_no_object_is_a_bad_request(send, body):
    response = send(body, "add_newvideo")
    assert response.status_code == 400
    assert response.json()["detail"]


@pytest.mark.parametrize("size", [MAX_BODY_BYTES, 5 * MAX_BODY_BYTES])
def test_body_without_bounds_is_refused(send, size):
    body = '{"video_title": "' + "x" * size + '"}'
    response = send(body, "add_newvideo")
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"


def test_form_is_refused(admin_client):
    response = admin_client.post("/api/new-videos/", VIDEO)
    assert response.status_code == 415


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}])
def test_session_without_csrf_token_is_refused(make_user, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("mia", "add_newvideo"))
    response = client.post(
        "/api/new-videos/", VIDEO, content_type="application/json", headers=headers
    )
    assert response.status_code == 403
    assert "CSRF" in response.json()["detail"]
