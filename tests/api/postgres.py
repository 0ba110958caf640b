"""A PostgreSQL of its own on a TCP port, to be stopped and started at will."""

from pathlib import Path

from music_selector.dev.postgres.account import choose_runner
from music_selector.dev.postgres.server import programs


class Postgres:
    """A server in `folder`, which its account may enter; made here, not yet started."""

    def __init__(self, folder: Path, *, port: int) -> None:
        self.folder, self.port = folder, port
        self.runner = choose_runner(folder, programs() / "postgres")
        self._run("initdb", "--username=postgres", "--auth=trust", "--no-sync")

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        where = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -F"
        log = self.folder / "server.log"
        self._run("pg_ctl", "start", "--wait", "--log", log, "--options", where)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate")

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [programs() / program, "-D", self.folder / "cluster", *arguments]
        self.runner.run(command).check_returncode()
