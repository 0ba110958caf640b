"""Comments under the videos, kept for 30 days (`get_new_comments`)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from songs.ingestion import runs, upsert
from songs.ingestion.transport import MeteredTransport
from songs.models import Comment, IngestRun, NewVideo, Origin
from songs.models.video import Gone, NewVideoQuerySet
from songs.youtube import client

JOB = IngestRun.Job.GET_NEW_COMMENTS
Status = IngestRun.Status

DISABLED = "comments disabled"


def get_comments(transport: MeteredTransport, *, videos: int) -> IngestRun:
    """Fetch comments of at most `videos` videos that lack them, newest first.

    Each costs a unit. Comments that are switched off, videos that are gone and those
    that YouTube refuses are outcomes too, and not fetched again.
    `found` counts videos; `new` and `updated` count comments. PAUSED, with an `error`
    that says until when, once the day's quota is spent.
    Raises youtube.YouTubeError and AlreadyRunning.
    """
    with runs.exclusive(JOB), runs.recorded(JOB, origin=transport.origin) as run:
        lacking = _lacking(transport.origin).newest_first()
        try:
            for video_id in list(lacking.values_list("pk", flat=True)[:videos]):
                transport.require("units")
                _fetch(transport, video_id, run)
        except client.QuotaExceeded as exc:
            run.status, run.error = Status.PAUSED, str(exc)
    return run


def summary(run: IngestRun) -> str:
    """The counts of a run of `get_comments`, in a line."""
    without = runs.reasons(run.refused)
    return (
        f"asked for {run.found} videos: {run.new} new comments, {run.updated} updated"
        f"{f'; without: {without}' if without else ''}; "
        f"spent {run.calls.get('units', 0)} units"
    )


def delete_old(now: datetime) -> int:
    """Delete comments past their 30th day; their videos lack comments again."""
    old = Comment.objects.stale(now)
    with transaction.atomic():
        videos = NewVideo.objects.filter(comments__in=old)
        videos.update(comments_fetched=None, comments_disabled=None)
        return old.delete()[0]


def _lacking(origin: str) -> NewVideoQuerySet:
    """Videos whose comments were never fetched; of a sandbox, samples only."""
    videos = NewVideo.objects.public().filter(comments_fetched=None)
    sample = Q(origin=Origin.SAMPLE)
    return videos.filter(sample if origin == Origin.SAMPLE else ~sample)


def _fetch(transport: MeteredTransport, video_id: str, run: IngestRun) -> None:
    comments: list[client.Comment] = []
    outcome = None
    try:
        comments = client.list_comments(transport, video_id)
    except client.CommentsDisabled:
        outcome = DISABLED
    except client.VideoNotFound:
        outcome = str(Gone.UNAVAILABLE)
    except client.RequestRefused as exc:
        outcome = exc.reason
    finally:
        run.calls = dict(transport.calls)
    now = transport.now()
    with transaction.atomic():
        run.found += 1
        if outcome:
            run.refused[outcome] = run.refused.get(outcome, 0) + 1
        if outcome == Gone.UNAVAILABLE:
            upsert.mark_missing([video_id], now=now)
        known = _store(comments, now=now)
        run.new += len(comments) - known
        run.updated += known
        NewVideo.objects.filter(pk=video_id).update(
            comments_fetched=now, comments_disabled=outcome == DISABLED
        )
        run.save()


def _store(comments: list[client.Comment], *, now: datetime) -> int:
    """Insert or refresh the comments; how many of them were known."""
    known = Comment.objects.filter(pk__in=[c.comment_id for c in comments]).count()
    Comment.objects.bulk_create(
        [Comment(**asdict(comment), fetched_at=now) for comment in comments],
        update_conflicts=True,
        unique_fields=["comment_id"],
        update_fields=["author", "text", "like_count", "published_at", "fetched_at"],
    )
    return known
