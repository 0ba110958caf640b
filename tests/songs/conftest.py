"""A sandbox YouTube whose size tests can count on, and somebody at the labelling page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User

import sandbox
from sandbox import Server
from songs.models import SearchProfile
from tests.songs.labeller import PAGE, Labeller
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
