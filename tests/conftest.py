"""What every test may use: people, videos, and a way to skip without real data."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from songs import metrics
from songs.browse import queries
from songs.models import Mood, NewVideo, Origin
from tests.browser import admin_browser, browser, chromium  # noqa: F401  for all
from tests.google import our_google  # noqa: F401
from tests.processes import IGNORED_BY_SOME, Start, python
from tests.quick_flush import quick_flush  # noqa: F401
from tests.waiting import PATIENCE_S
from web import admin, rate_limits

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
def empty_response_cache() -> None:
    """A test that is rolled back leaves a version that comes back in the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def same_signals() -> Iterator[None]:
    """A test that leaves another handler would have its neighbours fail."""
    before = {signum: signal.getsignal(signum) for signum in IGNORED_BY_SOME}
    yield
    left = {n: now for n in before if (now := signal.getsignal(n)) != before[n]}
    for signum in left:
        signal.signal(signum, before[signum])
    assert not left


@pytest.fixture(autouse=True)
def bound_queries(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Cuts the queries of readers off after so many milliseconds.

    Until a test calls it they have all the time that a busy machine needs.
    """

    def bound(timeout_ms: int) -> None:
        for module in (queries, metrics):
            usual = r"(?<='statement_timeout', ')\d+"
            bounded, n_found = re.subn(usual, str(timeout_ms), module.BOUNDED)
            assert n_found == 1
            monkeypatch.setattr(module, "BOUNDED", bounded)
        monkeypatch.setattr(admin, "COUNT_MS", timeout_ms)

    bound(1000 * PATIENCE_S)
    return bound


@pytest.fixture
def start_python() -> Iterator[Start]:
    """Starts Python with the arguments given; ends what is left after the test."""
    with ExitStack() as stack:
        yield lambda *arguments, **options: stack.enter_context(
            python(*arguments, **options)
        )


@pytest.fixture
def one_connection() -> Iterator[None]:
    """In-process requests leave the connection, and the test's transaction, alone."""
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    yield
    for each in signals:
        each.connect(close_old_connections)


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


@pytest.fixture(autouse=True)
def nobody_is_refused_yet() -> Iterator[None]:
    """What this process remembers of those who asked too often, forgotten."""
    rate_limits.refused.clear()
    yield
    rate_limits.refused.clear()
