"""Fault 32: uploads go to the disk, are bounded, and leave nothing when they end."""

import errno
import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from types import SimpleNamespace

import psutil
import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import UnreadablePostError
from django.test import RequestFactory

from datasets import paths
from datasets.errors import NoRoom
from datasets.upload import handler, receive
from datasets.upload.handler import IncomingFile
from tests.datasets.conftest import PLAYS
from tests.datasets.uploads import LINES, upload


@pytest.fixture
def post():
    """The request of a form with a file."""

    def send(content=PLAYS):
        file = SimpleUploadedFile("plays.csv", content, "text/csv")
        return RequestFactory().post("/", {"name": "Plays", "file": file})

    return send


def test_a_file_lies_on_the_disk(post):
    file = post().FILES["file"]

    assert isinstance(file, IncomingFile)
    assert (file.read(), file.size) == (PLAYS, len(PLAYS))
    assert paths.sweep_incoming() == 0
    file.close()
    assert list(paths.incoming().iterdir()) == []


def test_receive_takes_the_file_as_it_lies(post, ann):
    with post().FILES["file"] as file:
        version = receive.receive(ann, "", file)

    assert version.original.read_bytes() == PLAYS
    assert version.sha256 == hashlib.sha256(PLAYS).hexdigest()
    assert list(paths.incoming().iterdir()) == []


def test_a_request_that_says_it_is_too_large_is_not_read(post, settings):
    settings.DATASET_UPLOAD_BYTES = 100
    request = post()
    request.META["CONTENT_LENGTH"] = 2_000_000

    with pytest.raises(RequestDataTooBig):
        request.FILES  # noqa: B018  parses the body


def test_a_file_that_is_too_large_is_dropped(post, settings):
    settings.DATASET_UPLOAD_BYTES = 10
    with pytest.raises(RequestDataTooBig, match="More than"):
        post().FILES  # noqa: B018  parses the body

    assert list(paths.incoming().iterdir()) == []


def test_nothing_is_left_when_the_client_is_gone(post):
    request = post()
    half = request.META["wsgi.input"].read(150)

    class FilesGone(BytesIO):
        def read(self, size=-1):
            return super().read(size) or self.fail()

        def fail(self):
            raise ConnectionResetError

    request._stream = FilesGone(half)
    with pytest.raises(UnreadablePostError):
        request.FILES  # noqa: B018  parses the body
    del request

    assert list(paths.incoming().iterdir()) == []


def test_ten_uploads_at_once_take_no_memory():
    def memory():
        return psutil.Process().memory_info().rss

    def send(_):
        with upload(n=100).FILES["file"] as file:  # 6.5 MB
            return file.size, memory()

    send(0)
    before = memory()
    with ThreadPoolExecutor(10) as people:
        sizes, memories = zip(*people.map(send, range(10)), strict=True)

    assert set(sizes) == {100 * len(LINES)}
    assert max(memories) - before < 20_000_000
    assert list(paths.incoming().iterdir()) == []


@pytest.fixture
def full(monkeypatch):
    """Has the disk be full from now on, as the system says it or as it looks."""

    def say(*, looks):
        free = SimpleNamespace(free=paths.ROOM_LEFT if looks else 10**12)
        monkeypatch.setattr(paths.shutil, "disk_usage", lambda path: free)
        if not looks:
            monkeypatch.setattr(IncomingFile, "write", no_space, raising=False)

    def no_space(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    return say


@pytest.mark.parametrize("looks", [True, False])
def test_a_full_disk_refuses_the_file_and_keeps_nothing(post, full, looks):
    full(looks=looks)
    request = post()
    with pytest.raises(NoRoom, match="The disk of this site is full"):
        request.FILES  # noqa: B018  parses the body
    del request

    assert list(paths.incoming().iterdir()) == []


def test_a_disk_that_fills_while_a_file_comes_refuses_it(full, monkeypatch):
    monkeypatch.setattr(handler, "CHECK_EVERY", 200_000)
    room = iter([10**12, 10**12, 0, 0])
    usage = lambda path: SimpleNamespace(free=next(room))
    monkeypatch.setattr(paths.shutil, "disk_usage", usage)
    with pytest.raises(NoRoom):
        upload(n=20).FILES  # noqa: B018  1.3 MB

    assert list(paths.incoming().iterdir()) == []
