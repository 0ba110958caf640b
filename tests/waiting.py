"""Waiting in tests: for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

T = TypeVar("T")

PATIENCE_S = 300  # only what hangs takes as long, on a busy machine too
LOOK_S = 0.02  # between two looks

BLOCKED_BY_US = """
    SELECT FROM pg_locks  -- a transaction sees pg_stat_activity as it was at first
     WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"""


class WaitedInVain(AssertionError):
    """What a test waits for did not happen."""


def wait_until(
    condition: Callable[[], T], *, passing: tuple[type[Exception], ...] = ()
) -> T:
    """Return what the condition gives once that is true; `passing` errors may come first.

    Raises WaitedInVain after PATIENCE_S.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            if found := condition():
                return found
        except passing as exc:
            last: object = exc
        else:
            last = found
        if time.monotonic() > deadline:
            raise WaitedInVain(f"at last: {last!r}")
        time.sleep(LOOK_S)


def wait_until_somebody_waits_for_us() -> None:
    """Return once another connection waits for a lock that this one holds."""

    def blocked() -> int:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED_BY_US)
            return cursor.rowcount

    wait_until(blocked)
