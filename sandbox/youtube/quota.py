"""Quota buckets that run dry, and fill up again at midnight Pacific time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")

Clock = Callable[[], datetime]


class Quota:
    """What is left of each bucket today.

    `clock` gives timezone-aware times; `limits` units a day by bucket.
    """

    def __init__(self, limits: Mapping[str, int], *, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._day = self._today()
        self._used: Counter[str] = Counter()

    def take(self, bucket: str) -> bool:
        """Take one unit; False if the bucket is dry."""
        today = self._today()
        if today != self._day:
            self._day = today
            self._used.clear()
        if self._used[bucket] >= self._limits[bucket]:
            return False
        self._used[bucket] += 1
        return True

    def _today(self) -> date:
        return self._clock().astimezone(PACIFIC).date()
