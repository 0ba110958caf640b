"""Parses bytes as if somebody had sent them under a name."""

import pyarrow.parquet as pq
import pytest

from datasets.parsing import detect
from datasets.parsing import parse as parsing


@pytest.fixture
def parse(tmp_path):
    def read(content, name="table.csv", dialect=None, **more):
        path = tmp_path / "sent"
        path.write_bytes(content)
        dialect = dialect or detect.detect(path, name).dialect
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        return parsing.parse(path, name, dialect, folder, **more)

    return read


@pytest.fixture
def rows(parse):
    """The rows that come of bytes."""

    def read(*args, **more):
        found = pq.read_table(parse(*args, **more).table)
        return [tuple(row.values()) for row in found.to_pylist()]

    return read
