"""The front end of 2019 works unchanged.

Its requests, as axios 0.18 and the Chrome of that year write them, are replayed; and
a page that asks in its order is driven in a browser, from an origin of its own.
"""

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import brotli
import pytest
from django.core.signals import request_started
from django.utils import timezone
from selenium.webdriver.common.by import By

from accounts.models import Account
from songs.models import Comment, MoodSuggestion
from tests.browser import wait
from tests.google import id_token

HERE = Path(__file__).parent / "client_2019"
ORIGIN = "https://player.example"
FIELDS = {
    "/api/new-videos/": {"video_id", "video_title", "moods"},
    "/api/new-videos-thumbnails/": {"video_id", "video_thumbnail"},
    "/api/predictions/": {"video_id", "video_title", "predicted_moods"},
    "/api/new-videos-moods/": {"video_id", "video_title", "correct_moods"},
    "/api/new-videos-stats/": {
        "video_id",
        "video_view_count",
        "video_like_count",
        "new_video",
    },
    "/api/new-comments/": {"video_id", "comments"},
}


class Recorded(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: str

    @classmethod
    def read(cls, text):
        head, _, body = text.partition("\n\n")
        _, first, *lines = head.splitlines()
        method, path, _ = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        return cls(method, path, headers, body.strip())

    @property
    def url(self):
        """The path as the contract writes it."""
        return self.path.partition("?")[0]


def recorded(*methods):
    blocks = (HERE / "requests.http").read_text().split("###")[1:]
    requests = [(block.splitlines()[0].strip(), block) for block in blocks]
    read = [(name, Recorded.read(block)) for name, block in requests]
    return [pytest.param(one, id=name) for name, one in read if one.method in methods]


@pytest.fixture
def videos(make_video, predicted):
    """One of the two has a prediction, a thumbnail and a comment."""
    video = make_video(
        video_thumbnail="https://i.ytimg.com/vi/x/mqdefault.jpg",
        published_at=timezone.now(),
        **predicted("CONFIDENT-SASSY", 0.7),
    )
    make_video()
    now = timezone.now()
    Comment.objects.create(pk="c1", video=video, text="Nice", fetched_at=now)


@pytest.fixture
def replay(client, settings, videos):
    """Sends a recorded request, from the page's origin."""
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]

    def send(request):
        data = request.body.encode()
        kind = request.headers.get("Content-Type", "")
        return client.generic(
            request.method, request.path, data, kind, headers=request.headers
        )

    return send


def body(response):
    sent = response.getvalue()
    packed = response.get("Content-Encoding") == "br"
    return json.loads(brotli.decompress(sent) if packed else sent)


@pytest.mark.parametrize("request_of_2019", recorded("GET"))
def test_recorded_read_gets_a_bare_array_or_the_video(replay, request_of_2019):
    response = replay(request_of_2019)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    answer = body(response)
    if request_of_2019.url not in FIELDS:
        assert answer["video_id"] == "VIDEO000001"
        return
    assert isinstance(answer, list)
    assert all(FIELDS[request_of_2019.url] <= set(row) for row in answer)


@pytest.mark.parametrize("request_of_2019", recorded("OPTIONS"))
def test_recorded_preflight_allows_what_it_asks_for(replay, request_of_2019):
    response = replay(request_of_2019)
    asked = request_of_2019.headers
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    methods = response["Access-Control-Allow-Methods"].split(", ")
    assert asked["Access-Control-Request-Method"] in methods
    headers = response["Access-Control-Allow-Headers"].split(", ")
    assert asked["Access-Control-Request-Headers"] in headers


@pytest.mark.parametrize("request_of_2019", recorded("POST"))
def test_recorded_suggestion_is_kept(replay, request_of_2019):
    response = replay(request_of_2019)
    assert response.status_code == 201
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert MoodSuggestion.objects.count() == 1


