"""What the users of the embedded PostgreSQL share: its folder, locks and end.

Every fact about life and death is a kernel lock, which dies with its holder:

    users.lock    shared by every using process; exclusive while the server is stopped
    start.lock    exclusive while one process creates or starts the server
    server.lock   inherited by every PostgreSQL process: held as long as one lives
    monitor.lock  held by the monitor

Standard library only, because the monitor runs without the virtual environment.
"""

import fcntl
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from music_selector.dev.postgres import PORT

POLL_SECONDS = 0.01
FAST_STOP_SECONDS = 60.0  # then PostgreSQL is told to drop everything and recover later
SOCKET_NAME = f".s.PGSQL.{PORT}"


def open_file(path: Path, flags: int = os.O_RDWR) -> int:
    """Open, or create with mode 0600 for the owner of its folder; close it yourself."""
    fd = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(fd, owner.st_uid, owner.st_gid)
    return fd


def try_lock(fd: int, kind: int) -> bool:
    """Take the lock (fcntl.LOCK_SH or LOCK_EX) without waiting; say whether it is ours.

    A lock of the other kind held through `fd` is given up even on failure.
    """
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Say whether a process holds the lock exclusively."""
    fd = open_file(path)
    try:
        return not try_lock(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def socket_folder(folder: Path) -> Path | None:
    """The folder of the server's socket, or None if there is none to be trusted."""
    try:
        link = folder / "socket"
        path = Path(os.readlink(link))
        status = path.lstat()
        owner = (folder / "cluster").stat().st_uid
    except FileNotFoundError:
        return None
    return path if (status.st_uid, status.st_mode) == (owner, 0o40700) else None


def remove_socket_folder(folder: Path) -> None:
    """Remove what `socket` points to, and nothing but what PostgreSQL puts there."""
    path = socket_folder(folder)
    (folder / "socket").unlink(missing_ok=True)
    if path is not None:
        (path / SOCKET_NAME).unlink(missing_ok=True)
        (path / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
        path.rmdir()


def is_deleted(fd: int) -> bool:
    """Say whether the open file has lost its name: somebody removed the folder."""
    return os.fstat(fd).st_nlink == 0


def stop_server(folder: Path, users_fd: int) -> None:
    """Shut the server down and wait for its last process; no matter if none runs.

    The caller holds users.lock exclusively, through `users_fd`. A server whose folder
    was removed ends by itself within a minute; the one there now is not ours to stop.
    """
    if is_deleted(users_fd):
        return
    begin = time.monotonic()
    fd = open_file(folder / "server.lock")
    try:
        while not try_lock(fd, fcntl.LOCK_EX):
            is_late = time.monotonic() - begin > FAST_STOP_SECONDS
            _signal_postmaster(folder, signal.SIGQUIT if is_late else signal.SIGINT)
            time.sleep(POLL_SECONDS)
    finally:
        os.close(fd)
    remove_socket_folder(folder)


def _signal_postmaster(folder: Path, signal_number: int) -> None:
    # No such file: the server is just beginning or ending. No such process: somebody
    # killed the postmaster, and its children are on their way out.
    with suppress(FileNotFoundError, ProcessLookupError):
        first_line, _, _ = (
            (folder / "cluster" / "postmaster.pid").read_text().partition("\n")
        )
        if first_line:
            os.kill(int(first_line), signal_number)
