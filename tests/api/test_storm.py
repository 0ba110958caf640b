"""One listener's open playlist view, 120 GETs in 3 seconds, against a real web server."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from threading import Thread
from urllib.parse import quote

import psutil
import pytest
from django.conf import settings
from django.db import connection

from songs.models import NewVideo, Origin

PATHS = ["/api/new-videos-thumbnails/", "/api/new-videos/", "/api/predictions/"]
HEADERS = {"Authorization": "null", "Accept-Encoding": "gzip"}
N_VIDEOS, N_REQUESTS, STORM_S = 900, 120, 3
START_S = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url():
    """Where the test's database is, for another process."""
    where = connection.connection.info
    user, password, host = (
        quote(part or "", safe="") for part in (where.user, where.password, where.host)
    )
    return f"postgres://{user}:{password}@{host}:{where.port}/{where.dbname}"


@pytest.fixture
def web(transactional_db):
    """A web server of the test's database, with as many videos as in 2019."""
    NewVideo.objects.bulk_create(
        NewVideo(
            video_id=f"STORM{number:06}",
            video_title=f"Song {number} " * 5,
            video_thumbnail=f"https://i.ytimg.com/vi/STORM{number:06}/mqdefault.jpg",
            origin=Origin.IMPORT,
        )
        for number in range(N_VIDEOS)
    )
    port = free_port()
    environment = os.environ | {
        "MOODIBEATS_DEV": "1",
        "DATABASE_URL": database_url(),
        "PYTHONWARNINGS": "ignore",
    }
    command = ["gunicorn", "-b", f"127.0.0.1:{port}", "music_selector.wsgi"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=settings.BASE_DIR, env=environment
    )
    wait_for(port)
    with closing(Listener(port)) as first:  # the first request imports the views
        assert first.get(PATHS[0]) == 200
    yield Web(port, psutil.Process(server.pid))
    server.terminate()
    server.wait(START_S)


def wait_for(port):
    deadline = time.monotonic() + START_S
    while True:
        with closing(Listener(port).connection) as probe:
            try:
                return probe.connect()
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
        time.sleep(0.1)


class Web:
    def __init__(self, port, master):
        self.port, self.master = port, master

    def cpu_s(self):
        """The processor time that the web processes have used."""
        times = [process.cpu_times() for process in self.master.children()]
        return sum(one.user + one.system for one in times)


class Listener:
    """Asks on a connection of its own, and remembers validators as browsers do."""

    def __init__(self, port):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=START_S)
        self.tags = {}

    def close(self):
        self.connection.close()

    def get(self, path, *, fresh=False):
        known = {} if fresh or path not in self.tags else self.tags[path]
        self.connection.request("GET", path, headers=HEADERS | known)
        response = self.connection.getresponse()
        response.read()
        self.tags[path] = {"If-None-Match": response.headers["ETag"]}
        return response.status

    def storm(self, *, seconds=0.0, fresh=False):
        """The statuses of all requests, spread over that time."""
        start, statuses = time.monotonic(), []
        for number in range(N_REQUESTS):
            due = start + number * seconds / N_REQUESTS
            time.sleep(max(0, due - time.monotonic()))
            statuses.append(self.get(PATHS[number % len(PATHS)], fresh=fresh))
        return statuses


def test_storm_locks_nobody_out(web):
    statuses, others, waits = [], [], []
    with closing(Listener(web.port)) as listener, closing(Listener(web.port)) as other:
        storm = Thread(target=lambda: statuses.extend(listener.storm(seconds=STORM_S)))
        storm.start()
        while storm.is_alive():
            asked = time.monotonic()
            others.append(other.get(PATHS[1], fresh=True))
            waits.append(time.monotonic() - asked)
            time.sleep(0.2)
    assert statuses == [200] * 3 + [304] * 117
    assert set(others) == {200}
    assert max(waits) < 5


def test_storm_costs_half_as_much_with_validators(web):
    with closing(Listener(web.port)) as listener:
        costs = {}
        for fresh in (False, True):
            before = web.cpu_s()
            listener.storm(fresh=fresh)
            costs[fresh] = web.cpu_s() - before
    assert costs[False] < 0.6 * costs[True]
