"""What a file is read as: its kind, by first bytes and name, and the dialect of text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Any

from datasets.parsing.errors import NotATable

HEAD_BYTES = 512
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".dat": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".parquet": "parquet",
}
NAMES = ".csv, .tsv, .json (each also .gz) and .parquet"
OTHER_FILES = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet: unpack it, or save it as CSV",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet: save it as CSV",
    b"SQLite format 3": "an SQLite database: export a table as CSV",
    b"\x28\xb5\x2f\xfd": "compressed with zstd: unpack it, or use gzip",
    b"BZh": "compressed with bzip2: unpack it, or use gzip",
    b"\xfd7zXZ": "compressed with xz: unpack it, or use gzip",
    b"version https://git-lfs": "a Git LFS pointer: run `git lfs pull` and send the file",
}
MAX_DELIMITER_BYTES = 4  # what the reader can take
ENCODINGS = (
    "utf-8",
    "utf-16",
    "cp1252",
    "latin-1",
    "cp1250",
    "cp1251",
    "shift_jis",
    "gb18030",
    "euc-kr",
)


class FileFormat(StrEnum):
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A format, and whether it is packed with gzip; its text is stored with a version."""

    format: FileFormat
    gzip: bool

    def __str__(self) -> str:
        return f"{self.format}, gzip" if self.gzip else str(self.format)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Everything that a CSV does not say about itself.

    `quote` is empty where quotes are ordinary characters; `names` are the columns of a
    file without a header, or replace those of one that has it; `skip` counts the lines
    before the header or the first row.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    skip: int = 0
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            codecs.lookup(self.encoding)
            "".encode(self.encoding)  # a codec of text, not of bytes
        except (LookupError, ValueError) as exc:
            raise NotATable(f"The encoding {self.encoding!r} is unknown.") from exc
        size = len(self.delimiter.encode())
        if not 1 <= size <= MAX_DELIMITER_BYTES or set(self.delimiter) & set("\r\n\0"):
            raise NotATable(
                f"The delimiter {self.delimiter!r} is not 1 to {MAX_DELIMITER_BYTES} "
                "bytes within a line."
            )
        if len(self.quote.encode()) > 1 or self.quote in ("\r", "\n", "\0"):
            raise NotATable(f"The quote {self.quote!r} is not one ASCII character.")
        if self.quote and self.quote in self.delimiter:
            raise NotATable("Delimiter and quote are the same.")
        if self.skip < 0:
            raise NotATable("The lines to skip cannot be fewer than 0.")

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Dialect:
        """Rebuild a dialect from the JSON of a version."""
        return cls(**stored | {"names": tuple(stored.get("names", ()))})


def detect_kind(path: Path, name: str) -> FileKind:
    """Return the kind by the first bytes at `path` and the `name` that its owner gave.

    Raises NotATable, with a remedy where there is one.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    named, says_gzip = _named(name)
    if not head:
        raise NotATable("The file is empty: 0 bytes.")
    if head.startswith(GZIP):
        if not says_gzip:
            raise NotATable(
                "The file is compressed with gzip: unpack it, or end its name in .gz."
            )
        return FileKind(named, gzip=True)
    refuse_other(head)
    if says_gzip:
        raise NotATable("The name ends in .gz, and the file is not gzip.")
    if head.startswith(PARQUET):
        return FileKind(FileFormat.PARQUET, gzip=False)
    if named == FileFormat.PARQUET:
        raise NotATable("The name ends in .parquet, and the file is not Parquet.")
    return FileKind(named, gzip=False)


def refuse_other(head: bytes) -> None:
    """Raise NotATable where the first bytes are those of something well known."""
    for beginning, what in OTHER_FILES.items():
        if head.startswith(beginning):
            raise NotATable(f"The file is {what}.")


def _named(name: str) -> tuple[FileFormat, bool]:
    path = PurePath(name.lower())
    says_gzip = path.suffix == ".gz"
    suffix = path.with_suffix("").suffix if says_gzip else path.suffix
    if suffix not in SUFFIXES or (says_gzip and suffix == ".parquet"):
        ending = "".join(path.suffixes[-2:])[:40] or "nothing"
        raise NotATable(f"The name ends in {ending}; read are {NAMES}.")
    return FileFormat(SUFFIXES[suffix]), says_gzip
