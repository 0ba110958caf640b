"""What the environment makes of the settings: read anew here, and by real processes."""

import os
import runpy
from unittest import mock

import pytest
from django.core.checks import run_checks

from tests.environment import ROOT, environment
from tests.processes import output_of, run_python

PRODUCTION = environment(
    MOODIBEATS_DEV=None,
    SECRET_KEY="k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    ALLOWED_HOSTS="music.example.org",
    DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing",
)

JUDGED = ("ENVIRONMENT", "CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS")  # by checks


def production(variables):
    """The environment of production with `variables` changed."""
    return {k: v for k, v in (PRODUCTION | variables).items() if v is not None}


def manage(*arguments, **variables):
    """Run manage.py in the environment of production with `variables` changed."""
    return run_python("manage.py", *arguments, env=production(variables))


def test_check_deploy_is_clean_in_production():
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.fixture
def complaints(settings):
    """What the checks say of settings read from the environment of production."""

    def read(variables):
        with mock.patch.dict(os.environ, production(variables), clear=True):
            module = runpy.run_path(str(ROOT / "music_selector" / "settings.py"))
        for name in JUDGED:
            setattr(settings, name, module[name])
        return "\n".join(map(str, run_checks()))

    return read


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": "mysql://a@b/c"}, "DATABASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://a@b"}, "DATABASE_URL"),
        (
            {"MOODIBEATS_DEV": "1", "SECRET_KEY": None, "DATA_DIR": "/dev/null/a"},
            "DATA_DIR",
        ),
        ({"ALLOWED_HOSTS": "https://music.example.org"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "a.org b.org"}, "ALLOWED_HOSTS"),
        ({"DEVELOPER_KEY": "my key"}, "DEVELOPER_KEY"),
        ({"GOOGLE_CLIENT_ID": "my client"}, "GOOGLE_CLIENT_ID"),
        ({"YOUTUBE_API_ENDPOINT": "nonsense"}, "YOUTUBE_API_ENDPOINT"),
        ({"YOUTUBE_API_ENDPOINT": "http://a.org"}, "YOUTUBE_API_ENDPOINT"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"TRUSTED_PROXY_HOPS": "some"}, "TRUSTED_PROXY_HOPS"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
        ({"METRICS_TOKEN": "too short"}, "METRICS_TOKEN"),
        ({"METRICS_TOKEN": "long but with blanks in it"}, "METRICS_TOKEN"),
        ({"CSRF_TRUSTED_ORIGINS": "music.example.org"}, "CSRF_TRUSTED_ORIGINS"),
        ({"YOUTUBE_DAILY_SEARCHES": "-1"}, "YOUTUBE_DAILY_SEARCHES"),
        ({"CORS_ALLOWED_ORIGINS": "music.example.org"}, "CORS_ALLOWED_ORIGINS"),
    ],
    ids=str,
)
def test_check_names_what_is_missing_or_wrong(complaints, variables, words):
    assert words in complaints(variables)


@pytest.mark.parametrize(
    "variables",
    [
        {"ALLOWED_HOSTS": "music.example.org, .example.org,localhost,[::1],10.0.0.1"},
        {"YOUTUBE_API_ENDPOINT": "http://127.0.0.1:8099"},
        {"YOUTUBE_API_ENDPOINT": "https://mirror.example.org/youtube/"},
    ],
    ids=str,
)
def test_check_accepts(complaints, variables):
    assert complaints(variables) == ""


ALL_WRONG = {
    "ALLOWED_HOSTS": "a.org b.org",
    "CORS_ALLOWED_ORIGINS": "music.example.org",
    "CSRF_TRUSTED_ORIGINS": "music.example.org",
    "DATABASE_URL": "nonsense",
    "DEBUG": "1",
    "DEVELOPER_KEY": "my key",
    "GOOGLE_CLIENT_ID": "my client",
    "LOG_FORMAT": "xml",
    "LOG_LEVEL": "loud",
    "METRICS_TOKEN": "too short",
    "PORT": "http",
    "SECRET_KEY": None,
    "TRUSTED_PROXY_HOPS": "some",
    "YOUTUBE_API_ENDPOINT": "nonsense",
    "YOUTUBE_DAILY_SEARCHES": "-1",
}


def test_check_names_all_problems_at_once_and_ends_without_a_traceback():
    done = manage("check", **ALL_WRONG)
    assert done.returncode == 1
    assert [name for name in ALL_WRONG if name not in done.stderr] == []
    assert "Traceback" not in done.stderr


def test_web_process_refuses_to_start_on_wrong_settings():
    start = "import music_selector.wsgi"
    done = run_python("-c", start, env=PRODUCTION | {"DEBUG": "1"})
    assert done.returncode == 1
    assert "DEBUG is on in production" in done.stderr


ANSWERS = """
from django.core.wsgi import get_wsgi_application
get_wsgi_application()
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "music.example.org"})
asked = {"plain": {}, "forwarded": {"x-forwarded-proto": "https"}}
for name, headers in asked.items():
    answer = client.get("/api/docs/", headers=headers)
    print(name, answer.status_code, dict(answer.headers))
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
"""


def test_production_answers_over_https_only():
    env = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "music_selector.settings"}
    plain, forwarded, cookies = output_of("-c", ANSWERS, env=env).splitlines()
    assert plain.startswith("plain 301 ")
    assert "'Location': 'https://music.example.org/api/docs/'" in plain
    assert forwarded.startswith("forwarded 200 ")
    assert "'Strict-Transport-Security': 'max-age=31536000'" in forwarded
    for header in ("X-Frame-Options': 'DENY", "X-Content-Type-Options': 'nosniff"):
        assert header in forwarded
    assert cookies == "True True"


def test_migrate_without_a_database_says_so():
    done = manage("migrate")
    assert done.returncode == 1
    assert "127.0.0.1" in done.stderr.splitlines()[-1]
