"""Counts what somebody asks for, once for all processes of the project.

The counts are rows of PostgreSQL, the one thing that all web processes share. One
statement counts a request and reads the count, so that no two requests at once see the
same one; Django's database cache reads and writes apart. Windows are those of the
clock (this minute, this UTC day), so that each who asks costs one row for each.
"""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from web.client_ip import client_address, digest
from web.models import RequestCount

LONGEST_WINDOW = timedelta(days=1)
MAX_REMEMBERED = 10_000
COSTLY_READ = ("costly read", "COSTLY_READ_LIMITS")  # of pages and of the API together
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


class RateQuota(NamedTuple):
    """Whose requests of which kind are counted, and how many each window may hold."""

    what: str
    who: str
    limits: Mapping[int, int]


# Who is over a limit is remembered in the process until the time has come, so that
# further requests cost no statement: until when, and the limit that was exceeded.
refused: dict[tuple[str, str, tuple[int, ...]], tuple[datetime, int]] = {}


def allow(quota: RateQuota, *, now: datetime) -> Allowance:
    """Count one request, unless it is known that it is one too many."""
    what, who, limits = quota
    key = what, who, tuple(limits.values())  # another quota is another chance
    until, limit = refused.get(key, (now, 0))
    if until > now:
        return Allowance(limit, -1, math.ceil((until - now).total_seconds()))
    allowance = count_request(what, who=who, limits=limits, now=now)
    if allowance.wait:
        if len(refused) >= MAX_REMEMBERED:
            refused.clear()  # they are counted again, and refused again
        refused[key] = now + timedelta(seconds=allowance.wait), allowance.limit
    return allowance


def quota_of_address(request: Any, what: str, setting: str) -> RateQuota:
    """What the address of this request may ask for, by the name of a setting."""
    address = digest(client_address(request))
    return RateQuota(what, address, getattr(settings, setting))


def rate_limit_headers(allowance: Allowance) -> dict[str, str]:
    """Headers that say how many requests are left, and for how many seconds."""
    return {
        "RateLimit-Limit": str(allowance.limit),
        "RateLimit-Remaining": str(max(0, allowance.left)),
        "RateLimit-Reset": str(allowance.resets),
    }


def costly_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that answers 429 to an address that asks for more than it may."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allowance = allow(quota_of_address(request, *COSTLY_READ), now=timezone.now())
        if not allowance.wait:
            return view(request, *args, **kwargs)
        page = render(request, "429.html", {"wait": allowance.wait}, status=429)
        for name, value in rate_limit_headers(allowance).items():
            page[name] = value
        page["Retry-After"] = str(allowance.wait)
        return page

    return limited


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
