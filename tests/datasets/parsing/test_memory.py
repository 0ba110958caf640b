"""Fault 28: what would fill the memory is refused, or read in a bounded part of it."""

import gzip
import io
from collections.abc import Callable
from threading import Event, Thread

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets.parsing.errors import NotATable

MB = 1_000_000


def most_memory(work: Callable[[], object]) -> int:
    """Bytes by which this process is larger at most while it works."""
    process, done = psutil.Process(), Event()
    sizes = [process.memory_info().rss]

    def look():
        while not done.wait(0.005):
            sizes.append(process.memory_info().rss)

    beside = Thread(target=look)
    beside.start()
    try:
        work()
    finally:
        done.set()
        beside.join()
    return max(sizes) - sizes[0]


def bomb() -> bytes:
    return gzip.compress(b"a,b\n" + b"1,2\n" * 30_000_000, 1)


@pytest.mark.parametrize(
    ("make", "name", "said"),
    [
        (bomb, "a.csv.gz", "gzip bomb"),
        (lambda: b"a,b\n" + b"x" * 100 * MB, "a.csv", "Line 1 is longer|Line 2 is"),
        (lambda: b'{"a":' + b"[" * 100_000, "a.json", "JSON"),
        (lambda: b"[" * 100 * MB, "a.json", "JSON"),
    ],
    ids=["bomb", "line", "nested", "brackets"],
)
def test_files_that_would_fill_the_memory_are_refused(parse, make, name, said):
    content = make()

    def refuse():
        with pytest.raises(NotATable, match=said):
            parse(content, name)

    assert most_memory(refuse) < 100 * MB


def test_cells_that_repeat_are_stored_in_bounded_memory(parse):
    texts = [f"{n % 20:02}" + "y" * 20_000 for n in range(10_000)]
    file = io.BytesIO()
    pq.write_table(pa.table({"t": texts}), file)

    assert most_memory(lambda: parse(file.getvalue(), "a.parquet")) < 400 * MB
