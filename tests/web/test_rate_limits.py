from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from web.models import RequestCount
from web.rate_limits import count_request, forget_old

NOW = datetime(2026, 11, 21, 10, 0, 20, tzinfo=UTC)
LIMITS = {60: 2, 86_400: 3}


def count(*, now=NOW, who="one", what="test"):
    return count_request(what, who=who, limits=LIMITS, now=now)


def ask(**options):
    return count(**options).wait


def test_count_request_says_what_is_left_where_least_is(db):
    assert [count()[:3], count()[:3], count()[:3]] == [
        (2, 1, 40),
        (2, 0, 40),
        (2, -1, 40),
    ]
    assert count(now=NOW + timedelta(minutes=1))[:2] == (3, -1)


def test_count_request_waits_for_the_next_minute_after_the_limit(db):
    assert [ask() for _ in range(3)] == [0, 0, 40]
    assert ask(now=NOW + timedelta(seconds=40)) > 0  # the day, by then


def test_count_request_waits_for_the_next_day_after_the_limit_of_the_day(db):
    waits = [ask(now=NOW + timedelta(minutes=minute)) for minute in range(4)]
    assert waits == [0, 0, 0, 14 * 3600 - 20 - 180]
    assert ask(now=NOW + timedelta(days=1)) == 0


def test_count_request_counts_people_and_things_apart(db):
    assert [ask(), ask(), ask(who="other"), ask(what="other")] == [0] * 4


def test_count_request_with_a_clock_behind_counts_in_the_later_window(db):
    ask(), ask()
    assert ask(now=NOW - timedelta(seconds=30)) > 60


def test_count_request_is_one_statement(db, django_assert_num_queries):
    ask()
    with django_assert_num_queries(1):
        ask()


@pytest.mark.django_db(transaction=True)
def test_count_request_lets_no_request_slip_by_when_many_come_at_once():
    def at_once(_):
        try:
            return ask()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(at_once, range(40)))
    assert waits.count(0) == 2


def test_forget_old_deletes_the_windows_that_are_over(db):
    ask()
    forget_old(NOW + timedelta(hours=1))
    assert RequestCount.objects.count() == 2
    forget_old(NOW + timedelta(days=2))
    assert not RequestCount.objects.exists()
