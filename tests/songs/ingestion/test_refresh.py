from collections.abc import Callable
from datetime import datetime

import pytest

from sandbox import Server
from songs.ingestion import refresh, transport
from songs.ingestion.refresh import Refreshed
from songs.labelling import record
from songs.models import (
    Comment,
    IngestRun,
    MoodLabel,
    NewVideo,
    Origin,
    RefusedVideo,
)
from songs.models.video import Gone
from songs.youtube import client
from tests.songs.sandboxed import DAY, NOW, connect, methods, pull
from web import rate_limits
from web.models import RequestCount

Status = IngestRun.Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def pulled(server: Server, profile: object) -> Server:
    """The sandbox, whose 180 videos were pulled at NOW."""
    pull(server)
    server.requests.clear()
    return server


def run(server: Server, *, at: datetime, **options: int) -> Refreshed:
    return refresh.refresh(
        lambda: connect(server, now=lambda: at), now=lambda: at, **options
    )


def run_without_key(*, at: datetime) -> Refreshed:
    return refresh.refresh(transport.youtube_transport, now=lambda: at)


def video(number: int) -> NewVideo:
    return NewVideo.objects.get(pk=f"sandbox{number:04}")


def test_nothing_is_asked_before_the_25th_day(pulled: Server):
    done = run(pulled, at=NOW + 24 * DAY)

    assert (pulled.requests, done.run.found, done.blanked) == ([], 0, 0)


def test_refresh_asks_for_50_at_a_time_and_updates(pulled: Server):
    pulled.change("sandbox0007", title="Another", view_count=8)
    done = run(pulled, at=NOW + 25 * DAY)

    assert methods(pulled) == ["videos"] * 4
    assert (done.run.found, done.run.updated, done.run.unchanged) == (180, 1, 179)
    assert done.run.calls == {"units": 4}
    assert (video(7).video_title, video(7).view_count) == ("Another", 8)
    assert not NewVideo.objects.exclude(last_fetched=NOW + 25 * DAY).exists()


def test_refresh_run_twice_asks_once(pulled: Server):
    run(pulled, at=NOW + 25 * DAY)
    pulled.requests.clear()
    done = run(pulled, at=NOW + 25 * DAY)

    assert (pulled.requests, done.run.found) == ([], 0)


def test_videos_that_may_not_be_offered_any_more_go_and_keep_their_label(
    pulled: Server,
):
    record.label("sandbox0001", "SAD", who="ann", source="admin")
    pulled.change("sandbox0001", license="youtube")
    pulled.change("sandbox0002", embeddable=False)
    pulled.change("sandbox0003", privacy="private")
    pulled.remove("sandbox0004")
    done = run(pulled, at=NOW + 25 * DAY)

    gone = NewVideo.objects.exclude(gone_since=None).order_by("pk")
    assert list(gone.values_list("gone_why", flat=True)) == [
        Gone.LICENCE,
        Gone.EMBEDDING,
        Gone.UNAVAILABLE,
        Gone.UNAVAILABLE,
    ]
    assert done.run.refused == {"licence": 1, "embedding": 1, "unavailable": 2}
    assert (video(1).moods, MoodLabel.objects.count()) == ("SAD", 1)
    assert "4 gone or refused (embedding 1, licence 1, unavailable 2)" in str(done)


def test_region_block_does_not_take_a_video_away(pulled: Server):
    pulled.change("sandbox0001", blocked=("DE",))
    run(pulled, at=NOW + 25 * DAY)

    assert (video(1).region_blocked, video(1).gone_since) == (["DE"], None)


def test_video_that_is_back_is_offered_again(pulled: Server):
    pulled.change("sandbox0001", privacy="private")
    run(pulled, at=NOW + 25 * DAY)
    assert video(1).gone_why == Gone.UNAVAILABLE
    pulled.change("sandbox0001", privacy="public")
    done = run(pulled, at=NOW + 26 * DAY)

    assert (done.returned, video(1).gone_since) == (1, None)


def test_video_that_stays_away_is_blanked_and_asked_for_ever_more_seldom(
    pulled: Server,
):
    pulled.remove("sandbox0001")
    asked = []
    for day in range(25, 61):
        pulled.requests.clear()
        run(pulled, at=NOW + day * DAY)
        if any("sandbox0001" in r.params["id"] for r in pulled.requests):
            asked.append(day)

    assert asked == [25, 26, 27, 28, 29, 30, 31, 56]
    assert video(1).video_title is None


def test_most_urgent_first_within_the_budget(
    pulled: Server, make_video: Callable[..., NewVideo]
):
    make_video(video_id="import00001", origin=Origin.IMPORT)
    make_video(
        video_id="blank000001",
        video_title=None,
        video_description=None,
        last_fetched=NOW - 40 * DAY,
    )
    NewVideo.objects.filter(pk="sandbox0100").update(last_fetched=NOW - DAY)
    done = run(pulled, at=NOW + 25 * DAY, budget=1)

    ids = pulled.requests[0].params["id"].split(",")
    assert (len(pulled.requests), len(ids), ids[0]) == (1, 50, "sandbox0100")
    assert not {"import00001", "blank000001"}.intersection(ids)
    assert done.paused == refresh.BUDGET_SPENT
    order = list(refresh.due(NOW + 25 * DAY).values_list("pk", flat=True))
    assert order[-2:] == ["import00001", "blank000001"]


