"""What a file is, by its first bytes and its name; most of what it must not be."""

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path, PurePath

from charset_normalizer import from_bytes

from datasets.parsing.delimited import N_LOOKED_AT, split
from datasets.parsing.dialect import ENCODINGS, Dialect
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


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class FileKind:
    """What to read a file as."""

    format: Format
    gzip: bool

    def __str__(self) -> str:
        return f"{self.format}, gzip" if self.gzip else str(self.format)


def kind_of(path: Path, name: str) -> FileKind:
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
        return FileKind(named, gzip=True)
    refuse_other(head)
    if says_gzip:
        raise NotATable("The name ends in .gz, and the file is not gzip.")
    if head.startswith(PARQUET):
        return FileKind(Format.PARQUET, gzip=False)
    if named == Format.PARQUET:
        raise NotATable("The name ends in .parquet, and the file is not Parquet.")
    return FileKind(named, gzip=False)


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


MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ASKED_BYTES = 60_000  # charset-normalizer takes a second for a megabyte
MOST_CHAOS = 0.5  # by default it gives Polish names up
ONE_IN = 5  # UTF-16 of Latin letters is one half zero bytes


def guess_encoding(sample: bytes) -> str:
    """Name the encoding of a sample, which may end within a character.

    UTF-8 wherever it is possible: text in another encoding is hardly ever valid UTF-8.
    """
    for mark, encoding in MARKS.items():
        if sample.startswith(mark):
            return encoding
    if sample.count(0) * ONE_IN > len(sample):
        return (
            "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        )
    if _is_utf8(sample):
        return "utf-8"
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())
    found = from_bytes(
        telling[:ASKED_BYTES],
        cp_isolation=[*ENCODINGS],
        preemptive_behaviour=False,
        threshold=MOST_CHAOS,
    )
    if (best := found.best()) is None:
        return "latin-1"
    equals = [
        m.encoding
        for m in found
        if (m.chaos, m.coherence) == (best.chaos, best.coherence)
    ]
    usual = [name for name in ENCODINGS if name.replace("-", "_") in equals]
    return usual[0] if usual else best.encoding


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


DELIMITERS = (",", "\t", ";", "|")
LOOKED_AT = 300_000  # characters
LONG_NAME = 64  # characters; longer cells name no column
MOST_SKIPPED = 20  # lines above the header
MOST_LOST = 0.02  # of the records: a quote that is data spoils few of them

Records = Sequence[Sequence[str]]


def sniff(sample: str, *, tabs: bool = False) -> Dialect:
    """The likeliest dialect of a sample; encoding is not its business.

    Each candidate is scored by how many of the first records have as many columns as
    most; `tabs` says that the file's name ends in .tsv.
    """
    if (cut := sample.rfind("\n", 0, LOOKED_AT)) > 0:
        sample = sample[: cut + 1]
    best, best_score = Dialect(), (-1.0, 0)
    best_records = _records(sample, best)
    quotes = ('"', "") if '"' in sample else ('"',)
    for delimiter in ("\t", *DELIMITERS) if tabs else DELIMITERS:
        for quote in quotes if delimiter in sample else ():
            dialect = Dialect(delimiter=delimiter, quote=quote)
            records = _records(sample, dialect)
            score = _score(records)
            if score > best_score:
                best, best_score, best_records = dialect, score, records
    if best.quote and _quotes_are_data(sample, best):
        best = replace(best, quote="")
        best_records = _records(sample, best)
    skip = _above_header(sample, best, best_records)
    best = replace(best, skip=skip)
    return replace(best, header=has_header(best_records[skip:]))


def has_header(records: Records) -> bool:
    """Whether the first record names the columns: it looks unlike those below."""
    if not records:
        return False
    first, rest = records[0], records[1:]
    names = [cell.strip() for cell in first]
    if any(_is_number(cell) for cell in names):
        return False
    columns = [[row[i] for row in rest if len(row) > i] for i in range(len(names))]
    if any(_mostly_numbers(column) for column in columns):
        return True
    proper = [cell for cell in names if cell]
    short = all(len(cell) <= LONG_NAME for cell in proper)
    again = any(
        name in column for name, column in zip(names, columns, strict=True) if name
    )
    return bool(proper) and short and not again and len(set(proper)) == len(proper)


def _records(sample: str, dialect: Dialect) -> list[list[str]]:
    records = list(islice(split(sample, dialect), N_LOOKED_AT))
    if len(records) > 1 and len(records) < N_LOOKED_AT:
        return records if sample.endswith(("\n", "\r")) else records[:-1]
    return records


def _score(records: Records) -> tuple[float, int]:
    """How alike the records are, then how many columns they have."""
    if not records:
        return 0.0, 0
    width, n = Counter(map(len, records)).most_common(1)[0]
    alike = n / len(records)
    if width == 1:
        return 0.5 * alike if len(records) > 1 else 0.0, 1
    return round(alike, 2 if alike < 1 - MOST_LOST else 3), width


def _quotes_are_data(sample: str, dialect: Dialect) -> bool:
    """Whether cells such as `"Weird Al" Yankovic` are more usual than quoted ones.

    One of them is enough between tabs: who writes tabs hardly ever quotes.
    """
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    inside = rf"(?:^|{delimiter}){quote}[^{quote}\r\n]*{quote}"
    after = rf"{quote}|{delimiter}|[ ]*\r?$"
    n_data = len(re.findall(rf"{inside}(?!{after})", sample, re.MULTILINE))
    n_quoted = len(re.findall(rf"{inside}(?={after})", sample, re.MULTILINE))
    return n_data > (0 if dialect.delimiter == "\t" else n_quoted)


def _above_header(sample: str, dialect: Dialect, records: Records) -> int:
    """How many lines above the first record that is as wide as most have one column."""
    width = Counter(map(len, records)).most_common(1)[0][0] if records else 1
    for number, record in enumerate(records[: MOST_SKIPPED + 1]):
        if len(record) > 1 or width == 1:
            return number if len(record) == width else 0
    return 0


def _mostly_numbers(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell.strip()]
    return bool(known) and sum(map(_is_number, known)) > 0.9 * len(known)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
