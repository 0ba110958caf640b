"""Step 2, detection: a file's kind, its encoding, and the dialect of delimited text.

DuckDB's own sniffer finds nothing where a sample ends within a quoted cell.
"""

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from datasets.parsing.decode import SAMPLE_BYTES, read_head, read_sample_lines
from datasets.parsing.delimited import N_SAMPLED, split
from datasets.parsing.dialect import (
    ENCODINGS,
    Dialect,
    FileFormat,
    FileKind,
    detect_kind,
)
from datasets.parsing.errors import NotATable
from ml.recommend.data.lastfm import FORMS

SAMPLED_BYTES = 60_000  # charset-normalizer takes a second for a megabyte
MAX_CHAOS = 0.5  # by default it gives Polish names up
ONE_IN = 5  # UTF-16 of Latin letters is one half zero bytes
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
DELIMITERS = (",", "\t", ";", "|")
MAX_SNIFFED = 300_000  # characters
LONG_NAME = 64  # characters; longer cells name no column
MAX_SKIPPED = 20  # lines above the header
MAX_LOST = 0.02  # of the records: a quote that is data spoils few of them

Records = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class DetectedFile:
    """What a file is. Of the dialect a Parquet has nothing, JSON the encoding."""

    kind: FileKind
    dialect: Dialect


def detect(path: Path, name: str) -> DetectedFile:
    """Detect kind and dialect of the file at `path`, that its owner calls `name`.

    Raises NotATable.
    """
    kind = detect_kind(path, name)
    if kind.format == FileFormat.PARQUET:
        return DetectedFile(kind, Dialect())
    if (published := _published_dialect(name)) is not None:
        return DetectedFile(kind, published)
    encoding = detect_encoding(read_head(path, kind, SAMPLE_BYTES))
    if kind.format == FileFormat.JSON:
        return DetectedFile(kind, Dialect(encoding=encoding))
    sample = read_sample_lines(path, kind, encoding).text
    if not sample.strip():
        raise NotATable("The file has no line that is not empty.")
    dialect = detect_dialect(sample, tabs=".tsv" in name.lower())
    return DetectedFile(kind, replace(dialect, encoding=encoding))


def detect_encoding(sample: bytes) -> str:
    """Return the encoding of a sample, which may end within a character.

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
    not_ascii = b"\n".join(line for line in sample.splitlines() if not line.isascii())
    matches = from_bytes(
        not_ascii[:SAMPLED_BYTES],
        cp_isolation=[*ENCODINGS],
        preemptive_behaviour=False,
        threshold=MAX_CHAOS,
    )
    if (best := matches.best()) is None:
        return "latin-1"
    equals = {
        match.encoding
        for match in matches
        if (match.chaos, match.coherence) == (best.chaos, best.coherence)
    }
    usual = (name for name in ENCODINGS if name.replace("-", "_") in equals)
    return next(usual, best.encoding)


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def detect_dialect(sample: str, *, tabs: bool = False) -> Dialect:
    """Return the likeliest dialect of a sample, but for its encoding.

    Each candidate is scored by how many of the first records have as many columns as
    most; `tabs` says that the file's name ends in .tsv.
    """
    if (cut := sample.rfind("\n", 0, MAX_SNIFFED)) > 0:
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
    records = list(islice(split(sample, dialect), N_SAMPLED))
    if len(records) > 1 and len(records) < N_SAMPLED:
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
    return round(alike, 2 if alike < 1 - MAX_LOST else 3), width


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
    for number, record in enumerate(records[: MAX_SKIPPED + 1]):
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


def _published_dialect(name: str) -> Dialect | None:
    """The dialect of a table of plays that is published under this name, if it is one."""
    for form in FORMS:
        if name in (form.file, f"{form.file}.gz"):
            header = bool(form.n_header)
            names = () if header else form.columns
            return Dialect(
                delimiter=form.delimiter, quote="", header=header, names=names
            )
    return None
