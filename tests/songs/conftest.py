"""A sandbox YouTube of a known size, and people who label: in a browser, and without one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

import sandbox
from sandbox import Server
from songs.labelling import record
from songs.models import Mood, MoodModel, SearchProfile
from tests.songs.admin.labelling.labelling_page import JSON, PAGE
from tests.songs.labeller import Labeller
from tests.songs.sandboxed import write_catalogue


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A sandbox with 180 videos: three pages of 50 and one of 30."""
    with sandbox.serve(catalogue=write_catalogue(tmp_path, videos=180)) as server:
        yield server


@pytest.fixture
def profile(db: None) -> SearchProfile:
    """The only profile that is enabled."""
    SearchProfile.objects.exclude(name="instrumental").update(enabled=False)
    return SearchProfile.objects.get(name="instrumental")


@pytest.fixture
def open_page(admin_browser):
    """Opens the page in an order and sits somebody down before it."""

    def visit(order="newest"):
        person = Labeller(admin_browser(f"{PAGE}?order={order}"))
        person.wait(lambda: person.find("#undo").get_property("hidden") is False)
        return person

    return visit


@pytest.fixture
def sign_in_again(browser, admin_client):
    """Signs in as in another tab, after the session has ended."""

    def sign_in(who="root"):
        admin_client.force_login(User.objects.get(username=who))
        name = settings.SESSION_COOKIE_NAME
        value = admin_client.cookies[name].value
        browser.add_cookie({"name": name, "value": value})

    return sign_in


@pytest.fixture
def say(admin_client):
    """Answers as the script does; returns the response."""

    def post(video, word, *, seen="none", order="newest", **more):
        fields = {"video": video.pk, "say": word, "seen": seen} | more
        return admin_client.post(f"{PAGE}?order={order}", fields, **JSON)

    return post


@pytest.fixture
def doubted(make_video):
    """A video that Ada finds sad, and models that have not seen it happy."""
    video = make_video()
    record.label(video.pk, "SAD", who="ada", source="admin")
    scores = dict.fromkeys(Mood.values, 0.02) | {"HAPPY": 0.9}
    now = timezone.now()
    MoodModel.objects.create(
        version="v", recipe="r", created=now, live=True, promoted=now,
        manifest={"metrics": {}}, content=b"", held_out={video.pk: scores},
    )  # fmt: skip
    return video
