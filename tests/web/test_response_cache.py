"""Answers are given again until the catalogue changes, and to nobody in particular."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from songs.browse import version as versions
from songs.labelling import record
from songs.models import Mood, MoodLabel
from tests.waiting import PATIENCE_S
from web import response_cache
from web.response_cache import ANSWERS, Answer, Answers, KeptAnswers

PAGE = "/api/videos/?mood=SAD"


@pytest.fixture
def get(client):
    """Asks as clients do, which name the host."""
    return lambda path=PAGE, **headers: client.get(
        path, headers={"host": "localhost"} | headers
    )


def answer(size):
    return Answer(1, 200, {}, b"x" * (size - response_cache.BESIDE_ITS_BODY), None)


@pytest.mark.parametrize("path", [PAGE, "/api/videos/", "/api/moods/"])
def test_answer_is_the_same_the_second_time(get, make_video, path):
    make_video()
    first, second = get(path), get(path)
    assert second.status_code == first.status_code == 200
    assert second.getvalue() == first.getvalue()
    same = {*first.headers} - {"X-Request-ID"}
    assert {n: second[n] for n in same} == {n: first[n] for n in same}


def test_answer_costs_one_query_the_second_time(get, db, django_assert_num_queries):
    get()
    with django_assert_num_queries(1):
        assert get().status_code == 200


def test_answer_is_new_after_a_change(get, make_video):
    video = make_video()
    assert get().json()["results"] == []
    record.label(video.pk, Mood.SAD, who="mia", source=MoodLabel.Source.ADMIN)
    assert [v["video_id"] for v in get().json()["results"]] == [video.pk]


def test_not_modified_is_kept_too(get, db, django_assert_num_queries):
    tag = get()["ETag"]
    known = {"if-none-match": tag}
    first = get(**known)
    with django_assert_num_queries(1):
        second = get(**known)
    assert (first.status_code, second.status_code) == (304, 304)
    assert second["ETag"] == tag
    assert get(**{"if-none-match": '"other"'}).status_code == 200


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
def test_answer_to_other_headers_is_another(get, db, headers):
    get()
    before = len(ANSWERS)
    get(**headers)
    assert len(ANSWERS) == before + 1


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
def test_answer_that_may_differ_is_not_kept(get, make_video, path, headers):
    make_video()
    get(path, **headers)
    assert len(ANSWERS) == 0


def test_answer_that_many_wait_for_is_made_once(monkeypatch):
    made, version, slow = [], iter([1, *[2] * 8]), Barrier(8, timeout=PATIENCE_S)

    def number():
        asked = next(version)
        if asked == 2:
            slow.wait()  # all have seen the change before one makes the answer
        return asked

    def make(request):
        made.append(request)
        response = HttpResponse(str(len(made)))
        response.catalogue_version = len(made)
        return response

    monkeypatch.setattr(versions, "number", number)
    ask = KeptAnswers(make)
    asked = [RequestFactory(HTTP_HOST="localhost").get(PAGE) for _ in range(10)]
    first = [ask(asked.pop()).content, ask(asked.pop()).content]
    with ThreadPoolExecutor(8) as threads:
        answers = [answer.content for answer in threads.map(ask, asked)]
    assert (first, answers, len(made)) == ([b"1"] * 2, [b"2"] * 8, 2)


def test_host_that_is_not_ours_gets_nothing_kept(get, db):
    get()
    assert get(host="evil.example").status_code == 400


def test_outage_is_for_the_view_to_find(get, db, monkeypatch):
    get()

    def away():
        raise OperationalError

    monkeypatch.setattr(versions, "number", away)
    assert get().status_code == 200  # the view asks for the version with its date


def test_kept_answer_has_its_route_in_the_log(get, db, caplog):
    get(), get()
    lines = [r for r in caplog.records if r.name == "web.access_log"]
    assert [line.args[1] for line in lines] == ["/api/videos/", "/api/videos/"]


def test_answers_longest_unasked_go_when_there_is_no_room(monkeypatch):
    monkeypatch.setattr(response_cache, "MOST_BYTES", 10_000)
    answers = Answers()
    answers.keep(("a",), answer(4_000))
    answers.keep(("b",), answer(4_000))
    answers.get(("a",))
    answers.keep(("c",), answer(4_000))
    assert [bool(answers.get((name,))) for name in "abc"] == [True, False, True]


def test_answer_kept_twice_takes_its_room_once(monkeypatch):
    monkeypatch.setattr(response_cache, "MOST_BYTES", 10_000)
    answers = Answers()
    for _ in range(5):
        answers.keep(("a",), answer(6_000))
    answers.keep(("b",), answer(4_000))
    assert len(answers) == 2


def test_long_answer_is_not_kept(get, make_video, monkeypatch):
    make_video()
    monkeypatch.setattr(response_cache, "MOST_OF_ONE", 10)
    get()
    assert len(ANSWERS) == 0
