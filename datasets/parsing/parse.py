"""All steps of parsing: a file becomes a typed table in Parquet, a profile, and a list of rejects."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from datasets.duckdb_session import connect, error_text, memory_of_rows
from datasets.parsing import delimited, json_rows, row_groups
from datasets.parsing.columns import ColumnProfile
from datasets.parsing.decode import decode, read_sample_lines
from datasets.parsing.dialect import Dialect, FileFormat, detect_kind
from datasets.parsing.errors import NotATable
from datasets.parsing.profile import profile
from datasets.parsing.rejects import Rejects
from datasets.parsing.types import Column

DECODED, WRITTEN = 20, 70  # per cent done when the file is decoded, the table written
MAX_PROFILED = 400  # columns that the profile works on at once

Percent = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """What a file became; the table lies in the folder that was given."""

    table: Path
    n_rows: int
    columns: list[ColumnProfile]
    rejects: Rejects


def parse(
    path: Path,
    name: str,
    dialect: Dialect,
    folder: Path,
    progress: Percent = lambda percent: None,
) -> ParsedTable:
    """Read the file at `path`, that its owner calls `name`, into `folder`, which exists.

    `progress` gets per cent. Needs about 300 MB of memory, and disk for the file
    unpacked, its table, and what DuckDB spills. Raises NotATable; whoever made the
    folder removes it then.
    """
    kind = detect_kind(path, name)
    decoding = _part(0, DECODED, progress)
    decoded = decode(path, kind, dialect.encoding, folder=folder, progress=decoding)
    table = folder / "table.parquet"
    writing = _part(DECODED, WRITTEN, progress)
    if kind.format == FileFormat.CSV:
        sample = read_sample_lines(path, kind, dialect.encoding)
        written = delimited.write(sample, dialect, decoded, table, writing)
    else:
        written = json_rows.write(decoded, kind.format, table, writing)
    row_bytes = decoded.stat().st_size / max(1, written.n_rows)
    more_mb, profiling = memory_of_rows(row_bytes), _part(WRITTEN, 100, progress)
    try:
        columns = profile_table(table, written.columns, profiling, more_mb=more_mb)
        row_groups.bound(table, columns)
    except duckdb.OutOfMemoryException as exc:
        raise NotATable(f"The table cannot be profiled: {error_text(exc)}") from exc
    if decoded != path:
        decoded.unlink()
    return ParsedTable(table, written.n_rows, columns, written.rejects)


def profile_table(
    table: Path,
    columns: list[Column],
    progress: Callable[[float], object] = lambda fraction: None,
    *,
    more_mb: float = 0,
) -> list[ColumnProfile]:
    """Profile a Parquet file whose columns are known."""
    n_columns = min(len(columns), MAX_PROFILED)
    with connect(table.parent, n_columns=n_columns, more_mb=more_mb) as connection:
        return profile(connection, table, columns, progress)


def _part(low: int, high: int, progress: Percent) -> Callable[[float], object]:
    """Report fractions of one step as per cent of all."""
    return lambda fraction: progress(low + int((high - low) * fraction))
