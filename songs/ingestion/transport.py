"""The connection to YouTube that the settings describe; every try is counted.

What it lets through is decided by the ledger of `songs.ingestion.quota`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from songs.ingestion import quota
from songs.models import Origin
from songs.youtube import client
from songs.youtube.client import Item, QuotaExceeded, Transport, call_cost
from songs.youtube.http import HttpTransport

Clock = Callable[[], datetime]
Spend = Callable[[str, int], None]

SANDBOX_KEY = "sandbox"  # it wants one as YouTube does, any will do
NO_KEY = (
    "DEVELOPER_KEY is not set. Make an API key for YouTube Data API v3 in the Google "
    "Cloud console, or set YOUTUBE_API_ENDPOINT to the address of a sandbox."
)


class MeteredTransport:
    """A transport whose every try is counted before it is sent, in the quota's ledger.

    `calls` has what was sent since it was made, by bucket; a run takes its own from it.

    `connect` is given the function that counts and returns the transport to use.
    Once YouTube refuses because the quota is spent, nothing is sent until it is renewed.
    """

    def __init__(
        self,
        connect: Callable[[Spend], Transport],
        *,
        origin: str = Origin.YOUTUBE,
        now: Clock = timezone.now,
    ) -> None:
        self.origin = origin
        self.now = now
        self.calls: Counter[str] = Counter()
        self._transport = connect(self._spend)

    def call(self, method: str, params: Mapping[str, str | int]) -> Item:
        """Raises what the inner transport raises; QuotaExceeded names the reset."""
        try:
            return self._transport.call(method, params)
        except quota.BucketEmpty:
            raise
        except QuotaExceeded as exc:
            bucket, _ = call_cost(method)
            quota.mark_exhausted(bucket, origin=self.origin, now=self.now())
            raise QuotaExceeded(quota.spent_message(bucket, self.now())) from exc

    def left(self, bucket: str) -> int:
        return quota.left(bucket, origin=self.origin, now=self.now())

    def require(self, *buckets: str) -> None:
        """Raises BucketEmpty if one of `buckets` has nothing left."""
        for bucket in buckets:
            if not self.left(bucket):
                raise quota.BucketEmpty(quota.spent_message(bucket, self.now()))

    def _spend(self, bucket: str, units: int) -> None:
        quota.spend(bucket, units, origin=self.origin, now=self.now())
        self.calls[bucket] += units


def youtube_transport(
    *, endpoint: str | None = None, now: Clock = timezone.now
) -> MeteredTransport:
    """The transport that the settings describe, or one to another `endpoint`.

    Without DEVELOPER_KEY only a sandbox replies: its videos have the origin sample, and
    a quota of their own. Raises youtube.KeyRefused without key and endpoint.
    """
    key, endpoint = settings.DEVELOPER_KEY, endpoint or settings.YOUTUBE_API_ENDPOINT
    if not key and not endpoint:
        raise client.KeyRefused(NO_KEY)
    return MeteredTransport(
        lambda spend: HttpTransport(
            key or SANDBOX_KEY, spend=spend, endpoint=endpoint or None
        ),
        origin=Origin.YOUTUBE if key else Origin.SAMPLE,
        now=now,
    )
