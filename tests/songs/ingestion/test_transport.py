from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from songs.ingestion import quota
from songs.ingestion.quota import BucketEmpty
from songs.ingestion.transport import MeteredTransport, Spend
from songs.models import Origin, QuotaDay
from songs.youtube.client import Item, QuotaExceeded, Unreachable
from tests.songs.fake_youtube import FakeTransport

NOON = datetime(2026, 7, 1, 19, 0, tzinfo=UTC)  # in Los Angeles


@pytest.fixture(autouse=True)
def small_limits(settings) -> None:
    settings.YOUTUBE_DAILY_LIMITS = {"search": 3, "units": 10}


class CountingTransport(FakeTransport):
    """A FakeTransport that counts its tries as HttpTransport does."""

    def __init__(self, spend: Spend, *answers: Item | Exception) -> None:
        super().__init__(*answers)
        self.spend = spend

    def call(self, method: str, params: Mapping[str, str | int]) -> Item:
        self.spend("search", 1)
        return super().call(method, params)


def metered(*answers: Item | Exception) -> MeteredTransport:
    return MeteredTransport(
        lambda spend: CountingTransport(spend, *answers), now=lambda: NOON
    )


@pytest.mark.django_db
def test_transport_counts_calls_that_fail_too():
    transport = metered({"items": []}, Unreachable("x", tries=1))
    transport.call("search.list", {})
    with pytest.raises(Unreachable):
        transport.call("search.list", {})

    assert (transport.calls, transport.left("search")) == ({"search": 2}, 1)


@pytest.mark.django_db
def test_transport_sends_nothing_once_the_ledger_is_full():
    transport = metered(*[{"items": []}] * 4)
    for _ in range(3):
        transport.call("search.list", {})
    with pytest.raises(BucketEmpty):
        transport.call("search.list", {})


@pytest.mark.django_db
def test_transport_remembers_that_youtube_said_no():
    transport = metered(QuotaExceeded(), {"items": []})
    with pytest.raises(QuotaExceeded, match="2026-07-02 07:00 UTC"):
        transport.call("search.list", {})
    with pytest.raises(BucketEmpty):
        transport.call("search.list", {})

    assert QuotaDay.objects.get().exhausted


@pytest.mark.django_db
def test_require_names_the_bucket_that_is_empty():
    quota.spend("units", 10, origin=Origin.YOUTUBE, now=NOON)

    with pytest.raises(BucketEmpty, match="units is spent"):
        metered().require("search", "units")
    metered().require("search")
