"""The monitor: stops the server when its last user is gone, however that one died.

    python -m music_selector.dev.postgres FOLDER

returns as soon as a monitor stands in the background, this one or an older one.
"""

import fcntl
import os
import sys
from pathlib import Path

from music_selector.dev.postgres import files


def watch(folder: Path) -> None:
    """Wait for the last user in a background process, then stop the server."""
    monitor_fd = files.open_file(folder / "monitor.lock")
    if not files.try_lock(monitor_fd, fcntl.LOCK_EX):
        return
    if os.fork():
        return
    os.chdir("/")
    users_fd = files.open_file(folder / "users.lock")
    fcntl.flock(users_fd, fcntl.LOCK_EX)
    files.stop_server(folder, users_fd)
    # In this order: a new user who gets users.lock must see that no monitor is left.
    os.close(monitor_fd)
    os.close(users_fd)


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
