"""`make run` as a newcomer meets it: real processes, ports and signals."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from music_selector.dev import run
from music_selector.dev.postgres import NAME, PORT
from music_selector.dev.postgres.server import Server
from sandbox import serve

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 60
END_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class House:
    """`manage.py run` with a data folder of its own."""

    def __init__(self, folder):
        self.port = free_port()
        self.env = {
            **{k: os.environ[k] for k in ("PATH", "HOME") if k in os.environ},
            "MOODIBEATS_DEV": "1",
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
        }
        self.process = None

    def start(self, **variables):
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=self.env | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self.read_until("admin   http")

    def read_until(self, words):
        lines = []
        too_late = threading.Timer(START_SECONDS, self.process.kill)
        too_late.start()
        for line in self.process.stdout:
            lines.append(line)
            if words in line:
                too_late.cancel()
                return "".join(lines)
        pytest.fail("ended early:\n" + "".join(lines))

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return json.load(answer)

    def wait_for(self, path):
        """The answer at `path` once it is no error."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                return self.get(path)
            except urllib.error.HTTPError as exc:
                exc.close()
            time.sleep(0.2)
        pytest.fail(f"{path} does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        return status

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

    def processes_at_last(self):
        """Those that are left when all have had the time to end."""
        deadline = time.monotonic() + END_SECONDS
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.processes()


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "data")
    yield house
    for _ in range(50):
        if not (left := house.processes()):
            return
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)


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
    assert house.processes_at_last() == {}


def test_run_again_duplicates_nothing_and_keeps_the_password(house):
    house.start()
    before = len(house.get("/api/new-videos/"))
    house.stop()

    said = house.start()

    assert len(house.get("/api/new-videos/")) == before
    assert "password" not in said
    house.stop()


def test_run_starts_again_after_everything_was_killed(house):
    house.start()
    for pid in house.processes():
        os.kill(pid, signal.SIGKILL)
    house.process.wait()
    house.process.stdout.close()

    house.start()

    assert len(house.get("/api/new-videos/")) >= 200
    assert house.stop() == 0


def test_killing_run_alone_takes_web_and_worker_along(house):
    house.start()
    house.process.kill()
    house.process.wait()
    house.process.stdout.close()
    assert house.processes_at_last() == {}


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
        done = subprocess.run(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=house.env,
            check=False,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert f"Port {house.port} cannot be used" in done.stderr
