import json
import tracemalloc

import pytest
from django.db import OperationalError

from api.http import renderers


@pytest.mark.parametrize("n_rows", [0, 1, 499, 500, 501, 1000])
def test_json_array_is_one_valid_array(n_rows):
    rows = [{"id": number, "title": "]["} for number in range(n_rows)]
    assert json.loads(b"".join(renderers.json_array(rows))) == rows


def test_json_array_needs_no_more_memory_for_more_rows():
    peaks = []
    for n_rows in (5_000, 50_000):
        tracemalloc.start()
        for _ in renderers.json_array({"title": "x" * 200} for _ in range(n_rows)):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_stream_fails_at_once_where_nothing_can_be_read():
    def away():
        raise OperationalError
        yield

    with pytest.raises(OperationalError):
        renderers.stream(away())


def test_stream_reads_the_first_piece_only():
    rows = iter(range(10_000))
    renderers.stream(rows)
    assert next(rows) == renderers.FIRST_ROWS
