"""Whether the files of a recommender are those that were stored, by their SHA-256."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

BLOCK_SIZE = 1 << 20
MAX_CHECKED = 4096  # files that a process remembers to have checked


class StoreError(Exception):
    """Base of this module: the files of a recommender cannot be used."""


class FileMissing(StoreError):
    """A file of the recommender is missing. Train it again, or restore the files."""


class DigestMismatch(StoreError):
    """A file is not the one that was stored; nothing of it was used. Train again."""


class UnreadableFile(StoreError):
    """The digest is right, but the file is none of ours."""


def check(folder: Path, entries: Mapping[str, Any]) -> None:
    """Compare files with their digests; of those that did not change since, the times.

    Parameters
    ----------
    folder : Path
    entries : mapping
        As `write_arrays` returned it, from a source that is trusted.

    Raises
    ------
    FileMissing, DigestMismatch, UnreadableFile
    """
    for file, entry in entries.items():
        if Path(file).name != file:
            raise UnreadableFile(f"{file!r} is no name of a file")
        _check(folder / file, str(entry["sha256"]))


def _check(path: Path, sha256: str) -> None:
    try:
        stat = path.stat()
    except OSError as exc:
        raise FileMissing(f"{path}: {exc.strerror}") from exc
    found = _digest(path, stat.st_ino, stat.st_size, stat.st_mtime_ns)
    if found != sha256:
        raise DigestMismatch(f"{path}: SHA-256 {found} is not {sha256} of the manifest")


@lru_cache(MAX_CHECKED)
def _digest(path: Path, inode: int, size: int, changed: int) -> str:
    """Return the SHA-256 of a file; the other arguments tell whether it is the same."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_SIZE):
            digest.update(block)
    return digest.hexdigest()
