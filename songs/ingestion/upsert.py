"""Store what YouTube returned about videos as rows.

Planning (`plan_upsert`) and writing (`write`) are two steps, so that a dry run can stop
between them. Writes touch ingestion columns only: never a label, never a prediction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from songs.models import NewVideo, Origin, RefusedVideo
from songs.models.video import Gone
from songs.youtube.client import Video, VideoListing

TEXT_COLUMNS = ("video_title", "video_description", "channel_title", "tags")
COLUMNS = (
    *TEXT_COLUMNS,
    "channel_id",
    "published_at",
    "duration",
    "licence",
    "embeddable",
    "region_blocked",
    "region_allowed",
    "video_thumbnail",
    "topics",
    "language",
    "view_count",
    "like_count",
    "comment_count",
)
STATE_COLUMNS = ("origin", "gone_since", "gone_why")
NOT_STATED = "licence not stated"


@dataclass
class UpsertPlan:
    """What is to be written, and the counts of it."""

    rows: list[NewVideo] = field(default_factory=list)  # new and changed ones
    unchanged: list[str] = field(default_factory=list)  # known, and as they were
    missing: list[str] = field(default_factory=list)  # known, YouTube has them no more
    unread: list[str] = field(default_factory=list)  # known, the item was garbled
    refused: dict[str, str] = field(default_factory=dict)  # unknown id: reason
    new: int = 0
    updated: int = 0  # known and offered, something about them changed
    same: int = 0  # known and offered, nothing changed
    returned: int = 0  # of those, gone until now
    refusals: Counter[str] = field(default_factory=Counter)  # by reason, known or not


def plan_upsert(listing: VideoListing, *, origin: str, now: datetime) -> UpsertPlan:
    """Decide what each item of videos.list means for the catalogue; writes nothing.

    A video that we may not offer is refused when it is unknown, and gone when it is
    known. An item that does not state the licence decides nothing.
    """
    ids = [video.video_id for video in listing.videos]
    ids += [*listing.missing, *(id_ for id_, _ in listing.refused if id_)]
    known = NewVideo.objects.defer("search").in_bulk(ids)
    plan = UpsertPlan()
    for video in listing.videos:
        if video.licence is None:
            _plan_undecided(plan, video.video_id, NOT_STATED, known)
        else:
            _plan_readable(
                plan, video, known.get(video.video_id), origin=origin, now=now
            )
    for video_id, reason in listing.refused:
        _plan_undecided(plan, video_id, reason, known)
    for video_id in listing.missing:
        plan.refusals[Gone.UNAVAILABLE] += 1
        if video_id in known:
            plan.missing.append(video_id)
        else:
            plan.refused[video_id] = Gone.UNAVAILABLE
    return plan


def write(plan: UpsertPlan, *, origin: str, now: datetime) -> None:
    """Store the plan, all of it or nothing."""
    with transaction.atomic():
        _lock(plan)
        NewVideo.objects.bulk_create(
            sorted(plan.rows, key=lambda row: row.video_id),
            update_conflicts=True,
            unique_fields=["video_id"],
            update_fields=[*COLUMNS, *STATE_COLUMNS, "text_changed", "last_fetched"],
        )
        NewVideo.objects.filter(pk__in=plan.unchanged).update(last_fetched=now)
        mark_missing(plan.missing, now=now)
        _mark_requested([*plan.missing, *plan.unread], now=now)
        RefusedVideo.objects.filter(pk__in=[row.pk for row in plan.rows]).delete()
        _remember(plan.refused, origin=origin, now=now)
        if plan.rows and origin == Origin.YOUTUBE:
            _remove_samples(now=now)


def _lock(plan: UpsertPlan) -> None:
    """Lock the known videos by id: one order for all writers, so no deadlock."""
    ids = [*(row.pk for row in plan.rows), *plan.unchanged, *plan.missing, *plan.unread]
    known = NewVideo.objects.filter(pk__in=ids).order_by("pk")
    list(known.select_for_update(no_key=True).values_list("pk"))


def mark_missing(video_ids: Iterable[str], *, now: datetime) -> None:
    """YouTube does not have them, or not for us; their text waits for its 30th day."""
    NewVideo.objects.filter(pk__in=video_ids, gone_since=None).update(
        gone_since=now, gone_why=Gone.UNAVAILABLE
    )


def _plan_readable(
    plan: UpsertPlan,
    video: Video,
    known: NewVideo | None,
    *,
    origin: str,
    now: datetime,
) -> None:
    why = _gone_why(video)
    if why:
        plan.refusals[why] += 1
        if known is None:
            plan.refused[video.video_id] = why
            return
    row = _row(video, origin=origin, now=now)
    if why:
        row.gone_why = why
        row.gone_since = known.gone_since or now
    if known is None:
        plan.new += 1
        plan.rows.append(row)
        return
    plan.returned += known.gone_since is not None and not why
    if not _differs(known, row, (*COLUMNS, *STATE_COLUMNS)):
        plan.same += not why
        plan.unchanged.append(row.pk)
        return
    row.text_changed = (
        Now() if _differs(known, row, TEXT_COLUMNS) else known.text_changed
    )
    plan.updated += not why
    plan.rows.append(row)


def _plan_undecided(
    plan: UpsertPlan, video_id: str | None, reason: str, known: dict[str, NewVideo]
) -> None:
    plan.refusals[reason] += 1
    if video_id in known:
        plan.unread.append(video_id)
    elif video_id is not None:
        plan.refused[video_id] = reason


def _gone_why(video: Video) -> str | None:
    """Why we may not offer it; a region block is no reason, players decide there."""
    if video.privacy not in (None, "public"):
        return Gone.UNAVAILABLE
    if video.licence != "creativeCommon":
        return Gone.LICENCE
    return Gone.EMBEDDING if video.embeddable is False else None


def _row(video: Video, *, origin: str, now: datetime) -> NewVideo:
    columns = {
        column: getattr(video, column)
        for column in COLUMNS
        if column != "video_thumbnail"
    }
    return NewVideo(
        video_id=video.video_id,
        origin=origin,
        last_fetched=now,
        video_thumbnail=video.thumbnail,
        **{
            column: list(value) if isinstance(value, tuple) else value
            for column, value in columns.items()
        },
    )


def _differs(known: NewVideo, row: NewVideo, columns: Iterable[str]) -> bool:
    return any(getattr(known, column) != getattr(row, column) for column in columns)


def _mark_requested(video_ids: list[str], *, now: datetime) -> None:
    """Put off the next fetch of rows that hold no text of the API.

    Where they do, `last_fetched` is the age of that text and stays.
    """
    rows = NewVideo.objects.filter(pk__in=video_ids)
    with_api_text = NewVideo.objects.from_api().with_text()
    rows.exclude(pk__in=with_api_text.filter(pk__in=video_ids)).update(last_fetched=now)


def _remember(refused: dict[str, str], *, origin: str, now: datetime) -> None:
    RefusedVideo.objects.bulk_create(
        [
            RefusedVideo(pk=id_, origin=origin, reason=reason[:100], refused_at=now)
            for id_, reason in sorted(refused.items())
        ],
        update_conflicts=True,
        unique_fields=["video_id"],
        update_fields=["origin", "reason", "refused_at"],
    )


def _remove_samples(*, now: datetime) -> None:
    """Real videos have come: samples go; those with labels or claims are hidden."""
    samples = NewVideo.objects.filter(origin=Origin.SAMPLE).exclude(
        gone_why=Gone.SAMPLE
    )
    ids = list(samples.select_for_update().values_list("pk", flat=True))
    if not ids:
        return
    samples = NewVideo.objects.filter(pk__in=ids)
    kept_for = ("labels", "suggestions", "content_claims")
    samples.filter(**{f"{name}__isnull": True for name in kept_for}).delete()
    samples.update(gone_since=now, gone_why=Gone.SAMPLE)
