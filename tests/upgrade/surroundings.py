"""What a process needs so that its answers depend on the stored data alone.

Knows the product by its settings module only: it serves older and newer versions.
"""

import os
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import django
from django.utils import timezone

# Stored digests of addresses and names are keyed with SECRET_KEY, so it is fixed; what
# is empty here keeps a developer's own `.env` out.
VARIABLES = {
    "DJANGO_SETTINGS_MODULE": "music_selector.settings",
    "MOODIBEATS_DEV": "1",
    "SECRET_KEY": "known to everybody: of data that was invented for a test",
    "GOOGLE_CLIENT_ID": "1234-moodi.apps.googleusercontent.com",
    "LASTFM_API_KEY": "0" * 32,
    "LASTFM_API_ENDPOINT": "",
    "DEVELOPER_KEY": "",
    "YOUTUBE_API_ENDPOINT": "",
    "ALLOWED_HOSTS": "testserver",
    "LOG_LEVEL": "ERROR",
    "LOG_FORMAT": "",
    "DEBUG": "",
    "METRICS_TOKEN": "",
    "CORS_ALLOWED_ORIGINS": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "TRUSTED_PROXY_HOPS": "0",
    "ALLOW_YOUTUBE_PLAYER": "",
}
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR")


def variables(data_dir: Path, database_url: str) -> dict[str, str]:
    """The whole environment of a process; an empty URL is the embedded PostgreSQL."""
    inherited = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    own = {"DATA_DIR": str(data_dir), "DATABASE_URL": database_url}
    return inherited | VARIABLES | own


class Clock:
    """What stands in for `timezone.now`: a moment that stays, or goes on from there."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.started: float | None = None

    def start(self) -> None:
        self.started = time.monotonic()

    def __call__(self) -> datetime:
        gone = 0.0 if self.started is None else time.monotonic() - self.started
        return self.at + timedelta(seconds=gone)


def set_up(environment: Mapping[str, str], clock: Clock | None = None) -> None:
    """Start Django in this process, with a clock of ours where one is given.

    The clock comes first: functions of the product have `timezone.now` as a default.
    """
    os.environ.update(environment)
    if clock is not None:
        mock.patch.object(timezone, "now", clock).start()
    django.setup()
