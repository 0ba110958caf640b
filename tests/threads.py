"""Threads of tests: started together, each with its own connection, and joined."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from tests.waiting import PATIENCE_S


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all works at the same time; what they give, in order, or the first error."""
    together = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        together.wait(PATIENCE_S)
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [*pool.map(one, works)]
