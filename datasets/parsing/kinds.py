"""What a file is, by its first bytes and its name; most of what it must not be."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from datasets.parsing.problems import NotATable

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


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Kind:
    """What to read a file as."""

    format: Format
    gzip: bool

    def __str__(self) -> str:
        return f"{self.format}, gzip" if self.gzip else str(self.format)


def kind_of(path: Path, name: str) -> Kind:
    """Tell the kind from the bytes at `path` and the `name` that its owner gave it.

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
        return Kind(named, gzip=True)
    refuse_other(head)
    if says_gzip:
        raise NotATable("The name ends in .gz, and the file is not gzip.")
    if head.startswith(PARQUET):
        return Kind(Format.PARQUET, gzip=False)
    if named == Format.PARQUET:
        raise NotATable("The name ends in .parquet, and the file is not Parquet.")
    return Kind(named, gzip=False)


def refuse_other(head: bytes) -> None:
    """Raise NotATable where the first bytes are those of something well known."""
    for beginning, what in OTHER_FILES.items():
        if head.startswith(beginning):
            raise NotATable(f"The file is {what}.")


def _named(name: str) -> tuple[Format, bool]:
    path = PurePath(name.lower())
    says_gzip = path.suffix == ".gz"
    suffix = path.with_suffix("").suffix if says_gzip else path.suffix
    if suffix not in SUFFIXES or (says_gzip and suffix == ".parquet"):
        ending = "".join(path.suffixes[-2:])[:40] or "nothing"
        raise NotATable(f"The name ends in {ending}; read are {NAMES}.")
    return Format(SUFFIXES[suffix]), says_gzip
