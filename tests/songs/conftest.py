"""A sandbox YouTube with a catalogue whose size the tests of the jobs can count on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import sandbox
from sandbox import Server
from songs.models import SearchProfile
from tests.songs.sandboxed import write_catalogue


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A sandbox with 180 videos: three pages of 50 and one of 30."""
    with sandbox.serve(catalogue=write_catalogue(tmp_path, videos=180)) as server:
        yield server


@pytest.fixture
def profile(db: None) -> SearchProfile:
    """The only profile that is enabled."""
    SearchProfile.objects.exclude(name="instrumental").update(enabled=False)
    return SearchProfile.objects.get(name="instrumental")
