"""The folder in which the web processes of one server count requests together."""

import fcntl
import os
import shutil
import time
from functools import cache
from pathlib import Path
from tempfile import gettempdir, mkdtemp

PREFIX = "moodibeats-metrics-"
SETTLED_S = 3600  # younger ones may be about to be locked


@cache  # gunicorn reads its configuration again on SIGHUP, and goes on counting
def counts_folder() -> Path:
    """A new private folder, locked while this process or a child of it is alive.

    What servers that were killed have left behind is removed.
    """
    for left in Path(gettempdir()).glob(f"{PREFIX}*"):
        _remove_if_abandoned(left)
    folder = Path(mkdtemp(prefix=PREFIX))
    _lock(folder)  # held until the last of us ends
    return folder


def _remove_if_abandoned(folder: Path) -> None:
    try:
        if folder.stat().st_mtime > time.time() - SETTLED_S:
            return
        lock = _lock(folder)
    except OSError:  # in use, somebody else's, or just gone
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)


def _lock(folder: Path) -> int:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock
