"""A sandbox with the sample catalogue, and one with a CSV of a given size."""

import pytest

import sandbox
from tests.sandbox.asking import write_csv


@pytest.fixture
def server():
    with sandbox.serve() as server:
        yield server


@pytest.fixture
def numbered(tmp_path):
    """Serves that many videos called "Song 1", "Song 2", ... from a CSV."""

    def make(count, **options):
        rows = [(f"csv-{n:07}", f"Song {n}", f"Text {n}") for n in range(1, count + 1)]
        path = write_csv(tmp_path / "videos.csv", rows)
        return sandbox.serve(catalogue=path, **options)

    return make
