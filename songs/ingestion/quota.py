"""The day's quota of YouTube, and the ledger of what was spent of it.

The buckets and their sizes are settings.YOUTUBE_DAILY_LIMITS; they fill up again at
midnight Pacific time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from songs.models import QuotaDay
from songs.youtube.client import QuotaExceeded

PACIFIC = ZoneInfo("America/Los_Angeles")

COUNT = """
INSERT INTO songs_quotaday AS today (origin, bucket, day, used, exhausted)
VALUES (%(origin)s, %(bucket)s, %(day)s, %(units)s, false)
ON CONFLICT (origin, bucket, day) DO UPDATE SET used = today.used + excluded.used
 WHERE NOT today.exhausted AND today.used + excluded.used <= %(limit)s
RETURNING used
"""


class BucketEmpty(QuotaExceeded):
    """Our own ledger says that the day's quota is spent; nothing was sent."""


def pacific_day(now: datetime) -> date:
    return now.astimezone(PACIFIC).date()


def resets_at(now: datetime) -> datetime:
    """The next midnight Pacific time, in UTC."""
    tomorrow = pacific_day(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, PACIFIC).astimezone(UTC)


def spend(bucket: str, units: int, *, origin: str, now: datetime) -> None:
    """Count `units` about to be spent; raises BucketEmpty if they are not there.

    One statement, for callers outside of a transaction: what is sent stays counted,
    and two processes cannot both take the last unit.
    """
    limit = settings.YOUTUBE_DAILY_LIMITS[bucket]
    values = {
        "origin": origin,
        "bucket": bucket,
        "day": pacific_day(now),
        "units": units,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        if units <= limit:
            cursor.execute(COUNT, values)
        if units > limit or cursor.fetchone() is None:
            raise BucketEmpty(spent_message(bucket, now))


def left(bucket: str, *, origin: str, now: datetime) -> int:
    """Units of `bucket` that can still be spent this Pacific day."""
    limit = settings.YOUTUBE_DAILY_LIMITS[bucket]
    today = QuotaDay.objects.filter(
        origin=origin, bucket=bucket, day=pacific_day(now)
    ).first()
    if today is None:
        return limit
    return 0 if today.exhausted else max(0, limit - today.used)


def mark_exhausted(bucket: str, *, origin: str, now: datetime) -> None:
    """Remember that YouTube itself refused: another program may use the same key."""
    QuotaDay.objects.update_or_create(
        origin=origin,
        bucket=bucket,
        day=pacific_day(now),
        defaults={"exhausted": True},
    )


def spent_message(bucket: str, now: datetime) -> str:
    """That the day's quota is spent, and when it is renewed."""
    what = "searches" if bucket == "search" else bucket
    return (
        f"The day's YouTube quota of {what} is spent; "
        f"go on at {resets_at(now):%Y-%m-%d %H:%M} UTC (midnight Pacific time)."
    )
