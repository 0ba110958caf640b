"""/api/predict/: anybody asks the live model; nothing is stored, nobody floods it."""

import pytest
from django.test import Client

from api.http.parsers import MAX_BODY_BYTES
from ml.moods import files
from ml.moods.recipe import MOODS
from songs.models import MoodSuggestion, NewVideo
from songs.predictions import predict
from tests.songs.mood_models import store
from web.models import RequestCount

PATH = "/api/predict/"
RAIN = {"title": "Chillhop study beats", "description": "Relax.", "tags": ["lofi"]}

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    def send(*texts, path=PATH, body=None, address="192.0.2.1", **headers):
        return Client(enforce_csrf_checks=True).post(
            path,
            body if body is not None else {"texts": list(texts)},
            content_type="application/json",
            headers=headers,
            REMOTE_ADDR=address,
        )

    return send


@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")])
def test_predict_says_what_the_live_model_says_and_why(post, path):
    response = post(RAIN, {"title": "Furious metal rage"}, path=path)

    assert response.status_code == 200
    answer = response.json()
    assert answer["model"] == predict.live().version
    calm, angry = answer["predictions"]
    assert (calm["mood"], angry["mood"]) == ("CHILL", "ANGRY")
    assert list(calm["scores"]) == list(MOODS)
    assert abs(sum(calm["scores"].values()) - 1) < 0.001
    ranked = sorted(MOODS, key=lambda mood: -calm["scores"][mood])
    assert [calm["mood"], calm["second"]] == ranked[:2]
    assert calm["sure"] in {True, False}
    assert {reason["phrase"].lower() for reason in calm["why"]} & {
        "calm",
        "lofi",
        "relax",
    }


def test_predict_asks_the_promoted_version(post):
    store("2026-11-21", live=True)
    assert post(RAIN).json()["model"] == "2026-11-21"


def test_predict_is_what_the_catalogue_would_be_told(post, make_video):
    make_video(video_title=RAIN["title"], video_description=RAIN["description"])
    predict.predict_pending()
    said = post(RAIN).json()["predictions"][0]
    row = NewVideo.objects.get()
    assert (row.predicted_moods, row.mood_scores) == (said["mood"], said["scores"])
    assert row.predicted_sure == said["sure"]


@pytest.mark.parametrize(
    "title", ["x", "<script>alert(1)</script>", "\u202e🎵", "𒀀" * 9]
)
def test_predict_answers_whatever_the_words(post, title):
    response = post({"title": title})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"


def test_predict_takes_200_texts_in_two_statements(post, django_assert_num_queries):
    post(RAIN)
    with django_assert_num_queries(2):  # the count of requests, the live version
        response = post(*[{"title": f"Rain {nth}"} for nth in range(200)])
    assert len(response.json()["predictions"]) == 200


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        ([], "texts"),
        ([RAIN] * 201, "texts"),
        ("Rain", "texts"),
        (None, "texts"),
        (["Rain"], "texts.0"),
        ([RAIN, {}], "texts.1.title"),
        ([{"title": " ", "description": ""}], "texts.0.title"),
        ([{"title": None}], "texts.0.title"),
        ([{"title": "x" * 1001}], "texts.0.title"),
        ([{"title": ["x"]}], "texts.0.title"),
        ([{"title": "\0"}], "texts.0.title"),
        ([{"title": "x", "description": 5.5}], "texts.0.description"),
        ([{"title": "x"}, {"tags": 5}], "texts.1.tags"),
        ([{"title": "x", "tags": ["x", {}]}], "texts.0.tags.1"),
        ([{"title": "x", "tags": ["x"] * 501}], "texts.0.tags"),
    ],
)
def test_predict_names_the_field_that_is_wrong(post, texts, named):
    response = post(body={"texts": texts})
    assert response.status_code == 400
    wrong = response.json()
    assert (wrong["code"], list(wrong["fields"])) == ("invalid", [named])
    assert wrong["detail"] == f"Not understood: {named}."
    assert all(isinstance(text, str) for text in wrong["fields"][named])


def test_predict_names_ten_of_many_wrong_fields_in_its_sentence(post):
    wrong = post(*[{}] * 200).json()
    assert wrong["detail"].endswith("texts.9.title and 190 more.")
    assert len(wrong["fields"]) == 200


@pytest.mark.parametrize(
    "body", ["{", "[]", "null", "5", "[" * 9999, b"\xff", "9" * 9999]
)
def test_predict_refuses_a_body_that_is_no_object(post, body):
    assert post(body=body).status_code == 400


def test_predict_refuses_a_body_without_bounds(post):
    body = '{"texts": [{"title": "' + "x" * MAX_BODY_BYTES + '"}]}'
    assert post(body=body).status_code == 413


def test_predict_refuses_a_form(client):
    assert client.post(PATH, {"title": "Rain"}).status_code == 415


@pytest.mark.parametrize("query", ["?limit=1000000", "?mood=%00", "?x=" + "y" * 8000])
def test_predict_names_an_unknown_parameter(post, query):
    response = post(RAIN, path=PATH + query)
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [query[1:].partition("=")[0]]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_predict_answers_nothing_but_post(client, method):
    response = client.generic(method, PATH, b"{}", "application/json")
    assert (response.status_code, response.json()["code"]) == (
        405,
        "method_not_allowed",
    )


@pytest.mark.parametrize("header", ["null", "9f86d081884c7d65", "Token x", "Bearer x"])
def test_authorization_of_the_react_client_does_no_harm(post, header):
    assert post(RAIN, authorization=header).status_code == 200


def test_predict_asks_nobody_who_they_are_and_stores_nothing(make_user, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("mia"))
    headers = {"origin": "https://evil.example"}
    response = client.post(
        PATH, {"texts": [RAIN]}, content_type="application/json", headers=headers
    )
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response
    assert not NewVideo.objects.exists()
    assert not MoodSuggestion.objects.exists()


def test_refused_model_is_a_503_with_a_code(post, monkeypatch):
    def refuse():
        raise files.WrongDigest("SHA-256 abc is not def of /srv/secret")

    monkeypatch.setattr(files, "read_shipped_manifest", refuse)
    response = post(RAIN)
    assert (response.status_code, response.json()["code"]) == (503, "model_refused")
    assert "secret" not in response.text


def test_headers_say_what_is_left(post, settings):
    settings.PREDICTION_LIMITS = {86_400: 2}
    answers = [post(RAIN), post({}), post(RAIN), post(RAIN)]
    assert [answer.status_code for answer in answers] == [200, 400, 429, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0", "0"]
    assert {answer["RateLimit-Limit"] for answer in answers} == {"2"}
    assert 0 < int(answers[0]["RateLimit-Reset"]) <= 86_400
    assert abs(int(answers[3]["Retry-After"]) - int(answers[3]["RateLimit-Reset"])) <= 1


def test_limit_is_that_of_predictions_and_of_one_address(post, settings):
    settings.PREDICTION_LIMITS = {86_400: 1}
    forged = {"x_forwarded_for": "198.51.100.7"}
    assert [post(RAIN).status_code, post(RAIN, **forged).status_code] == [200, 429]
    assert post(RAIN, address="192.0.2.2").status_code == 200
    assert set(RequestCount.objects.values_list("what", flat=True)) == {"prediction"}


def test_page_for_people_has_a_form(client):
    page = client.get(PATH, headers={"accept": "text/html"})
    assert page.status_code == 405
    assert "POST texts" in page.text
    assert 'name="_content"' in page.text
