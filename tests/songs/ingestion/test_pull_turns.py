"""How the searches share a budget, and what happens when the quota is spent."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox import Server
from songs.ingestion import pull as ingest
from songs.ingestion.pull import Limits
from songs.models import IngestRun, NewVideo, SearchProfile
from tests.songs.sandboxed import DAY, NOW, methods, pull

Status = IngestRun.Status

pytestmark = pytest.mark.django_db


# --- budget


def test_profiles_share_the_budget(server: Server):
    pulled = pull(server, limits=ingest.EVERYTHING, budget=8)

    assert [run.calls["search"] for run in pulled.runs] == [2, 2, 2, 2]
    assert pulled.paused == "The budget is spent; the next run goes on from here."


def test_what_a_profile_leaves_goes_to_the_others(
    server: Server, profile: SearchProfile
):
    pull(server, limits=ingest.EVERYTHING)  # from now on it needs one search
    SearchProfile.objects.update(enabled=True)
    pulled = pull(server, limits=ingest.EVERYTHING, budget=8)

    by_profile = {run.profile.name: run.calls["search"] for run in pulled.runs[:4]}
    assert by_profile["instrumental"] == 1
    assert sum(run.calls["search"] for run in pulled.runs) == 8


def test_with_a_limit_of_pages_each_profile_gets_one_turn(
    server: Server, profile: SearchProfile
):
    pull(server, limits=ingest.EVERYTHING)  # from now on it needs one search
    SearchProfile.objects.update(enabled=True)
    pulled = pull(server, limits=Limits(pages=3), budget=8)

    assert sorted(run.calls["search"] for run in pulled.runs) == [1, 2, 2, 2]
    assert pulled.paused


def test_profile_that_waits_the_longest_comes_first(server: Server):
    first = pull(server, limits=Limits(pages=1), budget=1).runs[0].profile
    second = pull(server, limits=Limits(pages=1), budget=1).runs[0].profile

    assert first != second


def test_refused_search_spends_of_the_budget_too(server: Server):
    first = SearchProfile.objects.first()
    SearchProfile.objects.filter(pk=first.pk).update(video_duration="tiny")
    with pytest.raises(ingest.SearchRefused) as refusal:
        pull(server, limits=ingest.EVERYTHING, budget=2)

    assert methods(server).count("search") == 2
    assert refusal.value.pulled.paused


def test_dry_run_reads_no_page_twice(server: Server, profile: SearchProfile):
    pull(server, limits=ingest.EVERYTHING)  # from now on it needs one search
    SearchProfile.objects.update(enabled=True)
    server.requests.clear()
    pull(server, limits=Limits(dry_run=True), budget=8)

    asked = [
        tuple(sorted(request.params.items()))
        for request in server.requests
        if request.method == "search.list"
    ]
    assert len(asked) == len(set(asked)) == 8


@pytest.mark.parametrize(
    ("query", "limits"),
    [("rain", ingest.EVERYTHING), (None, Limits(dry_run=True))],
)
def test_budget_of_a_search_that_keeps_no_place_promises_no_next_run(
    server: Server, query: str | None, limits: Limits
):
    pulled = pull(server, query=query, limits=limits, budget=1)

    assert pulled.paused == "The budget is spent."


# --- quota


def test_quota_gone_on_page_2_of_4_pauses_and_the_next_run_resumes(
    server: Server, profile: SearchProfile
):
    server.faults = ["quotaExceeded@search:2"]
    pulled = pull(server)
    assert NewVideo.objects.count() == 50
    assert methods(server) == ["search", "videos", "search"]
    assert IngestRun.objects.get().status == Status.PAUSED
    assert "2026-11-22 08:00 UTC" in pulled.paused

    token = server.requests[2].params["pageToken"]
    pull(server)
    assert len(server.requests) == 3  # no further call that day
    pull(server, at=NOW + DAY)
    assert server.requests[3].params["pageToken"] == token
    assert NewVideo.objects.count() == 180


@pytest.mark.parametrize("bucket", ["search", "units"])
def test_bucket_that_is_empty_allows_no_call_at_all(
    server: Server, profile: SearchProfile, settings, bucket: str
):
    settings.YOUTUBE_DAILY_LIMITS = {"search": 100, "units": 100} | {bucket: 0}
    pulled = pull(server)

    assert server.requests == []
    assert "2026-11-22 08:00 UTC" in pulled.paused
    assert IngestRun.objects.get().status == Status.PAUSED


def test_search_is_not_wasted_when_units_run_out(
    server: Server, profile: SearchProfile, settings
):
    settings.YOUTUBE_DAILY_LIMITS = {"search": 100, "units": 2}
    pull(server)

    assert methods(server) == ["search", "videos"] * 2
    assert NewVideo.objects.count() == 100


def test_searches_spent_by_the_walk_pause_it_until_midnight_pacific(
    server: Server, profile: SearchProfile, settings
):
    settings.YOUTUBE_DAILY_LIMITS = {"search": 3, "units": 100}
    pulled = pull(server)
    assert (methods(server).count("search"), NewVideo.objects.count()) == (3, 150)
    assert "2026-11-22 08:00 UTC" in pulled.paused

    before_midnight = datetime(2026, 11, 22, 7, 59, tzinfo=UTC)
    assert pull(server, at=before_midnight).paused
    pull(server, at=before_midnight + timedelta(minutes=1), limits=Limits(pages=1))
    assert NewVideo.objects.count() == 180
