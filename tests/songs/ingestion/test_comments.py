from collections.abc import Callable

import pytest

from sandbox import Server
from songs.ingestion import comments
from songs.models import Comment, IngestRun, NewVideo, Origin
from songs.models.video import Gone
from songs.youtube import client
from tests.songs.sandboxed import DAY, NOW, connect, methods

Status = IngestRun.Status
COUNT = 3  # videos

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(server: Server, make_video: Callable[..., NewVideo]) -> None:
    """Videos 0, 1 and 2 of the sandbox, the newest first, each with comments."""
    for nth in range(COUNT):
        server.change(f"sandbox{nth:04}", comment_count=2 + nth)
        make_video(video_id=f"sandbox{nth:04}", published_at=NOW - nth * DAY)


def fetch(
    server: Server, *, videos: int = COUNT, origin: str = Origin.YOUTUBE
) -> IngestRun:
    transport = connect(server, now=lambda: NOW, origin=origin)
    return comments.get_comments(transport, videos=videos)


def video(number: int) -> NewVideo:
    return NewVideo.objects.get(pk=f"sandbox{number:04}")


def test_comments_are_stored_whole(server: Server):
    run = fetch(server)

    assert (run.found, run.new, run.updated) == (3, 9, 0)
    assert run.calls == {"units": 3}
    assert video(1).comments.count() == 3
    comment = Comment.objects.first()
    assert comment.text
    assert comment.author
    assert comment.published_at
    assert comment.fetched_at == NOW
    assert (video(0).comments_fetched, video(0).comments_disabled) == (NOW, False)


def test_newest_videos_come_first_and_at_most_as_many_as_asked(server: Server):
    fetch(server, videos=2)

    ids = [request.params["videoId"] for request in server.requests]
    assert ids == ["sandbox0000", "sandbox0001"]


def test_second_run_asks_only_for_what_is_lacking(server: Server):
    fetch(server, videos=2)
    server.requests.clear()
    fetch(server)

    assert [r.params["videoId"] for r in server.requests] == ["sandbox0002"]


def test_comment_that_is_known_is_updated(server: Server):
    fetch(server)
    Comment.objects.update(text="old")
    NewVideo.objects.update(comments_fetched=None)
    run = fetch(server)

    assert (run.new, run.updated) == (0, 9)
    assert not Comment.objects.filter(text="old").exists()


def test_comments_that_are_disabled_are_an_outcome(server: Server):
    server.change("sandbox0001", comments_disabled=True)
    run = fetch(server)

    assert (run.status, run.refused) == (Status.SUCCEEDED, {comments.DISABLED: 1})
    assert (video(1).comments_disabled, video(1).comments_fetched) == (True, NOW)
    assert "without: comments disabled 1" in comments.summary(run)
    server.requests.clear()
    fetch(server)
    assert server.requests == []


def test_video_that_is_gone_is_marked_so(server: Server):
    server.remove("sandbox0001")
    run = fetch(server)

    assert run.refused == {Gone.UNAVAILABLE: 1}
    assert video(1).gone_why == Gone.UNAVAILABLE
    assert (run.found, run.new) == (3, 6)


def test_quota_gone_pauses(server: Server, settings):
    settings.YOUTUBE_DAILY_LIMITS = {"search": 0, "units": 2}
    run = fetch(server)

    assert (run.status, run.found) == (Status.PAUSED, 2)
    assert "2026-11-22 08:00 UTC" in run.error
    assert methods(server) == ["commentThreads"] * 2


def test_youtube_out_of_reach_fails_and_keeps_what_was_stored(server: Server):
    server.faults = ["503:2+"]
    with pytest.raises(client.Unreachable):
        fetch(server)

    assert Comment.objects.count() == 2
    assert IngestRun.objects.get().status == Status.FAILED


def test_gone_videos_and_samples_are_not_asked_for(server: Server):
    NewVideo.objects.filter(pk="sandbox0000").update(origin=Origin.SAMPLE)
    NewVideo.objects.filter(pk="sandbox0001").update(
        gone_since=NOW, gone_why=Gone.LICENCE
    )
    fetch(server)
    assert [r.params["videoId"] for r in server.requests] == ["sandbox0002"]

    server.requests.clear()
    fetch(server, origin=Origin.SAMPLE)
    assert [r.params["videoId"] for r in server.requests] == ["sandbox0000"]


def test_delete_old_forgets_comments_of_30_days(server: Server):
    fetch(server)

    assert comments.delete_old(NOW + 29 * DAY) == 0
    assert comments.delete_old(NOW + 30 * DAY) == 9
    assert NewVideo.objects.filter(comments_fetched=None).count() == COUNT