@pytest.mark.parametrize("request_of_2019", recorded("GET", "POST"))
def test_recorded_request_is_answered_without_its_slash_too(replay, request_of_2019):
    path = request_of_2019.path.replace("/?", "?").rstrip("/")
    response = replay(request_of_2019._replace(path=path))
    assert response.status_code in (200, 201)


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Nothing: the output of a test is its failures."""


@pytest.fixture
def page(settings):
    """The address of the stand-in page, on an origin of its own that may ask."""
    files = partial(QuietFiles, directory=HERE)
    server = ThreadingHTTPServer(("127.0.0.1", 0), files)
    origin = f"http://127.0.0.1:{server.server_port}"
    settings.CORS_ALLOWED_ORIGINS = [origin]
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"{origin}/page.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked():
    """What the API was asked: method, path and `Authorization`, in order."""
    seen = []

    def note(environ, **kwargs):
        names = ("REQUEST_METHOD", "PATH_INFO", "HTTP_AUTHORIZATION")
        seen.append(tuple(environ.get(name) for name in names))

    request_started.connect(note)
    yield seen
    request_started.disconnect(note)


@pytest.fixture
def opened(browser, live_server, page, videos):
    """The page in a browser, once it has loaded its lists from the API."""
    browser.get(f"{page}?api={live_server.url}&google={id_token()}")
    return waiting(browser, "state", "load")


def waiting(browser, element, *texts):
    """Waits until the element says one of the texts, or something that begins so."""
    wait(
        browser,
        lambda: (
            browser.find_element(By.ID, element).text.startswith(texts)
            and browser.find_element(By.ID, element).text != "loading"
        ),
    )
    return browser


def test_page_from_another_origin_loads_thumbnails_list_and_predictions(asked, opened):
    assert opened.find_element(By.ID, "state").text == "loaded"
    lines = [line.text for line in opened.find_elements(By.TAG_NAME, "li")]
    picture = "https://i.ytimg.com/vi/x/mqdefault.jpg"
    assert lines == [f"Song 1 | {picture} | confident-sassy", "Song 2 | |"]
    assert asked == [
        ("GET", "/api/new-videos-thumbnails/", None),
        ("OPTIONS", "/api/new-videos/", None),
        ("GET", "/api/new-videos/", "null"),
        ("OPTIONS", "/api/predictions/", None),
        ("GET", "/api/predictions/", "null"),
    ]
    assert opened.get_log("browser") == []


def test_page_from_another_origin_suggests_a_mood(asked, opened):
    opened.find_element(By.ID, "suggest").click()
    waiting(opened, "suggested", "201")
    assert MoodSuggestion.objects.get().mood == "CONFIDENT-SASSY"
    assert ("OPTIONS", "/api/new-videos-moods/", None) in asked


def test_storm_of_the_page_is_answered_whole_and_mostly_by_the_browser(asked, opened):
    opened.find_element(By.ID, "storm").click()
    waiting(opened, "stormed", "120 of 120")
    assert len([one for one in asked if one[0] == "GET"]) < 60
    assert opened.get_log("browser") == []


def test_listener_of_the_page_signs_in_and_keeps_a_playlist(our_google, asked, opened):
    opened.find_element(By.ID, "listen").click()
    waiting(opened, "listened", "Mia")
    assert opened.find_element(By.ID, "listened").text == "Mia M. had VIDEO000002"
    lines = [line.text for line in opened.find_elements(By.CSS_SELECTOR, "#journey li")]
    assert lines == [
        *("POST 201", "GET 200", "PUT 200", "POST 201", "GET 200"),
        *("POST 201", "POST 201", "GET 200"),
        "PUT 401",  # of 2019: without a token, and ignored
        *("DELETE 204", "GET 200", "GET 200", "DELETE 204"),
    ]
    methods = {method for method, path, _ in asked if "/user" in path}
    assert methods == {"OPTIONS", "GET", "POST", "PUT", "DELETE"}
    assert not Account.objects.exists()


def test_page_of_an_origin_that_is_not_configured_reads_nothing(
    browser, live_server, page, videos, settings
):
    settings.CORS_ALLOWED_ORIGINS = []
    browser.get(f"{page}?api={live_server.url}")
    waiting(browser, "state", "Network Error")