def test_imported_video_gets_the_text_of_the_api(
    server: Server, make_video: Callable[..., NewVideo]
):
    make_video(video_id="sandbox0001", origin=Origin.IMPORT, video_title="Old")
    make_video(video_id="notThere001", origin=Origin.IMPORT, video_title="Kept")
    run(server, at=NOW)

    assert (video(1).origin, video(1).video_title) == (Origin.YOUTUBE, "Song 1")
    kept = NewVideo.objects.get(pk="notThere001")
    assert (kept.video_title, kept.gone_why) == ("Kept", Gone.UNAVAILABLE)
    server.requests.clear()
    run(server, at=NOW + 31 * DAY)
    kept.refresh_from_db()
    assert (kept.video_title, kept.origin) == ("Kept", Origin.IMPORT)


def test_row_of_31_days_is_blanked_without_a_key_and_keeps_what_is_ours(
    pulled: Server,
):
    record.label("sandbox0001", "SAD", who="ann", source="admin")
    predicted = {
        "predicted_moods": "HAPPY",
        "mood_scores": {"HAPPY": 0.5},
        "predicted_sure": True,
        "predicted_by": "v1",
        "predicted_at": NOW,
    }
    NewVideo.objects.filter(pk="sandbox0001").update(**predicted)
    done = run_without_key(at=NOW + 31 * DAY)

    kept = NewVideo.objects.values("moods", *predicted).get(pk="sandbox0001")
    assert kept == {"moods": "SAD", **predicted}
    assert NewVideo.objects.filter(**refresh.IS_BLANK).count() == 180
    assert isinstance(done.failure, client.KeyRefused)
    assert "180 videos blanked" in str(done)
    assert run_without_key(at=NOW + 31 * DAY).blanked == 0


def test_row_of_29_days_is_not_blanked(pulled: Server):
    assert run_without_key(at=NOW + 29 * DAY).blanked == 0


def test_quota_gone_pauses_and_blanks_what_is_too_old(pulled: Server, settings):
    settings.YOUTUBE_DAILY_LIMITS = {"search": 0, "units": 1}
    done = run(pulled, at=NOW + 30 * DAY)

    assert (done.run.status, done.run.found, done.blanked) == (Status.PAUSED, 50, 130)
    assert "2026-12-22 08:00 UTC" in done.paused


def test_youtube_out_of_reach_fails_the_run_and_blanks_all_the_same(pulled: Server):
    pulled.faults = ["503"]
    done = run(pulled, at=NOW + 30 * DAY)

    assert isinstance(done.failure, client.Unreachable)
    assert IngestRun.objects.first().status == Status.FAILED
    assert done.blanked == 180


def test_blanked_row_is_whole_again_once_youtube_answers(pulled: Server):
    run_without_key(at=NOW + 31 * DAY)
    done = run(pulled, at=NOW + 32 * DAY)

    assert (done.run.updated, done.blanked) == (180, 0)
    assert video(7).video_title == "Song 7"


def test_samples_have_no_clock(server: Server, profile: object):
    pull(server, origin=Origin.SAMPLE)
    server.requests.clear()
    done = run(server, at=NOW + 60 * DAY)

    assert (server.requests, done.blanked) == ([], 0)


def test_sandbox_is_not_asked_about_real_videos(pulled: Server):
    at = NOW + 25 * DAY
    sample = connect(pulled, now=lambda: at, origin=Origin.SAMPLE)
    done = refresh.refresh(lambda: sample, now=lambda: at)

    assert isinstance(done.failure, client.KeyRefused)
    assert pulled.requests == []
    assert NewVideo.objects.public().count() == 180


def test_comments_and_refusals_of_30_days_are_forgotten(pulled: Server):
    Comment.objects.create(pk="c", video=video(1), text="x", fetched_at=NOW)
    Comment.objects.create(pk="d", video=video(2), text="x", fetched_at=NOW + DAY)
    NewVideo.objects.update(comments_fetched=NOW, comments_disabled=False)
    RefusedVideo.objects.create(pk="sandbox9999", origin="youtube", refused_at=NOW)
    done = run(pulled, at=NOW + 30 * DAY)

    assert done.comments_deleted == 1
    assert Comment.objects.get().pk == "d"
    assert NewVideo.objects.filter(comments_fetched=None).get().pk == "sandbox0001"
    assert not RefusedVideo.objects.exists()


def test_counts_of_yesterday_are_forgotten(pulled: Server):
    rate_limits.count_request("x", who="one", limits={60: 1}, now=NOW)
    run(pulled, at=NOW + DAY)

    assert not RequestCount.objects.exists()
