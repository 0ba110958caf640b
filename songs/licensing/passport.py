"""The licence passport of a video: what was verified and when, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef

from songs.licensing import risk
from songs.licensing.attribution import Attribution, Work, attribution, channel_link
from songs.licensing.risk import CREATIVE_COMMONS, Channel, Facts, Statement, disclaimed
from songs.models import (
    ContentClaim,
    LicenceChange,
    ListedVideo,
    NewVideo,
    Origin,
)
from songs.models.video import Gone

COLUMNS = (
    "video_id",
    "video_title",
    "video_description",
    "origin",
    "channel_id",
    "channel_title",
    "licence",
    "embeddable",
    "region_blocked",
    "region_allowed",
    "first_seen",
    "last_fetched",
    "gone_since",
    "gone_why",
)
MAX_CHANGES = 100  # of one video; the latest are shown
MAX_OTHERS = 20  # videos of a channel that are looked at


@dataclass(frozen=True, slots=True)
class LicenceHistoryEntry:
    """One fact that YouTube gave differently from then on; None is "not known"."""

    at: datetime
    what: str  # "licence", "embeddable" or "gone"
    before: str | bool | None
    after: str | bool | None


@dataclass(frozen=True, slots=True)
class Verified:
    """The last time that YouTube stated the licence, and what it stated."""

    licence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Claims:
    """Reports of Content ID claims that a person here has accepted."""

    accepted: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Passport:
    """All that is known here about the licence of one video."""

    video: NewVideo
    verified: Verified | None  # None: never
    changes: list[LicenceHistoryEntry]  # the latest first
    claims: Claims
    attribution: Attribution
    safe_to_use: Statement


def passport(video_id: str, *, now: datetime) -> Passport:
    """The passport of any video of the catalogue, also of one that is gone.

    Raises NewVideo.DoesNotExist.
    """
    video = NewVideo.objects.only(*COLUMNS).get(pk=video_id)
    history = video.licence_changes.order_by("-at", "-id")[:MAX_CHANGES]
    history, claims = list(history), accepted_claims(video_id)
    verified = last_verified(video, history)
    return Passport(
        video,
        verified,
        [change for row in history for change in changes(row)],
        claims,
        attribution(_work(video, verified, history)),
        risk.statement(_facts(video, verified, claims), now=now),
    )


def attributions(videos: Iterable[NewVideo]) -> dict[str, Attribution]:
    """The credit of each of these videos, by id, as its passport has it."""
    videos = list(videos)
    histories: dict[str, list[LicenceChange]] = {video.pk: [] for video in videos}
    rows = LicenceChange.objects.filter(video__in=histories).order_by("-at", "-id")
    for row in rows:
        histories[row.video_id].append(row)
    return {
        video.pk: attribution(_work(video, last_verified(video, history), history))
        for video in videos
        for history in [histories[video.pk]]
    }


def changes(row: LicenceChange) -> list[LicenceHistoryEntry]:
    """What one row of the history says, a line for each thing."""
    pairs = {
        "licence": (row.licence_was, row.licence),
        "embeddable": (row.embeddable_was, row.embeddable),
        "gone": (row.gone_was, row.gone),
    }
    return [
        LicenceHistoryEntry(row.at, what, before, after)
        for what, (before, after) in pairs.items()
        if before != after
    ]


def last_verified(video: NewVideo, history: list[LicenceChange]) -> Verified | None:
    """From the row, or where its licence is no longer kept, from the history.

    `history` is the latest first. What a sandbox says of a sample verifies nothing.
    """
    if video.origin == Origin.SAMPLE:
        return None
    if video.licence and video.last_fetched:
        return Verified(video.licence, video.last_fetched)
    stated = (row for row in history if row.licence_was and row.verified_was)
    row = next(stated, None)
    return Verified(row.licence_was, row.verified_was) if row else None


def accepted_claims(video_id: str) -> Claims:
    """How many, and when the last was accepted."""
    claims = ContentClaim.objects.accepted().filter(video=video_id)
    return Claims(**claims.aggregate(accepted=Count("pk"), last=Max("reviewed_at")))


def channel_of(video: NewVideo) -> Channel | None:
    """What the latest other videos of its channel tell of it; None: it is not known."""
    if video.channel_id is None:
        return None
    listed = ListedVideo.objects.filter(channel_id=video.channel_id)
    latest = listed.exclude(pk=video.pk).order_by("-published", "-video")
    claims = ContentClaim.objects.accepted().filter(video=OuterRef("pk"))
    others = NewVideo.objects.filter(pk__in=latest.values("pk")[:MAX_OTHERS])
    rows = list(others.values_list("video_description", Exists(claims)))
    return Channel(
        n_videos=len(rows),
        n_disclaimed=sum(bool(text and disclaimed(text)) for text, _ in rows),
        n_claimed=sum(claimed for _, claimed in rows),
    )


def _work(
    video: NewVideo, verified: Verified | None, history: list[LicenceChange]
) -> Work:
    """Whoever used it while it was Creative Commons still has to name that licence."""
    free = verified.at if verified and verified.licence == CREATIVE_COMMONS else None
    if verified and not free:
        was = (row for row in history if row.licence_was == CREATIVE_COMMONS)
        row = next(was, None)
        free = row.verified_was if row else None
    return Work(
        video.video_title,
        video.channel_title,
        video.watch_url,
        channel_link(video.channel_id),
        verified=free,
    )


def _facts(video: NewVideo, verified: Verified | None, claims: Claims) -> Facts:
    return Facts(
        sample=video.origin == Origin.SAMPLE,
        gone_since=video.gone_since,
        gone_why=Gone(video.gone_why).label if video.gone_why else None,
        licence=verified.licence if verified else None,
        verified=verified.at if verified else None,
        embeddable=video.embeddable,
        blocked=video.region_blocked,
        allowed=video.region_allowed,
        description=video.video_description,
        channel=channel_of(video),
        claims=claims.accepted,
        last_claim=claims.last,
    )
