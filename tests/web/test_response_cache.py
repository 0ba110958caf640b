"""Responses come from the cache until the catalogue changes, and are nobody's own."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from songs.labelling import record
from songs.models import Mood, MoodLabel
from tests.waiting import PATIENCE_S
from web import access_log, response_cache
from web.response_cache import ResponseCache

PAGE = "/api/videos/?mood=SAD"
ROUTE = "/api/videos/"


@pytest.fixture
def get(client):
    """Asks as clients do, which name the host."""
    return lambda path=PAGE, **headers: client.get(
        path, headers={"host": "localhost"} | headers
    )


def n_cached():
    return len(cache._cache)


@pytest.mark.parametrize("path", [PAGE, "/api/videos/", "/api/moods/"])
def test_response_is_the_same_the_second_time(get, make_video, path):
    make_video()
    first, second = get(path), get(path)
    assert second.status_code == first.status_code == 200
    assert second.getvalue() == first.getvalue()
    same = {*first.headers} - {"X-Request-ID"}
    assert {n: second[n] for n in same} == {n: first[n] for n in same}


def test_response_costs_one_query_the_second_time(get, db, django_assert_num_queries):
    get()
    with django_assert_num_queries(1) as queries:
        assert get().status_code == 200
    assert "songs_catalogueversion" in queries[0]["sql"]


def test_response_is_new_after_a_change(get, make_video):
    video = make_video()
    assert get().json()["results"] == []
    record.label(video.pk, Mood.SAD, who="mia", source=MoodLabel.Source.ADMIN)
    assert [v["video_id"] for v in get().json()["results"]] == [video.pk]


def test_not_modified_is_cached_too(get, db, django_assert_num_queries):
    tag = get()["ETag"]
    known = {"if-none-match": tag}
    first = get(**known)
    with django_assert_num_queries(1):
        second = get(**known)
    assert (first.status_code, second.status_code) == (304, 304)
    same = {*first.headers, *second.headers} - {"X-Request-ID"}
    assert "Content-Type" not in same
    assert {n: second[n] for n in same} == {n: first[n] for n in same}
    assert get(**{"if-none-match": '"other"'}).status_code == 200


def test_not_modified_is_no_more_after_a_change(get, make_video):
    tag = get()["ETag"]
    known = {"if-none-match": tag}
    assert get(**known).status_code == get(**known).status_code == 304
    make_video()
    assert get(**known).status_code == 200


def test_version_is_asked_once_where_the_client_knows_the_new_one(
    get, make_video, django_assert_num_queries
):
    known = {"if-none-match": get()["ETag"]}
    get(**known)
    make_video()
    known = {"if-none-match": get(**known)["ETag"]}
    with django_assert_num_queries(1):
        assert get(**known).status_code == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "application/json"},
        {"accept-encoding": "gzip"},
        {"origin": "https://evil.example"},
        {"host": "127.0.0.1"},
        {"x-forwarded-proto": "https"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_response_to_other_headers_is_another(get, db, headers):
    get()
    before = n_cached()
    get(**headers)
    assert n_cached() == before + 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (PAGE, {"cookie": "sessionid=abc"}),
        (PAGE, {"authorization": "Bearer x"}),
        (PAGE, {"accept": "text/html"}),
        ("/api/videos/?facets=mood", {}),  # counted for each address
        ("/api/videos/?format=csv&limit=1", {}),
        ("/api/videos/?limit=0", {}),
        ("/api/new-videos/VIDEO000001/", {}),
        ("/api/new-videos/", {}),  # of any length
        ("/", {}),
    ],
)
def test_response_that_may_differ_is_not_cached(get, make_video, path, headers):
    make_video()
    get(path, **headers)
    assert n_cached() == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "sessionid=abc"},
        {"authorization": "Bearer x"},
        {"host": "evil.example"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_cached_response_is_for_no_other_client(get, db, headers):
    first = get()
    cached = cache._cache.copy()
    other = get(**headers)
    assert other["Cache-Control"] != first["Cache-Control"]
    assert cache._cache == cached


def test_host_that_is_not_ours_gets_nothing_cached(get, db):
    get()
    assert get(host="evil.example").status_code == 400


def response_of(version):
    """What a view returns that read this version of the catalogue."""
    response = HttpResponse(str(version))
    response.catalogue_version = version
    return response


def requests(number):
    """As many for the same page, which Django has resolved."""
    made = [RequestFactory(HTTP_HOST="localhost").get(PAGE) for _ in range(number)]
    for request in made:
        request.resolver_match = resolve("/api/videos/")
    return made


def test_response_that_many_wait_for_is_built_once():
    built, versions, slow = [], iter([1, *[2] * 8]), Barrier(8, timeout=PATIENCE_S)

    def version():
        number = next(versions)
        if number == 2:
            slow.wait()  # all have seen the change before one builds the response
        return number

    def view(request):
        built.append(request)
        return response_of(len(built))

    ask, asked = ResponseCache(view), requests(10)
    ask.version = version
    first = [ask(asked.pop()).content, ask(asked.pop()).content]
    with ThreadPoolExecutor(8) as threads:
        answers = [answer.content for answer in threads.map(ask, asked)]
    assert (first, answers, len(built)) == ([b"1"] * 2, [b"2"] * 8, 2)


def test_response_of_a_version_that_came_back_is_built_again():
    versions = iter([2, 1, 1])
    ask = ResponseCache(lambda request: response_of(next(versions)))
    ask.version = lambda: 1  # a backup was restored
    assert [ask(request).content for request in requests(3)] == [b"2", b"1", b"1"]


def test_outage_is_for_the_view_to_find():
    def version():
        raise OperationalError

    ask = ResponseCache(lambda request: response_of(next(numbers)))
    numbers, ask.version = iter([1, 2]), version
    assert [ask(request).content for request in requests(2)] == [b"1", b"2"]


def test_cached_response_has_its_route_in_the_access_log(get, db, caplog):
    caplog.set_level(logging.INFO, logger=access_log.__name__)
    bodies = [get().content, get().content]
    lines = [r.args for r in caplog.records if r.name == access_log.__name__]
    assert [line[:3] for line in lines] == [("GET", ROUTE, 200)] * 2
    assert [line[-1] for line in lines] == [*map(len, bodies)]


def test_long_response_is_not_cached(get, make_video, monkeypatch):
    make_video()
    length = len(get().content)
    assert n_cached() == 1
    cache.clear()
    monkeypatch.setattr(response_cache, "MAX_BYTES", length)
    get()
    assert n_cached() == 0


def test_cache_has_at_most_500_responses():
    for number in range(501):
        cache.set(str(number), response_of(number).content)
    assert 250 < n_cached() <= 500
