"""Public answers come compressed as the client likes them, and mean the same."""

import gzip
import tracemalloc
from random import Random

import brotli
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from api.http import renderers
from web.compression import CompressPublic, preferred

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
NOISE = Random(1).randbytes(256)
PATHS = ["/api/new-videos/", "/api/videos/", "/api/new-videos/VIDEO000001/"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    {
        "gzip, deflate, br": "br",
        "br;q=1.0, gzip;q=0.8, *;q=0.1": "br",
        "GZIP, br;q=0.5": "gzip",
        "gzip": "gzip",
        "br": "br",
        "br;q=0, gzip": "gzip",
        "gzip;q=0": None,
        "gzip; q=0.0, br ; q=0": None,
        "deflate": None,
        "brx, xgzip": None,
        "identity": None,
        "": None,
        "br;q=x, gzip;;q=": None,
    }.items(),
)
def test_preferred_is_what_the_client_likes_best(accepted, coding):
    assert preferred(accepted) == coding


@pytest.mark.parametrize("coding", UNPACK)
@pytest.mark.parametrize("path", PATHS)
def test_compressed_answer_is_the_same_answer(client, make_video, path, coding):
    make_video(video_description="calm " * 200), make_video()
    plain = client.get(path)
    small = client.get(path, headers={"accept-encoding": coding})
    assert small["Content-Encoding"] == coding
    assert UNPACK[coding](small.getvalue()) == plain.getvalue()
    assert small["ETag"] == plain["ETag"]
    assert "Accept-Encoding" in small["Vary"]
    known = {"if-none-match": small["ETag"], "accept-encoding": coding}
    again = client.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("accepted", ["", "deflate", "identity", "br;q=0", "gzip;q=0"])
def test_answer_is_compressed_for_those_who_ask_only(client, make_video, accepted):
    make_video(), make_video()
    response = client.get(PATHS[0], headers={"accept-encoding": accepted})
    assert "Content-Encoding" not in response
    assert "Accept-Encoding" in response["Vary"]


def packed(response, coding="br"):
    request = RequestFactory().get("/", headers={"accept-encoding": coding})
    response.is_public = True
    return CompressPublic(lambda _: response)(request)


@pytest.mark.parametrize("coding", UNPACK)
@pytest.mark.parametrize("body", [b"", b"x" * 199, NOISE], ids=len)
def test_what_becomes_no_shorter_stays(coding, body):
    response = packed(HttpResponse(body), coding)
    assert response.content == body
    assert "Content-Encoding" not in response


def test_head_and_length_are_those_of_what_is_sent():
    response = packed(HttpResponse(b"calm " * 200))
    assert int(response["Content-Length"]) == len(response.content) < 200


@pytest.mark.parametrize("coding", UNPACK)
def test_compressing_needs_no_more_memory_for_more_rows(coding):
    peaks = []
    for n_rows in (5_000, 50_000):
        tracemalloc.start()
        rows = renderers.stream({"title": f"{row:0200}"} for row in range(n_rows))
        for _ in packed(rows, coding):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_stream_is_sent_while_it_is_read():
    read = []

    def rows():
        for row in range(4 * renderers.ROWS_PER_CHUNK):
            read.append(row)
            yield {"row": row}

    pieces = iter(packed(renderers.stream(rows())))
    first = next(pieces) + next(pieces)
    assert first
    assert len(read) < 3 * renderers.ROWS_PER_CHUNK
    whole = brotli.decompress(first + b"".join(pieces))
    assert whole.endswith(b'{"row":%d}]' % read[-1])
