"""Arrays and texts as plain files, each with its SHA-256, read where they lie."""

import hashlib
import io
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ml.recommend.storage.checksums import UnreadableFile, check

COLUMN = "text"


class _Hashing(io.RawIOBase):
    """A binary file that knows the digest of what was written to it."""

    def __init__(self, file: Any) -> None:
        self.file, self.digest, self.n_bytes = file, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self.digest.update(view)
        self.n_bytes += len(view)
        self.file.write(view)
        return len(view)


def write_arrays(folder: Path, arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Write NumPy arrays as .npy and pyarrow StringArrays as Arrow IPC files.

    Parameters
    ----------
    folder : Path
        Is there.
    arrays : mapping
        By the name that becomes the file's, without its ending.

    Returns
    -------
    dict
        Name of each file to its ``sha256`` and ``n_bytes``; JSON-able.

    Raises
    ------
    ValueError
        If an array holds Python objects: those would have to be pickled.
    """
    entries = {}
    for name, array in arrays.items():
        if isinstance(array, np.ndarray | np.generic):
            file, write = f"{name}.npy", _write_numbers
        else:
            file, write = f"{name}.arrow", _write_texts
        entries[file] = _write(folder / file, array, write)
    return entries


def read_arrays(folder: Path, entries: Mapping[str, Any]) -> dict[str, Any]:
    """Map files into memory; nothing is read of them but what is looked at later.

    Parameters
    ----------
    folder : Path
    entries : mapping
        As `write_arrays` returned it, from a source that is trusted.

    Returns
    -------
    dict
        Read-only arrays by name. Each file is read once by a process to compare its
        digest, and again only if its time, size or inode changed.

    Raises
    ------
    FileMissing, DigestMismatch, UnreadableFile
    """
    check(folder, entries)
    arrays = {}
    for file in entries:
        path = folder / file
        try:
            if path.suffix == ".npy":
                mapped = np.load(path, mmap_mode="r", allow_pickle=False)
                arrays[path.stem] = np.asarray(mapped)  # whose slices cost less
            else:
                arrays[path.stem] = _read_texts(path)
        except (ValueError, OSError, EOFError, KeyError, pa.ArrowException) as exc:
            raise UnreadableFile(f"{path}: {exc}") from exc
    return arrays


def _write(path: Path, array: Any, write: Callable[[Any, Any], None]) -> dict[str, Any]:
    with path.open("wb") as file:
        hashing = _Hashing(file)
        write(hashing, array)
        file.flush()
        os.fsync(file.fileno())
    return {"sha256": hashing.digest.hexdigest(), "n_bytes": hashing.n_bytes}


def _write_numbers(file: Any, array: NDArray[Any]) -> None:
    np.save(file, array, allow_pickle=False)


def _write_texts(file: Any, array: Any) -> None:
    table = pa.table({COLUMN: array})
    with pa.ipc.new_file(pa.PythonFile(file, "w"), table.schema) as writer:
        writer.write_table(table, max_chunksize=max(len(array), 1))


def _read_texts(path: Path) -> Any:
    column = pa.ipc.open_file(pa.memory_map(str(path))).read_all()[COLUMN]
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
