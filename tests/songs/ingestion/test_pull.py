from collections.abc import Callable
from pathlib import Path

import pytest

import sandbox
from sandbox import Server
from songs.ingestion import pull as ingest
from songs.ingestion.pull import Limits
from songs.labelling import record
from songs.models import (
    IngestRun,
    MoodLabel,
    NewVideo,
    Origin,
    QuotaDay,
    RefusedVideo,
    SearchProfile,
)
from songs.models.video import Gone
from songs.youtube import client
from tests.songs.sandboxed import DAY, NOW, counts, methods, pull, write_catalogue

Status = IngestRun.Status

pytestmark = pytest.mark.django_db


# --- what is asked, and what is stored


def test_pull_stores_what_the_search_finds(server: Server, profile: SearchProfile):
    pulled = pull(server)

    assert counts(pulled) == (180, 180, 0, 0)
    assert NewVideo.objects.filter(origin="youtube", last_fetched=NOW).count() == 180
    assert methods(server) == ["search", "videos"] * 4
    run = IngestRun.objects.get()
    assert (run.status, run.profile) == (Status.SUCCEEDED, profile)
    assert run.calls == {"search": 4, "units": 4}


def test_pull_sends_the_search_of_2019(server: Server, profile: SearchProfile):
    pull(server, limits=Limits(pages=1))

    assert server.requests[0].params == {
        "part": "id,snippet",
        "q": "instrumental",
        "type": "video",
        "videoLicense": "creativeCommon",
        "videoSyndicated": "true",
        "videoEmbeddable": "true",
        "videoDuration": "medium",
        "relevanceLanguage": "en",
        "maxResults": "50",
        "alt": "json",
    }
    assert server.requests[1].params["part"] == client.VIDEO_PARTS


def test_pull_does_not_ask_for_what_it_knows(server: Server, profile: SearchProfile):
    pull(server)
    SearchProfile.objects.update(cursor={})
    server.requests.clear()
    pulled = pull(server, at=NOW + DAY)

    assert counts(pulled) == (180, 0, 0, 180)
    assert methods(server) == ["search"] * 4


def test_pull_asks_again_for_what_is_old(server: Server, profile: SearchProfile):
    pull(server)
    SearchProfile.objects.update(cursor={})
    server.change("sandbox0007", title="Another")
    pulled = pull(server, at=NOW + 26 * DAY)

    assert counts(pulled) == (180, 0, 1, 179)
    assert NewVideo.objects.get(pk="sandbox0007").video_title == "Another"


def test_pull_remembers_what_it_refused(server: Server, profile: SearchProfile):
    server.change("sandbox0007", license="youtube")
    server.change("sandbox0008", privacy="private")
    first = pull(server)
    SearchProfile.objects.update(cursor={})
    server.requests.clear()
    second = pull(server, at=NOW + DAY)

    refused = {Gone.LICENCE: 1, Gone.UNAVAILABLE: 1}
    assert first.runs[0].refused == second.runs[0].refused == refused
    assert counts(second) == (180, 0, 0, 178)
    assert "videos" not in methods(server)


def test_pull_asks_again_for_what_it_refused_a_month_ago(
    server: Server, profile: SearchProfile
):
    server.change("sandbox0007", license="youtube")
    pull(server)
    SearchProfile.objects.update(cursor={})
    server.change("sandbox0007", license="creativeCommon")
    pulled = pull(server, at=NOW + 31 * DAY)

    assert pulled.runs[0].new == 1
    assert not RefusedVideo.objects.exists()


def test_gone_video_that_is_found_again_comes_back(
    server: Server, profile: SearchProfile, make_video: Callable[..., NewVideo]
):
    make_video(
        video_id="sandbox0007",
        gone_since=NOW,
        gone_why=Gone.UNAVAILABLE,
        last_fetched=NOW,
    )
    pulled = pull(server, at=NOW + 2 * DAY)

    assert pulled.runs[0].updated == 1
    assert NewVideo.objects.get(pk="sandbox0007").gone_since is None


def test_walk_goes_on_where_the_last_run_stopped(
    server: Server, profile: SearchProfile
):
    tokens = []
    for _ in range(4):
        server.requests.clear()
        pull(server, limits=Limits(pages=1))
        tokens.append(server.requests[0].params.get("pageToken"))

    assert len(set(tokens)) == 4
    assert NewVideo.objects.count() == 180


