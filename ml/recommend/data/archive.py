"""Published files, from a folder or from the archive they came in."""

import gzip
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

GZIP = b"\x1f\x8b"


class Source:
    """Files by their name: a path and those beside it, in a folder or a tar archive.

    Nothing is unpacked. Of an archive's members with the same name the first counts;
    links and devices are no files.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_archive = path.is_file() and tarfile.is_tarfile(path)
        self.folder = path if path.is_dir() else path.parent

    def find(self, names: list[str]) -> str | None:
        """Return the first of the source's files that has one of the names."""
        if self.is_archive:
            with tarfile.open(self.path) as archive:
                found = _find(archive, names)
                return Path(found.name).name if found else None
        if self.path.is_dir():
            return next((name for name in names if (self.path / name).is_file()), None)
        return self.path.name if self.path.name in names else None

    @contextmanager
    def open(self, name: str) -> Iterator[tuple[BinaryIO, int]]:
        """Open a file to read it; with its size in bytes, as it is stored.

        Raises
        ------
        FileNotFoundError
        """
        if self.is_archive:
            with tarfile.open(self.path) as archive:
                member = _find(archive, [name])
                if member is None:
                    raise FileNotFoundError(f"{name} is not in {self.path.name}")
                yield cast(BinaryIO, archive.extractfile(member)), member.size
            return
        path = self.folder / name
        with path.open("rb") as file, ExitStack() as stack:
            live: Any = file
            if file.peek(2).startswith(GZIP):
                live = stack.enter_context(gzip.open(file))
            yield live, path.stat().st_size


def _find(archive: tarfile.TarFile, names: list[str]) -> tarfile.TarInfo | None:
    for member in archive:
        if member.isreg() and Path(member.name).name in names:
            return member
    return None
