"""`/api/videos/{id}/similar/`: what is asked, what is answered, and what may be kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.similar.serializers import SimilarVideoSerializer
from songs.models import NewVideo
from songs.similar import embeddings, pgvector
from songs.similar import query as similar
from tests.songs.alike import alike, gone

PATH = "/api/videos/VIDEO000001/similar/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def piano(make_video, predicted):
    found = alike(make_video, "piano", "rain", **predicted("SAD", 0.6))
    embeddings.embed_pending()
    return found


@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")])
@pytest.mark.parametrize("authorization", ["", "null", "9f86d081884c7d65"])
def test_similar_videos_come_with_what_they_are_and_why(
    client, piano, path, authorization
):
    response = client.get(path, headers={"authorization": authorization})
    body = response.json()
    assert (response.status_code, body["video_id"]) == (200, "VIDEO000001")
    assert len(body["results"]) == 10
    first = body["results"][0]
    assert set(first) == set(SimilarVideoSerializer().fields)
    assert first["why"] == {"words": ["piano", "rain"], "mood_closeness": 1.0}
    assert 0.5 < first["similarity"] <= 1
    assert first["moods"] == "SAD"


def test_n_is_how_many_at_most(client, piano):
    assert len(client.get(f"{PATH}?n=3").json()["results"]) == 3
    assert len(client.get(f"{PATH}?n=50").json()["results"]) == 11


@pytest.mark.parametrize(
    ("query", "name"),
    [("n=0", "n"), ("n=51", "n"), ("n=x", "n"), ("n=1&n=2", "n"), ("mood=SAD", "mood")],
)
def test_bad_parameters_are_named(client, piano, query, name):
    response = client.get(f"{PATH}?{query}")
    assert (response.status_code, [*response.json()["fields"]]) == (400, [name])


def test_similar_is_as_many_queries_whatever_is_found(client, piano):
    with CaptureQueriesContext(connection) as one:
        client.get(f"{PATH}?n=1")
    with CaptureQueriesContext(connection) as ten:
        client.get(f"{PATH}?n=10")
    assert len(one) == len(ten) <= 12


def test_same_answer_is_304(client, piano):
    tag = client.get(PATH)["ETag"]
    again = client.get(PATH, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    NewVideo.objects.filter(pk="VIDEO000002").update(**gone())
    assert client.get(f"{PATH}?n=50").status_code == 200
    changed = client.get(PATH, headers={"if-none-match": tag})
    assert "VIDEO000002" not in changed.text


def test_video_that_is_gone_is_410_and_an_unknown_one_404(client, piano):
    NewVideo.objects.filter(pk="VIDEO000001").update(**gone())
    response = client.get(PATH)
    assert (response.status_code, response.json()["code"]) == (410, "gone")
    unknown = client.get("/api/videos/NOSUCHVIDEO/similar/")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


def test_video_that_was_not_compared_is_409(client, piano, make_video):
    new = make_video(video_title="New")
    response = client.get(f"/api/videos/{new.pk}/similar/")
    assert (response.status_code, response.json()["code"]) == (409, "not_compared")


def test_without_the_extension_it_is_503_and_the_rest_answers(
    client, piano, monkeypatch
):
    monkeypatch.setattr(pgvector, "EXTENSION", "not_on_this_server")
    response = client.get(PATH)
    assert response.status_code == 503
    assert response.json()["code"] == "similar_unavailable"
    assert client.get("/api/videos/VIDEO000001/").status_code == 200


def test_search_that_takes_too_long_is_503(client, piano, monkeypatch, bound_queries):
    monkeypatch.setattr(similar, "NEAR", "SELECT pg_sleep(10000), 1 {others}")
    bound_queries(20)
    response = client.get(PATH)
    assert (response.status_code, response.json()["code"]) == (503, "too_slow")
    assert response["Retry-After"]
