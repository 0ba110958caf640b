"""What every test may use: people, videos, and a way to skip without real data."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from songs.models import Mood, NewVideo, Origin
from tests.browser import admin_browser, browser, chromium  # noqa: F401  for all
from tests.google import our_google  # noqa: F401
from web.response_cache import ANSWERS

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser's tests run lines that others have counted, and counting is slow."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture
def real_data() -> Path:
    """The folder of the real 2019 material; skips where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("the real data (../shared/data) is not on this machine")
    return REAL_DATA


@pytest.fixture(autouse=True)
def no_kept_answers() -> None:
    """A test that is rolled back leaves a version that comes back in the next."""
    ANSWERS.forget()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """In-process requests leave the connection, and the test's transaction, alone."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def make_video(db: None) -> Callable[..., NewVideo]:
    """Stores a video; ids count up: VIDEO000001, VIDEO000002, ..."""

    def make(**columns: Any) -> NewVideo:
        number = NewVideo.objects.count() + 1
        columns = {
            "video_id": f"VIDEO{number:06}",
            "video_title": f"Song {number}",
            "video_description": "A calm piano piece, free to use.",
            "origin": Origin.YOUTUBE,
        } | columns
        return NewVideo.objects.create(**columns)

    return make


@pytest.fixture
def admin_client(db: None) -> Client:
    """Signed in as a superuser called `root`."""
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def get_rows(client: Client) -> Callable[[str], list[dict[str, Any]]]:
    """Asks for a list of the API, whose answer is streamed."""
    return lambda path: json.loads(client.get(path).getvalue())


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """A staff user with the named permissions of songs, e.g. "add_newvideo"."""

    def make(name: str, *permissions: str) -> User:
        user = User.objects.create_user(name, is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        return user

    return make


@pytest.fixture
def predicted() -> Callable[..., dict[str, Any]]:
    """The columns of a prediction: one mood's probability, the rest shared out."""

    def columns(mood: str, probability: float) -> dict[str, Any]:
        rest = (1 - probability) / (len(Mood) - 1)
        return {
            "predicted_moods": mood,
            "mood_scores": {m.value: rest for m in Mood} | {mood: probability},
            "predicted_sure": probability >= 0.5,
            "predicted_by": "test-1",
            "predicted_at": timezone.now(),
        }

    return columns