def test_walk_reaches_the_years_and_then_rests(server: Server, profile: SearchProfile):
    pulled = pull(server, limits=ingest.EVERYTHING)

    assert pulled.paused is None
    profile.refresh_from_db()
    assert (profile.cursor["phase"], profile.cursor["todo"]) == ("new", [])
    asked = [request.params.get("publishedAfter", "") for request in server.requests]
    assert {year for text in asked if (year := text[:4])} == {
        str(year) for year in range(2005, 2027)
    }


def test_new_uploads_are_swept_once_a_run(server: Server, profile: SearchProfile):
    pull(server, limits=ingest.EVERYTHING)
    server.requests.clear()
    pull(server, at=NOW + DAY, limits=ingest.EVERYTHING)

    (request,) = server.requests
    assert request.params["order"] == "date"
    assert request.params["publishedAfter"] == "2026-11-20T10:00:00Z"


def test_nonsense_in_a_cursor_starts_the_walk_anew(
    server: Server, profile: SearchProfile
):
    SearchProfile.objects.update(cursor={"phase": "sideways"})

    assert counts(pull(server)) == (180, 180, 0, 0)


def test_changed_search_starts_its_walk_anew(server: Server, profile: SearchProfile):
    pull(server, limits=Limits(pages=2))
    SearchProfile.objects.filter(pk=profile.pk).update(query="piano")
    server.requests.clear()
    pull(server, limits=Limits(pages=1))

    assert server.requests[0].params["q"] == "piano"
    assert "pageToken" not in server.requests[0].params


def test_ad_hoc_search_reads_the_plain_search_and_keeps_no_cursor(
    server: Server, profile: SearchProfile
):
    pulled = pull(
        server,
        limits=ingest.EVERYTHING,
        query="rain & tea",
    )

    assert counts(pulled) == (180, 180, 0, 0)
    assert server.requests[0].params["q"] == "rain & tea"
    assert not any("publishedAfter" in request.params for request in server.requests)
    assert not SearchProfile.objects.exclude(cursor={}).exists()


def test_dry_run_stores_nothing_and_spends_quota(
    server: Server, profile: SearchProfile
):
    pulled = pull(server, limits=Limits(pages=2, dry_run=True))

    assert counts(pulled) == (100, 100, 0, 0)
    assert not NewVideo.objects.exists()
    assert not IngestRun.objects.exists()
    assert SearchProfile.objects.get(pk=profile.pk).cursor == {}
    assert QuotaDay.objects.get(bucket="search").used == 2


# --- samples and imports


def test_first_real_page_sends_the_samples_away(
    server: Server, profile: SearchProfile, tmp_path: Path
):
    pull(server, origin=Origin.SAMPLE)
    record.set_label("sandbox0007", record.SKIPPED, who="ann", source="admin")
    real = write_catalogue(tmp_path, videos=5, prefix="youtube")
    with sandbox.serve(catalogue=real) as youtube_:
        pull(youtube_)

    assert NewVideo.objects.filter(origin="youtube").count() == 5
    assert NewVideo.objects.get(origin="sample").gone_why == Gone.SAMPLE


def test_a_walk_through_the_sample_is_no_walk_through_youtube(
    server: Server, profile: SearchProfile
):
    pull(server, origin=Origin.SAMPLE)
    server.requests.clear()
    pulled = pull(server)

    assert "pageToken" not in server.requests[0].params
    assert pulled.runs[0].found == 180
    assert NewVideo.objects.filter(origin="youtube").count() == 180
    assert QuotaDay.objects.get(origin="youtube", bucket="search").used == 4


def test_sample_touches_only_samples(
    server: Server, profile: SearchProfile, make_video: Callable[..., NewVideo]
):
    make_video(video_id="sandbox0007", origin=Origin.IMPORT)
    pulled = pull(server, origin=Origin.SAMPLE)

    assert counts(pulled) == (180, 179, 0, 1)
    assert NewVideo.objects.get(pk="sandbox0007").video_title == "Song 1"


def test_reingest_leaves_labels_and_history_byte_identical(
    server: Server, profile: SearchProfile
):
    pull(server)
    record.label("sandbox0007", "SAD", who="ann", source="admin")
    record.set_label("sandbox0008", record.SKIPPED, who="bob", source="api")
    judged = NewVideo.objects.order_by("pk").values_list("pk", "moods", "labeled")
    before = list(judged), list(MoodLabel.objects.values())
    for nth in range(180):
        server.change(f"sandbox{nth:04}", title=f"New {nth}")
    SearchProfile.objects.update(cursor={})
    pulled = pull(server, at=NOW + 26 * DAY)

    assert pulled.runs[0].updated == 180
    assert (list(judged), list(MoodLabel.objects.values())) == before
