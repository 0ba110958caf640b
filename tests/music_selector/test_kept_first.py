"""What is kept goes out as Django would answer, and without it."""

import gc
import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from music_selector.wsgi import application
from songs.browse import version
from songs.labelling import record
from songs.models import Mood, MoodLabel
from tests.web.test_access_log import seen
from web import access_log

pytestmark = pytest.mark.usefixtures("one_connection", "db")
PAGE = "/api/videos/?mood=SAD"


def environ_of(path=PAGE, **environ):
    return RequestFactory(HTTP_HOST="localhost").get(path, **environ).environ


def ask(**environ):
    """Asks as gunicorn does; gives the status, the headers and the body."""
    said = []
    answer = application(environ_of(**environ), lambda *args: said.extend(args))
    return said[0], dict(said[1]), b"".join(answer)


def in_progress():
    return access_log.IN_PROGRESS.collect()[0].samples[0].value


@pytest.fixture
def without_django(monkeypatch):
    """From now on nothing but what is kept is answered."""

    def forget_django():
        monkeypatch.setattr(WSGIHandler, "__call__", None)

    return forget_django


@pytest.mark.parametrize("known", [False, True], ids=["200", "304"])
def test_kept_answer_is_what_django_said(make_video, without_django, known):
    make_video()
    headers = {"HTTP_IF_NONE_MATCH": ask()[1]["ETag"]} if known else {}
    status, first, body = ask(**headers)
    without_django()
    again = ask(**headers, HTTP_X_REQUEST_ID="a-1")
    assert status == ("304 Not Modified" if known else "200 OK")
    assert again == (status, first | {"X-Request-ID": "a-1"}, body)


def test_kept_answer_is_counted_and_has_its_line(without_django, caplog):
    caplog.set_level(logging.INFO, logger=access_log.__name__)
    ask()
    before = seen("GET", "/api/videos/", "2xx")
    running = in_progress()
    without_django()
    caplog.clear()
    body = ask()[2]
    (line,) = (r for r in caplog.records if r.name == access_log.__name__)
    assert line.args[:3] == ("GET", "/api/videos/", 200)
    assert line.args[-1] == len(body)
    assert seen("GET", "/api/videos/", "2xx") == before + 1
    assert in_progress() == running


def test_answer_is_new_after_a_change(make_video):
    video = make_video()
    assert video.pk.encode() not in ask()[2]
    record.label(video.pk, Mood.SAD, who="mia", source=MoodLabel.Source.ADMIN)
    assert video.pk.encode() in ask()[2]


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"REQUEST_METHOD": "HEAD"},
        {"path": "/api/videos/?mood=HAPPY"},
    ],
    ids=lambda environ: next(iter(environ)),
)
def test_django_answers_what_may_differ(monkeypatch, environ):
    ask()
    monkeypatch.setattr(WSGIHandler, "__call__", lambda self, *request: [b"Django"])
    assert application(environ_of(**environ), None) == [b"Django"]


def test_django_answers_while_the_database_is_away(monkeypatch):
    ask()
    running = in_progress()
    monkeypatch.setattr(version, "number_at_hand", lambda: None)
    assert ask()[0] == "200 OK"
    assert in_progress() == running


def test_what_the_web_process_has_loaded_is_not_collected_again():
    assert gc.get_freeze_count() > 50_000
