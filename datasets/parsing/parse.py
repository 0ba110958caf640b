"""A file becomes a table: typed columns in Parquet, a profile, and what was refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb

from datasets.parsing import delimited, json_rows, preview, row_groups
from datasets.parsing.decode import as_plain, ends_differ, with_even_line_ends
from datasets.parsing.delimited import N_LOOKED_AT, raw_names, split
from datasets.parsing.detect import FileKind, Format, kind_of
from datasets.parsing.dialect import Dialect
from datasets.parsing.duckdb_session import connect, error_text, more_for
from datasets.parsing.errors import NotATable
from datasets.parsing.measure import ColumnProfile
from datasets.parsing.profile import profile
from datasets.parsing.rejects import Rejects
from datasets.parsing.types import Column, renamed

UNPACKED, COPIED = 20, 70  # per cent done when the file is unpacked, copied

Percent = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """What came of a file; the table lies in the folder that was given."""

    table: Path
    n_rows: int
    columns: list[ColumnProfile]
    refusals: Rejects


def parse(
    path: Path,
    name: str,
    dialect: Dialect,
    folder: Path,
    progress: Percent = lambda percent: None,
) -> ParsedTable:
    """Read the file at `path`, that its owner calls `name`, into `folder`, which exists.

    `progress` is told per cent. Needs about 300 MB of memory, and disk for the file
    unpacked, its table, and what DuckDB spills. Raises NotATable; whoever made the
    folder removes it then.
    """
    kind = kind_of(path, name)
    size = max(1, path.stat().st_size)
    done = 0

    def unpacked(n_bytes: int) -> None:
        nonlocal done
        done += n_bytes
        progress(min(UNPACKED, UNPACKED * done // size))

    plain = as_plain(path, kind, dialect.encoding, folder=folder, progress=unpacked)
    table = folder / "table.parquet"
    written = _write(
        path, kind, dialect, plain, table, _from_to(UNPACKED, COPIED, progress)
    )
    row_bytes = plain.stat().st_size / max(1, written.n_rows)
    told = _from_to(COPIED, 100, progress)
    try:
        profiles = describe(table, written.columns, told, more_mb=more_for(row_bytes))
        row_groups.bound(table, profiles)
    except duckdb.OutOfMemoryException as exc:
        raise NotATable(f"The table cannot be described: {error_text(exc)}") from exc
    for left in (folder / "plain", folder / "even"):
        left.unlink(missing_ok=True)
    return ParsedTable(table, written.n_rows, profiles, written.refusals)


def describe(
    table: Path,
    columns: list[Column],
    progress: Callable[[float], object] = lambda fraction: None,
    *,
    more_mb: float = 0,
) -> list[ColumnProfile]:
    """The profile of a Parquet file whose columns are known."""
    n_columns = min(len(columns), 400)
    with connect(table.parent, n_columns=n_columns, more_mb=more_mb) as connection:
        return profile(connection, table, columns, progress)


def _write(
    path: Path,
    kind: FileKind,
    dialect: Dialect,
    plain: Path,
    table: Path,
    told: Callable[[float], object],
) -> delimited.WrittenTable:
    if kind.format != Format.CSV:
        return json_rows.write(plain, kind.format, table, told)
    sample = preview.take_sample(path, kind, dialect.encoding)
    try:
        written = _write_lines(sample, dialect, plain, table, told)
    except duckdb.Error as exc:
        raise NotATable(f"The file cannot be read as it is: {error_text(exc)}") from exc
    if dialect.header or dialect.names:
        named = renamed(written.columns, raw_names(sample.text, dialect))
        return replace(written, columns=named)
    return written


def _write_lines(
    sample: preview.Sample,
    dialect: Dialect,
    plain: Path,
    table: Path,
    told: Callable[[float], object],
) -> delimited.WrittenTable:
    """Write the table; where lines end in two ways, and that is a problem, in one."""
    try:
        written = _write_text(sample, dialect, plain, table, told)
        if not written.refusals.n or not ends_differ(plain):
            return written
    except (duckdb.InvalidInputException, NotATable):
        if not ends_differ(plain):
            raise
    even = with_even_line_ends(plain, table.parent)
    return _write_text(sample, dialect, even, table, told)


def _write_text(
    sample: preview.Sample,
    dialect: Dialect,
    plain: Path,
    table: Path,
    told: Callable[[float], object],
) -> delimited.WrittenTable:
    folder = table.parent
    guessed = preview.guess_columns(sample, dialect, folder)
    n_records = len([*islice(split(sample.text, dialect), N_LOOKED_AT)])
    row_bytes = _row_bytes(sample, n_records)
    group = delimited.group_size(row_bytes)
    more_mb = more_for(row_bytes)
    with connect(
        folder, files=(plain,), n_columns=len(guessed), more_mb=more_mb
    ) as connection:
        return delimited.write(
            connection, plain, dialect, guessed, table, group=group, progress=told
        )


def _row_bytes(sample: preview.Sample, n_records: int) -> float:
    lines = sample.text.count("\n") or sample.text.count("\r") or 1
    return len(sample.text) / max(1, lines if n_records >= N_LOOKED_AT else n_records)


def _from_to(low: int, high: int, progress: Percent) -> Callable[[float], object]:
    return lambda fraction: progress(low + int((high - low) * fraction))
