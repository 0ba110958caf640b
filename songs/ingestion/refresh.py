"""`refresh_videos`: the 30-day rule, and the videos that YouTube no longer has.

Text and statistics of the API are fetched again after 25 days. What could not be
fetched by its 30th day is blanked, with or without a key or quota. Samples have no clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from songs.ingestion import comments, runs, upsert
from songs.ingestion.pull import REFUSED_FRESH
from songs.ingestion.transport import Clock, MeteredTransport
from songs.models import IngestRun, NewVideo, Origin, RefusedVideo
from songs.models.video import REFRESH_AGE, TEXT_LIFETIME, NewVideoQuerySet
from songs.youtube import client
from web import rate_limits

JOB = IngestRun.Job.REFRESH_VIDEOS
Status = IngestRun.Status

NO_LISTS: dict[str, list[str]] = {"tags": [], "topics": []}  # columns without null
BLANK = dict.fromkeys(upsert.COLUMNS) | NO_LISTS
IS_BLANK = NO_LISTS | {f"{column}__isnull": True for column in BLANK.keys() - NO_LISTS}
ONLY_YOUTUBE = (
    "DEVELOPER_KEY is not set: a sandbox cannot say what became of real videos."
)
BUDGET_SPENT = "The budget is spent; the next run refreshes the rest."


@dataclass
class Refreshed:
    """What a refresh did. `failure` is why it could not go on, if it could not."""

    run: IngestRun
    returned: int = 0  # gone videos that are offered again
    blanked: int = 0  # videos
    comments_deleted: int = 0
    paused: str | None = None  # why it ended early, and when it can go on
    failure: client.YouTubeError | None = None

    def __str__(self) -> str:
        run = self.run
        left_out = runs.reasons(run.refused)
        return (
            f"asked for {run.found}: {run.updated} updated, {run.unchanged} unchanged, "
            f"{self.returned} of them back, {sum(run.refused.values())} gone or refused"
            f"{f' ({left_out})' if left_out else ''}; past 30 days: {self.blanked} "
            f"videos blanked, {self.comments_deleted} comments deleted; "
            f"spent {run.calls.get('units', 0)} units"
        )


def refresh(
    connect: Callable[[], MeteredTransport],
    *,
    budget: int | None = None,
    now: Clock = timezone.now,
) -> Refreshed:
    """Fetch again what is due, the most urgent first, then blank what is too old.

    `budget` is in units, of 50 videos each; without one, what is left of the day's
    quota. Rows are blanked even if YouTube cannot be reached: that is `failure`.
    Raises AlreadyRunning.
    """
    with runs.exclusive(JOB), runs.recorded(JOB) as run:
        done = Refreshed(run)
        try:
            _refresh_due(_real(connect()), done, budget=budget)
        except client.QuotaExceeded as exc:
            done.paused = str(exc)
        except client.YouTubeError as exc:
            done.failure = exc
            run.status = Status.FAILED
        if done.paused:
            run.status = Status.PAUSED
        run.error = str(done.failure or done.paused or "")
        done.blanked = _blank(now())
        done.comments_deleted = comments.delete_old(now())
        RefusedVideo.objects.filter(refused_at__lte=now() - REFUSED_FRESH).delete()
        rate_limits.forget_old(now())
    return done


def due(now: datetime) -> NewVideoQuerySet:
    """Videos to fetch again, the most urgent first.

    First those whose text will have to go, then imported ones that the API has never
    seen, then those without text, which may have come back.
    """
    old = Q(last_fetched=None) | Q(last_fetched__lte=now - REFRESH_AGE)
    no_text = Q(video_title=None, video_description=None)
    urgency = Case(
        When(last_fetched=None, then=Value(1)),
        When(no_text, then=Value(2)),
        default=Value(0),
    )
    videos = NewVideo.objects.exclude(origin=Origin.SAMPLE).filter(old)
    return videos.order_by(urgency, "last_fetched", "video_id")


def _real(transport: MeteredTransport) -> MeteredTransport:
    if transport.origin != Origin.YOUTUBE:
        raise client.KeyRefused(ONLY_YOUTUBE)
    return transport


def _refresh_due(
    transport: MeteredTransport, done: Refreshed, *, budget: int | None
) -> None:
    units = budget or transport.left("units")
    size = client.MAX_IDS
    ids = list(due(transport.now()).values_list("pk", flat=True)[: units * size + 1])
    for start in range(0, len(ids), size):
        if budget and transport.calls["units"] >= budget:
            done.paused = BUDGET_SPENT
            return
        transport.require("units")
        _refresh_batch(transport, done, ids[start : start + size])


def _refresh_batch(
    transport: MeteredTransport, done: Refreshed, ids: list[str]
) -> None:
    now, run = transport.now(), done.run
    try:
        listing = client.list_videos(transport, ids)
    finally:
        run.calls = dict(transport.calls)
    plan = upsert.plan_upsert(listing, origin=transport.origin, now=now)
    run.found += len(ids)
    run.updated += plan.updated
    run.unchanged += plan.same
    run.refused = dict(plan.refusals + Counter(run.refused))
    done.returned += plan.returned
    with transaction.atomic():
        upsert.write(plan, origin=transport.origin, now=now)
        run.save()


def _blank(now: datetime) -> int:
    """Blank YouTube's text on rows past their 30th day; ids and labels stay."""
    old = NewVideo.objects.from_api().filter(last_fetched__lte=now - TEXT_LIFETIME)
    return old.exclude(**IS_BLANK).update(**BLANK)
