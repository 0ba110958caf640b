"""Rejected records: which lines of a file are left out, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from datasets.duckdb_session import run
from datasets.parsing.errors import NotATable

MAX_STORED = 1_000  # records that are listed
MAX_ERRORS = 100_000  # of which a wide row may have many; more is no table
MAX_TEXT = 200  # characters of a rejected line
CHUNK = 4 * 1024 * 1024
REASONS = {
    "UNQUOTED VALUE": "a quote is out of place or never closed",
    "INVALID ENCODING": "bytes that are not of this encoding",
    "LINE SIZE OVER MAXIMUM": "a record of more than 2,000,000 bytes",
}


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A record that is left out: the line of the file it begins in, from 1, and why."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Rejects:
    """How many records were left out, and the first of them; stored with a version."""

    n: int = 0
    first: list[RejectedRow] = field(default_factory=list)


def collect(
    connection: duckdb.DuckDBPyConnection, table: str, decoded: Path, n_columns: int
) -> Rejects:
    """Read the reject table that DuckDB wrote while it read `decoded`.

    Raises NotATable when it is full: the rest of the problems is not known then.
    """
    n_errors, n = run(
        connection, f"SELECT count(*), count(DISTINCT line_byte_position) FROM {table}"
    )[0]
    rows = run(
        connection,
        "SELECT line_byte_position, any_value(error_type), any_value(error_message),"
        f" any_value(csv_line[1:{MAX_TEXT}]) FROM {table}"
        f" GROUP BY 1 ORDER BY 1 LIMIT {MAX_STORED}",
    )
    lines = _lines_at([at for at, *_ in rows], decoded)
    first = []
    for line, (_, error, message, text) in zip(lines, rows, strict=True):
        shown = text.strip("\r\n").replace("\0", "�")
        first.append(RejectedRow(line, _reason(error, message, n_columns), shown))
    if n_errors >= MAX_ERRORS:
        raise NotATable(too_many(n, first[0]))
    return Rejects(n, first)


def too_many(n: int, first: RejectedRow) -> str:
    """Describe a file with more bad records than good ones, or no end of them."""
    return (
        f"{n:,} or more records cannot be read, the first in line {first.line}: "
        f"{first.reason}. Are delimiter, quote and encoding right?"
    )


def _reason(error: str, message: str, n_columns: int) -> str:
    if error in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        n_found = message.rpartition("Found: ")[2]
        return f"{n_found} columns instead of {n_columns}"
    return REASONS.get(error, error.lower())


def _lines_at(offsets: Sequence[int], decoded: Path) -> Iterable[int]:
    """Return the line numbers of records by the ascending offsets that DuckDB gives.

    It counts from 1, and from the line ends before a record where there are some.
    """
    lines, line, at = [], 1, 0
    with decoded.open("rb") as file:
        newline = b"\n" if b"\n" in file.read(CHUNK) else b"\r"
        file.seek(0)
        for offset in offsets:
            while at < offset - 1 and (chunk := file.read(min(CHUNK, offset - 1 - at))):
                line += chunk.count(newline)
                at += len(chunk)
            while (byte := file.read(1)) in (b"\r", b"\n"):
                line += byte == newline
                at += 1
            file.seek(at)
            lines.append(line)
    return lines
