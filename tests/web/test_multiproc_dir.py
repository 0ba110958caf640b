import os

import pytest

from web import multiproc_dir


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Makes the folder as a new server does."""
    monkeypatch.setattr(multiproc_dir, "gettempdir", lambda: tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return multiproc_dir.counts_folder.__wrapped__


@pytest.fixture
def left(tmp_path):
    """A folder with counts, of days ago."""
    folder = tmp_path / f"{multiproc_dir.PREFIX}old"
    folder.mkdir()
    (folder / "counter_1.db").touch()
    os.utime(folder, (0, 0))
    return folder


def test_folder_is_new_and_private(make, tmp_path):
    folder, another = make(), make()
    assert folder != another
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_server_left_is_removed(make, left):
    make()
    assert not left.exists()


def test_what_a_server_uses_stays(make, left):
    lock = multiproc_dir._lock(left)
    make()
    assert left.exists()
    os.close(lock)


def test_what_was_made_just_now_stays(make, left):
    os.utime(left)
    make()
    assert left.exists()
