"""Videos as YouTube states their licence, stored by the road of every other video."""

from datetime import UTC, datetime, timedelta
from typing import Any

from songs.ingestion import upsert
from songs.models import NewVideo, Origin
from songs.youtube.client import Video, VideoListing
from tests.songs.fake_youtube import video_item

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
VIDEO_ID = "VIDEO000001"
FREE = {"license": "creativeCommon", "embeddable": True, "privacyStatus": "public"}


def hear(
    *,
    now: datetime = NOW,
    origin: str = Origin.YOUTUBE,
    title: str = "Rain",
    **status: Any,
) -> NewVideo:
    """Store what YouTube says of the video now: free to use, except for `status`."""
    snippet = {"title": title, "channelId": "UCcalm", "channelTitle": "Calm"}
    item = video_item(VIDEO_ID, snippet=snippet, status=FREE | status)
    _write(VideoListing((Video.from_item(item),), refused=(), missing=()), origin, now)
    return NewVideo.objects.get(pk=VIDEO_ID)


def miss(*, now: datetime) -> None:
    """Store that YouTube has the video no more."""
    _write(VideoListing((), refused=(), missing=(VIDEO_ID,)), Origin.YOUTUBE, now)


def _write(listing: VideoListing, origin: str, now: datetime) -> None:
    plan = upsert.plan_upsert(listing, origin=origin, now=now)
    upsert.write(plan, origin=origin, now=now)
