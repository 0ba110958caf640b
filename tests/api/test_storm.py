"""One listener's open playlist view, 120 GETs in a row, against a real web server."""

from contextlib import closing
from http.client import HTTPConnection

import psutil
import pytest

from songs.models import NewVideo, Origin
from tests.environment import environment
from tests.processes import database_url, free_port
from tests.threads import at_once
from tests.waiting import PATIENCE_S, wait_until

PATHS = ["/api/new-videos-thumbnails/", "/api/new-videos/", "/api/predictions/"]
HEADERS = {"Authorization": "null", "Accept-Encoding": "gzip"}
N_VIDEOS, N_REQUESTS, N_OTHERS = 900, 120, 15


@pytest.fixture
def web(transactional_db, start_python):
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
    server = start_python(
        *("-m", "gunicorn", "-b", f"127.0.0.1:{port}", "music_selector.wsgi"),
        env=environment(DATABASE_URL=database_url(), PYTHONWARNINGS="ignore"),
    )
    wait_until_somebody_listens(port)
    with closing(Listener(port)) as first:  # the first request imports the views
        assert first.get(PATHS[0]) == 200
    return Web(port, psutil.Process(server.pid))


def wait_until_somebody_listens(port):
    def connect():
        with closing(Listener(port).connection) as probe:
            probe.connect()
        return True

    wait_until(connect, passing=(ConnectionRefusedError,))


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
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
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

    def storm(self, *, fresh=False):
        """The statuses of all requests, one after the other."""
        return [
            self.get(PATHS[number % len(PATHS)], fresh=fresh)
            for number in range(N_REQUESTS)
        ]


def test_storm_locks_nobody_out(web):
    with closing(Listener(web.port)) as listener, closing(Listener(web.port)) as other:
        statuses, others = at_once(
            listener.storm,
            lambda: [other.get(PATHS[1], fresh=True) for _ in range(N_OTHERS)],
        )
    assert statuses == [200] * 3 + [304] * 117
    assert others == [200] * N_OTHERS


def test_storm_costs_half_as_much_with_validators(web):
    with closing(Listener(web.port)) as listener:
        costs = {}
        for fresh in (False, True):
            before = web.cpu_s()
            listener.storm(fresh=fresh)
            costs[fresh] = web.cpu_s() - before
    assert costs[False] < 0.6 * costs[True]
