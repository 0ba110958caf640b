"""`make run` as a newcomer meets it: real processes, ports and signals."""

import json
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from music_selector.dev import run
from music_selector.dev.postgres import NAME, PORT
from music_selector.dev.postgres.server import Server
from sandbox import serve
from tests.environment import environment
from tests.processes import Start, end, free_port, read_until, run_python
from tests.waiting import PATIENCE_S, wait_until


class House:
    """`manage.py run` with a data folder of its own."""

    def __init__(self, folder: Path, start_python: Start) -> None:
        self.port = free_port()
        self.env = environment(DATA_DIR=str(folder), PORT=str(self.port))
        self.start_python = start_python
        self.process = None

    def start(self, **variables):
        self.process = self.start_python(
            *("manage.py", "run"),
            env=self.env | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return read_until(self.process, "admin   http")

    def get(self, path):
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def wait_for(self, path):
        """The answer at `path` once it is no error."""

        def answer():
            try:
                return self.get(path)
            except urllib.error.HTTPError as exc:
                exc.close()
                return None

        return wait_until(answer)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        end(self.process)
        return self.process.returncode

    def kill(self):
        """Kill all processes that work on our data folder, and those that they start."""

        def left():
            for pid in (pids := self.processes()):
                with suppress(ProcessLookupError):  # it ended by itself
                    os.kill(pid, signal.SIGKILL)
            return pids

        wait_until(lambda: not left())

    def processes(self):
        """Command lines of all processes that work on our data folder."""
        folder = self.env["DATA_DIR"].encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
                if folder in command or folder in (entry / "environ").read_bytes():
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode()
            except OSError:
                continue  # it ended while we looked
        return {pid: command for pid, command in found.items() if command}


@pytest.fixture
def house(tmp_path, start_python):
    house = House(tmp_path / "data", start_python)
    yield house
    house.kill()


@pytest.fixture(scope="session")
def left_behind(tmp_path_factory):
    """The data folder of a first run, which takes longer than those after it."""
    folder = tmp_path_factory.mktemp("first run") / "data"
    return SimpleNamespace(folder=folder, n_videos=None)


@pytest.fixture
def old_house(house, left_behind):
    """A house whose first run is over."""
    folder = house.env["DATA_DIR"]
    if left_behind.folder.exists():
        subprocess.run(["cp", "-a", left_behind.folder, folder], check=True)
        return house
    house.start()
    left_behind.n_videos = len(house.get("/api/new-videos/"))
    house.stop()
    wait_until(lambda: not house.processes())
    subprocess.run(["cp", "-a", folder, left_behind.folder], check=True)
    return house


@pytest.fixture
def operators_url(tmp_path):
    """DATABASE_URL of a server that is not the embedded one of the house."""
    server = Server(tmp_path / "operator")
    host = quote(str(server.use()), safe="")
    yield f"postgres://{NAME}@{host}:{PORT}/{NAME}"
    server.leave()


def test_run_pulls_predicts_serves_and_leaves_no_process(house):
    said = house.start()
    videos = house.get("/api/new-videos/")
    assert len(videos) >= 200
    assert all(video["predicted_moods"] for video in videos)
    assert re.search(r"Admin account: admin, password \S{16} ", said)
    for path in ("/", "/api/new-videos/", "/recommenders/", "/api/docs/", "/admin/"):
        assert f"http://127.0.0.1:{house.port}{path}\n" in said
    sample = house.wait_for("/api/recommenders/sample/similar/?item=quiet%20isotope")
    assert len(sample["results"]) == 10

    assert house.stop() == 0
    wait_until(lambda: not house.processes())


def test_run_again_duplicates_nothing_and_keeps_the_password(old_house, left_behind):
    said = old_house.start()

    assert len(old_house.get("/api/new-videos/")) == left_behind.n_videos
    assert "password" not in said
    old_house.stop()


def test_run_starts_again_after_everything_was_killed(old_house):
    house = old_house
    house.start()
    house.kill()

    house.start()

    assert len(house.get("/api/new-videos/")) >= 200
    assert house.stop() == 0


def test_killing_run_alone_takes_web_and_worker_along(old_house):
    house = old_house
    house.start()
    house.process.kill()
    wait_until(lambda: not house.processes())


def test_run_pulls_no_sample_into_the_database_of_an_operator(house, operators_url):
    with serve() as sandbox:
        said = house.start(DATABASE_URL=operators_url, YOUTUBE_API_ENDPOINT=sandbox.url)
        house.stop()
    assert "Nothing pulled: there is no DEVELOPER_KEY" in said
    assert sandbox.requests == []


@pytest.mark.parametrize(("status", "starts"), [(None, 1), (0, 1), (-9, 2)])
def test_worker_is_started_again_when_it_failed(monkeypatch, status, starts):
    started = []

    @contextmanager
    def child(*arguments, **variables):
        started.append(arguments)
        yield SimpleNamespace(poll=lambda: status)

    monkeypatch.setattr(run, "_child", child)
    monkeypatch.setattr(run, "WORKER_RESTART_SECONDS", 0)
    with run._worker() as worker:
        worker.keep_alive(lambda text: None)
    assert started == [("manage.py", "worker")] * starts


def test_run_names_a_port_that_is_taken(house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", house.port))
        taken.listen()
        done = run_python("manage.py", "run", env=house.env)
    assert done.returncode == 1
    assert f"Port {house.port} cannot be used" in done.stderr
