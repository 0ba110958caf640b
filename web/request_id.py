"""The name of the request that a thread is answering, for its log lines."""

import random
import re
from contextvars import ContextVar

HEADER = "X-Request-ID"
NONE = "-"  # a command, the worker, the web process between requests
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")

_current: ContextVar[str] = ContextVar("request_id", default=NONE)


def begin(requested: str) -> str:
    """Name the request that begins: as a proxy asked, if that is well-formed.

    The name stays after the answer is made: its body may still be streamed. The next
    request of the thread brings its own.
    """
    known = WELL_FORMED.fullmatch(requested)
    request_id = requested if known else f"{random.getrandbits(64):016x}"  # no secret
    _current.set(request_id)
    return request_id


def current() -> str:
    """The name of the request that this thread answers, or NONE."""
    return _current.get()
