"""Where the bytes of datasets lie: <DATA_DIR>/datasets/<dataset>/<version>/.

What is not complete lies in `incoming`, locked by whoever writes it, so that a sweep
can tell the leftovers of dead processes.
"""

import errno
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from datasets.errors import NoRoom

YOUNG_S = 60
ROOM_LEFT = 200_000_000  # bytes that stay free on the disk
FULL = (errno.ENOSPC, errno.EDQUOT)
INCOMING, LOCK = "incoming", "lock"


def root() -> Path:
    return settings.DATA_DIR / "datasets"


def incoming() -> Path:
    """The folder of what is not complete; made where it is missing."""
    folder = root() / INCOMING
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def working_folder() -> Iterator[Path]:
    """Make a locked folder; it is removed at the end, or by a sweep after a kill."""
    folder = Path(tempfile.mkdtemp(dir=incoming()))
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep_incoming() -> int:
    """Remove what dead processes left in `incoming`; return how many there were.

    What is young stays: for a moment it is there before its lock is taken.
    """
    swept = 0
    for path in incoming().iterdir():
        try:
            if time.time() - path.stat().st_mtime < YOUNG_S or _is_locked(path):
                continue
        except FileNotFoundError:  # its owner was done with it meanwhile
            continue
        remove(path)
        swept += 1
    return swept


def check_room(size: int = 0) -> None:
    """Raise NoRoom where `size` more bytes leave too little of the disk free."""
    if shutil.disk_usage(root()).free - size < ROOM_LEFT:
        raise NoRoom


@contextmanager
def disk_full_as_no_room() -> Iterator[None]:
    """Raise NoRoom in place of the system's errors of a full disk."""
    try:
        yield
    except OSError as exc:
        if exc.errno not in FULL:
            raise
        raise NoRoom from exc


def sync(path: Path) -> None:
    """Have a file on the disk before a row says that it is there."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def remove(path: Path) -> None:
    """Remove a file or a folder that may be gone already."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_locked(path: Path) -> bool:
    lock = path / LOCK if path.is_dir() else path
    if not lock.exists():
        return False
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
