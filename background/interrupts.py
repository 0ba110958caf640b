"""Being asked to end: SIGTERM as an exception."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Interrupted(BaseException):
    """Somebody asked this process to end (SIGTERM)."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM raise Interrupted, so that what was begun is put away.

    Whoever listens to SIGTERM already, e.g. the worker, goes on doing so.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or callable(signal.getsignal(signal.SIGTERM)):
        yield
        return

    def interrupt(signum: int, frame: FrameType | None) -> Any:
        raise Interrupted(signal.strsignal(signum))

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
