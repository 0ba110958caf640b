"""Plain files: what was written is read, and nothing else is."""

import hashlib
import os
import pickle

import numpy as np
import pyarrow as pa
import pytest

from ml.recommend.storage.arrays import read_arrays, write_arrays
from ml.recommend.storage.checksums import DigestMismatch, FileMissing, UnreadableFile

ARRAYS = {
    "numbers": np.arange(12, dtype=np.float32).reshape(3, 4),
    "nothing": np.empty(0, np.int32),
    "one": np.array(2.5),
    "texts": pa.array(["AC/DC", "", "Björk"]),
    "no_texts": pa.array([], pa.string()),
}


def test_read_arrays_returns_what_was_written(tmp_path):
    found = read_arrays(tmp_path, write_arrays(tmp_path, ARRAYS))

    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].tolist() == array.tolist()
        assert found[name].type == array.type if name.endswith("texts") else True


def test_read_arrays_maps_numbers_that_nobody_can_change(tmp_path):
    found = read_arrays(tmp_path, write_arrays(tmp_path, ARRAYS))

    assert isinstance(found["numbers"].base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        found["numbers"][0] = 1


def test_write_arrays_refuses_what_would_be_pickled(tmp_path):
    with pytest.raises(ValueError, match="allow_pickle"):
        write_arrays(tmp_path, {"objects": np.array([{}], object)})


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_read_arrays_refuses_a_truncated_file(tmp_path, cut):
    entries = write_arrays(tmp_path, {"a": np.arange(99)})
    content = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(content[:-cut])

    with pytest.raises(DigestMismatch, match=r"a\.npy"):
        read_arrays(tmp_path, entries)


def test_read_arrays_never_unpickles(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "executed"),)

    np.save(tmp_path / "a.npy", np.array([Evil()], object), allow_pickle=True)
    (tmp_path / "b.npy").write_bytes(pickle.dumps(Evil()))
    for name in ("a.npy", "b.npy"):
        entries = {name: {"sha256": sha256(tmp_path / name)}}
        with pytest.raises(UnreadableFile):
            read_arrays(tmp_path, entries)

    assert not (tmp_path / "executed").exists()


def test_read_arrays_compares_digests_again_when_a_file_changed(tmp_path):
    entries = write_arrays(tmp_path, {"a": np.zeros(9)})
    read_arrays(tmp_path, entries)

    write_arrays(tmp_path, {"a": np.ones(9)})

    with pytest.raises(DigestMismatch):
        read_arrays(tmp_path, entries)


def test_read_arrays_says_what_is_missing_and_stays_in_its_folder(tmp_path):
    with pytest.raises(FileMissing, match=r"a\.npy: No such file"):
        read_arrays(tmp_path, {"a.npy": {"sha256": ""}})
    with pytest.raises(UnreadableFile, match="no name of a file"):
        read_arrays(tmp_path, {"../a.npy": {"sha256": ""}})


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
