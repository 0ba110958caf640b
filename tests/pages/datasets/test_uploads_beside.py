"""Fault 28: large files come in, and everybody else is answered as before."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from threading import Barrier, Event

import psutil
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission

from datasets.models import DatasetVersion
from tests.api.test_storm import wait_until_somebody_listens
from tests.environment import environment
from tests.processes import database_url, free_port
from tests.waiting import PATIENCE_S

PATHS = ["/health/live/", "/api/new-videos/"]
LINES = b"1,2,3,4\n" * 8_192  # 64 kB
N_UPLOADS, N_PARTS, N_FIRST = 5, 240, 180  # files of 15 MB, of which 11 come first
MB = 1_000_000
TOKEN = "t" * 32
FIELD = 'Content-Disposition: form-data; name="{}"'
HEAD = (
    f"--B\r\n{FIELD.format('csrfmiddlewaretoken')}\r\n\r\n{TOKEN}\r\n"
    f'--B\r\n{FIELD.format("files")}; filename="{{}}.csv"\r\n\r\n'
)


@pytest.fixture
def web(transactional_db, client, make_user, tmp_path, start_python):
    """A web server of the test's database, and somebody who may upload."""
    ann = make_user("ann")
    ann.user_permissions.add(Permission.objects.get(codename="add_dataset"))
    client.force_login(ann)
    port = free_port()
    env = environment(
        DATABASE_URL=database_url(),
        DATA_DIR=str(tmp_path / "data"),
        SECRET_KEY=settings.SECRET_KEY,  # of the session
        PYTHONWARNINGS="ignore",
    )
    command = ("-m", "gunicorn", "-b", f"127.0.0.1:{port}", "music_selector.wsgi")
    server = start_python(*command, env=env)
    wait_until_somebody_listens(port)
    return Web(port, client.cookies["sessionid"].value, psutil.Process(server.pid))


class Web:
    def __init__(self, port, session, master):
        self.port, self.master = port, master
        self.cookies = f"sessionid={session}; csrftoken={TOKEN}"

    def get(self, path):
        with closing(HTTPConnection("127.0.0.1", self.port, PATIENCE_S)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status

    def upload(self, name, parts, size):
        head, tail = HEAD.format(name).encode(), b"\r\n--B--\r\n"
        headers = {
            "Content-Type": "multipart/form-data; boundary=B",
            "Content-Length": str(len(head) + size + len(tail)),
            "Cookie": self.cookies,
        }
        with closing(HTTPConnection("127.0.0.1", self.port, PATIENCE_S)) as connection:
            body = (part for some in ([head], parts, [tail]) for part in some)
            connection.request("POST", "/datasets/upload/", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers["Location"]

    def memory(self):
        return sum(child.memory_info().rss for child in self.master.children())


def in_two_goes(together, go_on):
    """A large file of which the end comes later."""
    for number in range(N_PARTS):
        if number == N_FIRST:
            together.wait(PATIENCE_S)
            assert go_on.wait(PATIENCE_S)
        yield LINES


def test_others_are_answered_while_large_files_come_in(web):
    first = web.upload("small", [LINES], len(LINES))  # loads what reads files
    assert first == (302, "/datasets/small/1/check/")
    assert [web.get(path) for path in PATHS] == [200, 200]
    before = web.memory()
    together, go_on = Barrier(N_UPLOADS + 1), Event()
    size = N_PARTS * len(LINES)

    with ThreadPoolExecutor(N_UPLOADS) as pool:
        sent = [
            pool.submit(web.upload, f"f{n}", in_two_goes(together, go_on), size)
            for n in range(N_UPLOADS)
        ]
        together.wait(PATIENCE_S)
        half_way = [web.get(path) for path in PATHS]
        held = web.memory() - before
        go_on.set()
        statuses, memory = [], [held]
        while not all(upload.done() for upload in sent):
            statuses += [web.get(path) for path in PATHS]
            memory.append(web.memory() - before)

    assert half_way == [200, 200]
    assert {*statuses} <= {200}
    assert {upload.result()[0] for upload in sent} == {302}
    assert DatasetVersion.objects.filter(size_bytes=size).count() == N_UPLOADS
    assert held < 20 * MB  # of 59 that were sent
    assert max(memory) < 70 * MB  # of 79, and beside them the first looks at five files
