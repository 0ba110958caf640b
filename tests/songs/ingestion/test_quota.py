from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from songs.ingestion import quota
from songs.ingestion.quota import BucketEmpty
from songs.models import Origin, QuotaDay

NOON = datetime(2026, 7, 1, 19, 0, tzinfo=UTC)  # in Los Angeles
HOUR = timedelta(hours=1)
REAL = Origin.YOUTUBE


@pytest.fixture(autouse=True)
def small_limits(settings) -> None:
    settings.YOUTUBE_DAILY_LIMITS = {"search": 3, "units": 10}


def spend(units: int = 1, *, at: datetime = NOON, origin: str = REAL) -> None:
    quota.spend("search", units, origin=origin, now=at)


def left(*, at: datetime = NOON, origin: str = REAL) -> int:
    return quota.left("search", origin=origin, now=at)


@pytest.mark.django_db
def test_spend_counts_down_to_the_limit_and_not_past_it():
    for expected in (2, 1, 0):
        spend()
        assert left() == expected
    with pytest.raises(BucketEmpty, match="searches is spent"):
        spend()
    assert QuotaDay.objects.get().used == 3


@pytest.mark.django_db
def test_spend_names_the_time_of_the_reset():
    with pytest.raises(BucketEmpty, match="2026-07-02 07:00 UTC"):
        spend(4)


@pytest.mark.django_db
def test_spend_that_would_pass_the_limit_takes_nothing():
    spend(2)
    with pytest.raises(BucketEmpty):
        spend(2)
    assert left() == 1


@pytest.mark.django_db
def test_spend_with_a_limit_of_nothing(settings):
    settings.YOUTUBE_DAILY_LIMITS = {"search": 0, "units": 0}
    with pytest.raises(BucketEmpty):
        spend()
    assert left() == 0


@pytest.mark.django_db
def test_buckets_and_origins_are_separate():
    spend(3)

    assert left(origin=Origin.SAMPLE) == 3
    assert quota.left("units", origin=REAL, now=NOON) == 10


@pytest.mark.django_db
def test_the_bucket_fills_at_midnight_pacific_and_not_at_midnight_utc():
    spend(3, at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))

    assert left(at=datetime(2026, 7, 2, 6, 59, tzinfo=UTC)) == 0
    assert left(at=datetime(2026, 7, 2, 7, 0, tzinfo=UTC)) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first_hour", "hours_of_the_day"),
    [
        (datetime(2026, 3, 8, 8, tzinfo=UTC), 23),  # clocks go forward
        (datetime(2026, 11, 1, 7, tzinfo=UTC), 25),  # and back: 1:30 comes twice
    ],
)
def test_the_bucket_fills_once_in_a_night_of_changing_clocks(
    first_hour: datetime, hours_of_the_day: int
):
    spend(3, at=first_hour)

    last_hour = first_hour + (hours_of_the_day - 1) * HOUR
    assert all(left(at=first_hour + nth * HOUR) == 0 for nth in range(hours_of_the_day))
    assert quota.resets_at(first_hour) == quota.resets_at(last_hour) == last_hour + HOUR
    assert left(at=last_hour + HOUR) == 3


@pytest.mark.django_db
def test_mark_exhausted_leaves_nothing_until_the_reset():
    spend()
    quota.mark_exhausted("search", origin=REAL, now=NOON)

    assert left() == 0
    with pytest.raises(BucketEmpty):
        spend()
    assert left(at=NOON + 24 * HOUR) == 3


@pytest.mark.django_db(transaction=True)
def test_spend_of_two_at_once_never_gives_the_last_one_twice(settings):
    settings.YOUTUBE_DAILY_LIMITS = {"search": 10, "units": 10}

    def try_to_spend(_: int) -> bool:
        try:
            spend()
        except BucketEmpty:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(try_to_spend, range(20))) == 10
