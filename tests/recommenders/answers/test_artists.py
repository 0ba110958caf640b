"""Profiles of artists: cached, fetched by the worker, and never in anybody's way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from recommenders import tasks
from recommenders.answers import artists
from recommenders.answers import lastfm as lastfm_api
from recommenders.answers.lastfm import (
    ArtistInfo,
    LastfmKeyRefused,
    LastfmUnreachable,
    RateLimited,
)
from recommenders.models import ArtistProfile
from sandbox import lastfm

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef0123456789abcdef"
NAMES = ["Hush", "Kelp"]


@pytest.fixture
def server(settings):
    with lastfm.serve() as server:
        settings.LASTFM_API_KEY, settings.LASTFM_API_ENDPOINT = KEY, server.url
        yield server


def fetch():
    return artists.fetch_wanted(sleep=lambda seconds: None)


def test_of_knows_nothing_at_first_and_all_once_fetched(server):
    assert artists.of([*NAMES, "", "x" * 301]) == {}
    assert server.requests == []  # nobody waited for Last.fm

    assert fetch() == 2

    known = artists.of(["KELP", "Hush"])
    assert "began in" in known["Hush"].biography
    assert known.keys() == {"KELP", "Hush"}
    assert (fetch(), len(server.requests)) == (0, 2)


def test_of_without_a_key_asks_and_stores_nothing(settings, server):
    settings.LASTFM_API_KEY = ""
    assert artists.of(NAMES) == {}
    assert not ArtistProfile.objects.exists()
    assert not artists.are_wanted()


def test_unknown_artist_is_remembered_and_not_asked_for_again(server):
    artists.of(["Nobody"])
    fetch()
    assert artists.of(["Nobody"]) == {}
    assert (fetch(), len(server.requests)) == (0, 1)


def test_profile_is_renewed_after_a_week_and_gone_after_a_month(server):
    artists.of(["Hush"])
    fetch()
    week, month = (timezone.now() + timedelta(days=days) for days in (8, 31))

    assert artists.of(["Hush"], now=week).keys() == {"Hush"}
    assert ArtistProfile.objects.get().wanted == week
    assert artists.of(["Hush"], now=month) == {}
    assert artists.forget_expired(month) == 0  # somebody wants it
    ArtistProfile.objects.update(wanted=None, not_before=None)
    assert artists.forget_expired(month) == 1


@pytest.mark.parametrize(
    ("fault", "error", "minutes"),
    [
        ("rateLimited", RateLimited, 5),
        ("down", LastfmUnreachable, 15),
        ("html", LastfmUnreachable, 15),
        ("keyInvalid", LastfmKeyRefused, 60),
    ],
)
def test_failure_pauses_everybody_and_loses_nobody(
    server, fault, error, minutes, caplog
):
    artists.of(NAMES)
    server.faults = [fault]
    with pytest.raises(error):
        fetch()
    assert len(server.requests) == 1
    assert artists.of(["Moss", *NAMES]) == {}

    assert not artists.are_wanted()
    soonest = min(ArtistProfile.objects.values_list("not_before", flat=True))
    pause = soonest - timezone.now()
    assert timedelta(minutes=minutes - 1) < pause < timedelta(minutes=minutes)
    assert ArtistProfile.objects.filter(wanted__isnull=False).count() == 3
    assert KEY not in caplog.text


def test_fetch_wanted_keeps_to_a_rate_and_to_a_number_at_once(server):
    artists.of([f"Artist {number}" for number in range(5)])
    pauses = []
    assert artists.fetch_wanted(sleep=pauses.append, most=3) == 3
    assert pauses == [artists.BETWEEN_S] * 2
    assert artists.are_wanted()


def test_show_profiles_queues_one_task_whoever_asks(server):
    tasks.show_profiles(["Hush"])
    tasks.show_profiles(["Kelp"])
    assert DBTaskResult.objects.count() == 1
    assert tasks.fetch_profiles.call() == "Fetched 2 profiles, forgot 0."
    assert len(tasks.show_profiles(NAMES)) == 2


def test_task_that_failed_comes_again_after_the_pause(server):
    artists.of(NAMES)
    server.faults = ["down"]
    assert "Last.fm failed" in tasks.fetch_profiles.call()
    waiting = DBTaskResult.objects.get()
    assert waiting.run_after > timezone.now() + timedelta(minutes=14)


def test_database_refuses_what_is_wanted_at_no_time():
    with pytest.raises(IntegrityError, match="wanted_profiles_say_not_before"):
        ArtistProfile.objects.create(folded="x", name="x", wanted=timezone.now())


def test_of_knows_an_artist_however_the_names_of_one_answer_are_written(server):
    artists.of(NAMES)
    fetch()
    assert artists.of(["Hush", "HUSH", "hush"]).keys() == {"Hush", "HUSH", "hush"}


def test_of_wants_no_name_that_the_database_would_not_take(server):
    assert artists.of(["Hu\0sh", "Hu\nsh", "\ud800"]) == {}
    assert not ArtistProfile.objects.exists()


def test_answer_that_cannot_be_kept_is_in_nobodys_way(server, monkeypatch):
    artists.of(NAMES)
    artist = ArtistInfo("", ("a\0b",), "", "")
    answers = {"Hush": artist, "Kelp": ArtistInfo("<p>A band.</p>", (), "", "")}
    monkeypatch.setattr(lastfm_api, "get_info", lambda name, **asked: answers[name])
    assert fetch() == 2
    assert artists.of(NAMES).keys() == {"Kelp"}
    assert not artists.are_wanted()


def test_artist_that_cannot_be_asked_about_is_asked_last(server):
    artists.of(["Hush"])
    artists.of(["Kelp"])
    server.faults = ["down"]
    with pytest.raises(LastfmUnreachable):
        fetch()
    waiting = ArtistProfile.objects.order_by("wanted")
    assert [row.name for row in waiting] == ["Kelp", "Hush"]
