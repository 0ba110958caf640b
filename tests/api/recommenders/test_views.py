"""`/api/recommenders/`: what is asked, who may see it, what is answered and kept."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Scope
from api.recommenders.serializers import (
    CleanedSerializer,
    ItemStatisticsSerializer,
    RecommendedSerializer,
    RecommenderDetailSerializer,
    SimilarItemsSerializer,
)
from recommenders.answers import artists
from recommenders.models import Recommender
from sandbox import lastfm
from tests.recommenders.plays import CALM, LOUD

PATH = "/api/recommenders/two-tastes/"
SIMILAR = f"{PATH}similar/?item=Hush"
TASTE = {"items": ["hush", "Kelp", "Moss"], "disliked": ["Flint"]}
READS = [
    SIMILAR,
    f"{PATH}recommend/?for=listener1",
    f"{PATH}suggest/?q=hu",
    f"{PATH}statistics/",
    PATH,
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(trained):
    trained.shared = True
    trained.save()
    return trained


@pytest.fixture
def post():
    def send(route, body, **headers):
        client = Client(enforce_csrf_checks=True)
        kind = "application/json"
        return client.post(f"{PATH}{route}/", body, content_type=kind, headers=headers)

    return send


@pytest.mark.parametrize("authorization", ["", "null", "9f86d081884c7d65"])
@pytest.mark.parametrize("n", [3, 7])
def test_similar_items_come_with_what_stands_behind_them(
    client, shared, authorization, n
):
    response = client.get(f"{SIMILAR}&n={n}", headers={"authorization": authorization})
    body = response.json()
    assert (response.status_code, len(body["results"])) == (200, n)
    assert set(body) == set(SimilarItemsSerializer().fields)
    assert {found["name"] for found in body["results"]} < {*CALM}
    assert body["item"]["name"] == "Hush"
    assert "listeners" in body["closeness_is"]
    assert body["doubts"] == []


def test_every_route_answers_without_its_slash(client, shared, post):
    for path in READS:
        bare = "?".join(part.rstrip("/") for part in path.split("?"))
        assert client.get(bare).status_code == 200, bare
    bare = client.post(f"{PATH}recommend", TASTE, content_type="application/json")
    assert bare.status_code == 200


def test_every_route_can_be_looked_at_in_a_browser(client, shared):
    for path in (*READS, "/api/recommenders/", f"{PATH}clean/"):
        page = client.get(path, headers={"accept": "text/html"})
        assert page["Content-Type"].startswith("text/html"), path
        assert page.status_code == (405 if "clean" in path else 200)


@pytest.mark.parametrize("text", ["HUSH", "  hush ", "the hush", "h.u.s.h"])
def test_names_are_found_however_they_are_typed(client, shared, text):
    body = client.get(f"{PATH}similar/", {"item": text}).json()
    assert body["item"]["id"] == "Hush"


@pytest.mark.parametrize(
    "text",
    ["Brass Mortar", "🦄", "' OR 1=1", "(a+)+$", "x" * 5000],
    ids=lambda text: str(len(text)),
)
def test_unknown_names_are_404_with_a_body(client, shared, text):
    for path, name in (("similar", "item"), ("recommend", "for")):
        response = client.get(f"{PATH}{path}/", {name: text})
        body = response.json()
        assert (response.status_code, body["code"]) == (404, "unknown_name")
        assert len(body["detail"]) < 300
        assert isinstance(body["suggestions"], list)


def test_unknown_name_comes_with_the_likest_first(client, shared):
    body = client.get(f"{PATH}similar/?item=Brass Mortar").json()
    assert body["suggestions"][0]["name"] == "The Brass Motor"
    assert body["detail"] == "No artist is called “Brass Mortar” here."


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("similar/", "item"),
        ("similar/?item=", "item"),
        ("similar/?item=%00", "item"),
        ("similar/?item=a&id=b", "item"),
        ("similar/?item=Hush&n=0", "n"),
        ("similar/?item=Hush&n=51", "n"),
        ("similar/?item=Hush&n=-1", "n"),
        ("similar/?item=Hush&x=1", "x"),
        ("similar/?item=Hush&item=Kelp", "item"),
        ("similar/?item=" + "x" * 7000, "item"),
        ("recommend/", "for"),
        ("recommend/?for=listener1&n=x", "n"),
        ("suggest/?q=", "q"),
        ("suggest/?q=h&of=us", "of"),
        ("statistics/?by=mood", "by"),
        ("statistics/?n=101", "n"),
        ("?x=1", "x"),
    ],
    ids=map(str, range(17)),
)
def test_bad_parameters_are_named(client, shared, query, name):
    response = client.get(f"{PATH}{query}")
    assert (response.status_code, [*response.json()["fields"]]) == (400, [name])


def test_recommend_leaves_out_what_somebody_knows(client, shared):
    body = client.get(f"{PATH}recommend/?for=LISTENER1&n=2").json()
    known = {item["name"] for item in body["known"]}
    assert set(body) == set(RecommendedSerializer().fields)
    assert (body["who"], body["n_known"]) == ("listener1", 6)
    assert {found["name"] for found in body["results"]} == {*CALM} - known
    assert body["results"][0]["because"][0]["name"] in known


def test_recommend_for_likes_and_dislikes_needs_no_account(post, shared):
    response = post("recommend", TASTE | {"n": 5})
    body = response.json()
    found = {one["name"] for one in body["results"]}
    assert response.status_code == 200
    assert found == {*CALM} - {"Hush", "Kelp", "Moss"}
    assert (body["who"], body["n_known"], body["doubts"]) == (None, 4, [])
    assert response["Cache-Control"] == "private, no-store"


def test_recommend_for_names_what_it_does_not_know(post, shared):
    body = post("recommend", {"items": ["Hush", "Juniperr"]}).json()
    assert body["unknown"][0]["name"] == "Juniperr"
    assert body["unknown"][0]["suggestions"][0]["name"] == "Juniper"
    assert {caveat["code"] for caveat in body["doubts"]} == {
        "few_likes",
        "unknown_names",
    }
    response = post("recommend", {"items": ["Juniperr"]})
    assert (response.status_code, response.json()["code"]) == (404, "unknown_name")


def test_clean_takes_out_what_they_would_hate_and_never_all_in_silence(post, shared):
    body = post("clean", TASTE | {"items": ["Inlet", "Cráter"], "liked": ["Hush"]})
    body = body.json()
    assert set(body) == set(CleanedSerializer().fields)
    assert body["kept"] == ["Inlet"]
    assert body["entries"][1]["fate"] == "closer_to_dislikes"
    assert body["entries"][1]["because"][0]["name"] == "Flint"

    emptied = post("clean", {"items": [*LOUD], "disliked": ["Flint"]}).json()
    assert len(emptied["kept"]) == len(LOUD) - 1
    assert "nothing_left" in {caveat["code"] for caveat in emptied["doubts"]}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, "items"),
        ({"items": "Hush"}, "items"),
        ({"items": [7]}, "items.0"),
        ({"items": [None]}, "items.0"),
        ({"items": ["a\0"]}, "items.0"),
        ({"items": ["x" * 1001]}, "items.0"),
        ({"items": ["x"] * 501}, "items"),
    ],
    ids=map(str, range(7)),
)
def test_bad_bodies_are_named(post, shared, body, name):
    for route in ("recommend", "clean"):
        response = post(route, body)
        assert (response.status_code, [*response.json()["fields"]]) == (400, [name])


def test_suggest_completes_names_of_items_and_of_who(client, shared):
    (found,) = client.get(f"{PATH}suggest/?q=cra&n=1").json()["results"]
    assert (found["name"], found["listeners"] > 10) == ("Cráter", True)
    who = client.get(f"{PATH}suggest/?q=listener5&of=who&n=2").json()["results"]
    assert len(who) == 2


@pytest.mark.parametrize("by", ["plays", "average", "listeners"])
def test_statistics_are_tops_and_distributions(client, shared, by):
    body = client.get(f"{PATH}statistics/?by={by}&n=4").json()
    assert set(body) == set(ItemStatisticsSerializer().fields)
    figures = [item[by] for item in body["top"]]
    assert figures == sorted(figures, reverse=True) and len(figures) == 4
    assert sum(one["items"] for one in body["distribution"]) == 16


def test_recommender_shows_its_figures_beside_popularity(client, shared):
    body = client.get(PATH).json()
    assert set(body) == set(RecommenderDetailSerializer().fields)
    model = body["model"]
    assert model["figures"]["ndcg"] > model["popularity"]["ndcg"]
    assert (model["rows"], model["split_seed"]) == (360, 0)
    assert model["promoted_because"].startswith("the first version")
    assert body["links"]["similar"].endswith(f"{PATH}similar/")


def test_private_recommender_is_seen_by_its_owner_alone(client, trained, owner):
    other = Client()
    other.force_login(owner)
    for path in READS:
        assert client.get(path).status_code == 404, path
        mine = other.get(path)
        assert (mine.status_code, mine["Cache-Control"]) == (200, "private, no-store")
    assert client.get("/api/recommenders/").json() == {"results": []}
    (listed,) = other.get("/api/recommenders/").json()["results"]
    assert (listed["slug"], listed["shared"]) == ("two-tastes", False)


def test_post_of_somebody_signed_in_needs_the_csrf_token(trained, owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    refused = client.post(f"{PATH}recommend/", TASTE, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def test_token_reads_and_needs_its_scope_to_send_likes(post, shared, make_token):
    bare, scoped = make_token(), make_token(Scope.PREDICT, name="tv")
    for token, status in ((bare, 403), (scoped, 200)):
        said = post("recommend", TASTE, authorization=f"Bearer {token}")
        assert said.status_code == status
    read = Client().get(SIMILAR, headers={"authorization": f"Bearer {bare}"})
    assert read.status_code == 200


def test_same_answer_is_304_and_anybodys_cache_may_keep_it(client, shared):
    for path in (*READS, "/api/recommenders/"):
        first = client.get(path)
        assert first["Cache-Control"].startswith("public, max-age=10"), path
        again = client.get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_untrained_recommender_is_409(client, make_recommender):
    make_recommender()
    Recommender.objects.update(shared=True)
    response = client.get(SIMILAR)
    assert (response.status_code, response.json()["code"]) == (409, "not_trained")
    body = client.get(PATH).json()
    assert (body["model"], body["n_items"]) == (None, None)


def test_damaged_recommender_is_503_without_where_its_files_are(client, shared):
    version = shared.versions.get()
    (version.folder / "totals.npy").unlink()
    response = client.get(SIMILAR)
    assert response.status_code == 503
    assert response.json()["code"] == "recommender_damaged"
    assert str(version.folder) not in response.text


def test_unknown_recommender_is_404(client):
    response = client.get("/api/recommenders/nobody/similar/?item=x")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_list_is_as_many_queries_whatever_is_listed(client, shared, make_recommender):
    with CaptureQueriesContext(connection) as one:
        client.get("/api/recommenders/")
    make_recommender(name="Second")
    make_recommender(name="Third")
    Recommender.objects.update(shared=True)
    with CaptureQueriesContext(connection) as three:
        assert len(client.get("/api/recommenders/").json()["results"]) == 3
    assert len(one) == len(three) <= 3


def test_question_is_a_few_queries(client, shared):
    with CaptureQueriesContext(connection) as queries:
        client.get(SIMILAR)
    assert len(queries) <= 3


def test_address_asks_so_many_questions(client, post, shared, settings):
    settings.COSTLY_READ_LIMITS = {60: 2}
    assert client.get(SIMILAR).status_code == 200
    assert post("recommend", TASTE).status_code == 200
    refused = client.get(SIMILAR)
    assert (refused.status_code, refused["RateLimit-Remaining"]) == (429, "0")
    assert client.get(f"{PATH}suggest/?q=h").status_code == 200


@pytest.mark.parametrize("fault", [None, "down", "rateLimited", "unknown", "script"])
def test_artists_come_whatever_lastfm_does(client, shared, settings, fault):
    Recommender.objects.update(ask_lastfm=True)
    settings.LASTFM_API_KEY = "0123456789abcdef0123456789abcdef"
    with lastfm.serve(faults=[fault] if fault else []) as server:
        settings.LASTFM_API_ENDPOINT = server.url
        first = client.get(SIMILAR).json()
        try:
            artists.fetch_wanted(sleep=lambda seconds: None)
        except artists.LastfmError:
            assert fault in ("down", "rateLimited")
        then = client.get(SIMILAR).json()
    assert len(first["results"]) == len(then["results"]) == 7
    assert {found["profile"] for found in first["results"]} == {None}
    biographies = [
        found["profile"]["biography"] for found in then["results"] if found["profile"]
    ]
    assert len(biographies) == (7 if fault in (None, "script") else 0)
    assert not any("<script" in text or "onerror" in text for text in biographies)


def test_private_names_are_not_sent_to_lastfm_unless_the_owner_says_so(
    client, shared, settings
):
    settings.LASTFM_API_KEY = "0123456789abcdef0123456789abcdef"
    with lastfm.serve() as server:
        settings.LASTFM_API_ENDPOINT = server.url
        client.get(SIMILAR)
        assert artists.fetch_wanted() == 0
