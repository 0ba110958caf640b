"""Counts what somebody asks for, once for all processes of the project.

The counts are rows of PostgreSQL, the one thing that all web processes share. One
statement counts a request and reads the count, so that no two requests at once see the
same one; Django's database cache reads and writes apart. Windows are those of the
clock (this minute, this UTC day), so that each who asks costs one row for each.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from web.models import RequestCount

LONGEST_WINDOW = timedelta(days=1)
COUNT = """
INSERT INTO songs_requestcount AS known (what, address, seconds, started, count)
VALUES {rows}
    ON CONFLICT (what, address, seconds) DO UPDATE
   SET count = CASE WHEN known.started < excluded.started THEN 1
                    ELSE known.count + 1 END,
       started = greatest(known.started, excluded.started)
RETURNING seconds, started, count
"""


class Allowance(NamedTuple):
    """What somebody may still ask for in the window that leaves it the least."""

    limit: int
    left: int  # below 0: this request is one too many
    resets: int  # seconds until that window is over

    @property
    def wait(self) -> int:
        """Seconds until it may ask again; 0: the request is within all limits."""
        return self.resets if self.left < 0 else 0


def count_request(
    what: str, *, who: str, limits: Mapping[int, int], now: datetime
) -> Allowance:
    """Count one request; returns what is left.

    `who` asks is the digest of an address, or the key of a program's token. `limits`
    maps the length of a window, in seconds and at most a day, to how many requests it
    may hold.
    """
    rows = [(what, who, length, _start(now, length), 1) for length in sorted(limits)]
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(rows=", ".join(["%s"] * len(rows))), rows)
        counted = cursor.fetchall()
    windows = [
        Allowance(
            limits[length],
            limits[length] - count,
            math.ceil(length - (now - started).total_seconds()),
        )
        for length, started, count in counted
    ]
    exceeded = [window for window in windows if window.left < 0]
    if exceeded:
        return max(exceeded, key=lambda window: window.resets)
    return min(windows, key=lambda window: window.left)


def forget_old(now: datetime) -> None:
    """Delete the counts of windows that are over."""
    RequestCount.objects.filter(started__lte=now - LONGEST_WINDOW).delete()


def _start(now: datetime, length: int) -> datetime:
    return datetime.fromtimestamp(now.timestamp() // length * length, UTC)
