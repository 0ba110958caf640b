"""Videos as CSV and NDJSON."""

import csv
import io
import json
import tracemalloc

import pytest

from api.http import formats
from songs.browse import search
from songs.browse.formats import FORMULA
from songs.models import NewVideo

EVIL = "=HYPERLINK(1)"


@pytest.fixture
def rows_of(client, db):
    """The rows of an answer as CSV."""

    def read(query="", **headers):
        response = client.get(f"/api/videos/{query}", headers=headers)
        assert response.status_code == 200
        return list(csv.DictReader(io.StringIO(response.getvalue().decode())))

    return read


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("?format=csv", "*/*", "text/csv; charset=utf-8"),
        ("", "text/csv", "text/csv; charset=utf-8"),
        ("?format=ndjson", "*/*", "application/x-ndjson; charset=utf-8"),
        ("", "application/x-ndjson", "application/x-ndjson; charset=utf-8"),
        ("", "application/json, text/csv;q=0.5", "application/json"),
    ],
)
def test_format_is_chosen(client, make_video, query, accept, kind):
    make_video()
    response = client.get(f"/api/videos/{query}", headers={"accept": accept})
    assert response["Content-Type"] == kind
    assert b"VIDEO000001" in response.getvalue()


@pytest.mark.parametrize("order", ["views", "rank&q=calm"])
def test_stream_is_all_that_match(rows_of, make_video, monkeypatch, order):
    monkeypatch.setattr(search, "STREAMED_ROWS", 2)
    for number in range(5):
        make_video(view_count=number, licence="creativeCommon" if number else None)
    rows = rows_of(f"?format=csv&licence=creativeCommon&ordering={order}")
    ids = [row["video_id"][-1] for row in rows]
    assert sorted(ids) == list("2345")
    assert order != "views" or ids == list("5432")


def test_stream_has_all_that_stay_as_they_are_once(client, make_video, monkeypatch):
    monkeypatch.setattr(search, "STREAMED_ROWS", 2)
    monkeypatch.setattr(formats, "ROWS_PER_CHUNK", 2)
    for number in range(8):
        make_video(view_count=number)
    answer = client.get("/api/videos/?format=ndjson&ordering=views&fields=video_id")
    pieces = iter(answer.streaming_content)
    lines = next(pieces)
    for pk, views in {"VIDEO000008": 2, "VIDEO000001": 99, "VIDEO000004": None}.items():
        NewVideo.objects.filter(pk=pk).update(view_count=views)
    NewVideo.objects.filter(pk="VIDEO000006").delete()
    make_video(video_id="VIDEO000009", view_count=4)
    lines += b"".join(pieces)
    ids = [json.loads(line)["video_id"][-1] for line in lines.splitlines()]
    assert [i for i in ids if i in "7532"] == list("7532")


def test_stream_with_a_limit_is_a_page_with_links(client, make_video):
    for _ in range(3):
        make_video()
    page = client.get("/api/videos/?format=ndjson&limit=2&fields=video_id")
    lines = [json.loads(line) for line in page.getvalue().splitlines()]
    assert lines == [{"video_id": "VIDEO000003"}, {"video_id": "VIDEO000002"}]
    rest = client.get(page["Link"].partition("<")[2].partition(">")[0])
    assert rest.getvalue() == b'{"video_id":"VIDEO000001"}\n'


def test_stream_of_nothing_is_a_header_or_nothing(client, rows_of):
    assert client.get("/api/videos/?format=ndjson").getvalue() == b""
    nothing = client.get("/api/videos/?format=csv&fields=moods,tags").getvalue()
    assert nothing == b"moods,tags\r\n"


@pytest.mark.parametrize("start", FORMULA)
def test_csv_calculates_nothing(rows_of, make_video, start):
    make_video(video_title=f"{start}1+1", channel_title=f"a{start}", tags=[EVIL])
    (row,) = rows_of("?format=csv&fields=video_title,channel_title,tags")
    assert row["video_title"] == f"'{start}1+1"
    assert row["channel_title"] == f"a{start}"
    assert json.loads(row["tags"]) == [EVIL]


def test_csv_leaves_ids_and_numbers_alone(rows_of, make_video, predicted):
    make_video(video_id="-a_bcdefghi", view_count=0, **predicted("SAD", 0.5))
    fields = "video_id,view_count,moods,labeled,predicted_sure,predicted_at"
    (row,) = rows_of(f"?format=csv&fields={fields}")
    assert row.pop("predicted_at").endswith("Z")
    assert list(row.values()) == ["-a_bcdefghi", "0", "SAD", "", "true"]


@pytest.mark.parametrize("format_", ["csv", "ndjson"])
def test_table_needs_no_more_memory_for_more_rows(format_):
    peaks = []
    for n_rows in (5_000, 50_000):
        tracemalloc.start()
        rows = (("x" * 200, number) for number in range(n_rows))
        for _ in formats.table(format_, ["title", "views"], rows):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_options_is_json_whatever_is_accepted(client, db):
    for accept in ("text/csv", "application/json"):
        response = client.options("/api/videos/", headers={"accept": accept})
        assert response["Content-Type"] == "application/json"
