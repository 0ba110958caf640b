from datetime import UTC, datetime, timedelta

import pytest

import sandbox
from sandbox.youtube.quota import Quota
from tests.sandbox.asking import ask


class Clock:
    """Stands still until it is set."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.mark.parametrize(
    "midnight",
    [
        datetime(2019, 3, 10, 8, tzinfo=UTC),  # clocks go forward two hours later
        datetime(2019, 3, 11, 7, tzinfo=UTC),
        datetime(2019, 11, 3, 7, tzinfo=UTC),  # clocks go back two hours later
        datetime(2019, 11, 4, 8, tzinfo=UTC),
        datetime(2019, 7, 4, 7, tzinfo=UTC),
    ],
)
def test_quota_is_renewed_at_midnight_pacific(midnight):
    clock = Clock(midnight - timedelta(seconds=1))
    quota = Quota({"search": 1}, clock=clock)

    before = [quota.take("search"), quota.take("search")]
    clock.now = midnight
    after = [quota.take("search"), quota.take("search")]

    assert before == after == [True, False]


def test_quota_is_not_renewed_at_midnight_utc():
    clock = Clock(datetime(2019, 7, 4, 23, 59, tzinfo=UTC))
    quota = Quota({"search": 1}, clock=clock)
    quota.take("search")

    clock.now += timedelta(minutes=2)

    assert not quota.take("search")


@pytest.mark.parametrize("day", [datetime(2019, 3, 10), datetime(2019, 11, 3)])
def test_quota_is_renewed_once_on_the_nights_when_clocks_change(day):
    start = day.replace(tzinfo=UTC) + timedelta(minutes=30)  # the evening before there
    clock = Clock(start)
    quota = Quota({"search": 1}, clock=clock)
    taken = []
    for half_hours in range(48):
        clock.now = start + timedelta(minutes=30 * half_hours)
        taken.append(quota.take("search"))

    assert sum(taken) == 2


def test_serve_refuses_searches_when_their_bucket_is_dry_and_goes_on_tomorrow():
    clock = Clock(datetime(2019, 7, 4, 12, tzinfo=UTC))
    with sandbox.serve(clock=clock, searches_per_day=2) as server:
        today = [ask(server, "search").status for _ in range(3)]
        videos = ask(server, "videos", id="SAMPLE-0001").status
        clock.now += timedelta(days=1)
        tomorrow = ask(server, "search").status

    assert (today, videos, tomorrow) == ([200, 200, 403], 200, 200)


def test_serve_counts_videos_and_comments_in_one_bucket():
    with sandbox.serve(units_per_day=2) as server:
        ask(server, "videos", id="SAMPLE-0001")
        ask(server, "commentThreads", videoId="SAMPLE-0001")
        reply = ask(server, "videos", id="SAMPLE-0001")

    assert (reply.status, reply.reason) == (403, "quotaExceeded")
