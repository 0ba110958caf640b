"""Delimited text becomes a typed Parquet file.

DuckDB reads the file. The header and the records of a sample are split here, since
detection has to try dialects that DuckDB would not guess.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import duckdb

from datasets.duckdb_session import (
    Fraction,
    connect,
    error_text,
    memory_of_rows,
    name,
    text,
)
from datasets.parsing import decode
from datasets.parsing import rejects as rejected
from datasets.parsing.decode import TextSample
from datasets.parsing.dialect import Dialect
from datasets.parsing.errors import NotATable
from datasets.parsing.row_groups import WrittenTable, copy, group_size
from datasets.parsing.types import (
    BATCH_OF_LONG,
    MAX_COLUMNS,
    OTHER_TYPE,
    Column,
    note_renamed,
    types_of_texts,
    unique_names,
)

N_SAMPLED = 1000  # records
BUFFER_BYTES = 8_000_000  # a thread has two; a record must fit


def split(sample: str, dialect: Dialect) -> Iterator[list[str]]:
    """Yield the records of a sample without its skipped and empty lines.

    Ends within the first that has more columns than a table may have.
    """
    for _ in range(dialect.skip):
        sample = sample.partition("\n")[2]
    end = rf"({re.escape(dialect.delimiter)}|\r\n|\r|\n|\Z)"
    bare = rf"((?:(?!{re.escape(dialect.delimiter)})[^\r\n])*+)"
    quote = re.escape(dialect.quote)
    quoted = (
        rf" *{quote}((?:[^{quote}]|{quote}{quote})*+){quote} *" if quote else "(?!)()"
    )
    field = re.compile(f"(?:{quoted}{end}|{bare}{end})")
    record: list[str] = []
    at = 0
    while at < len(sample) and (match := field.match(sample, at)):
        inside, after, cell, after_bare = match.groups()
        if inside is None:
            record.append(cell)
        else:
            record.append(inside.replace(dialect.quote * 2, dialect.quote))
        at = match.end()
        if (after if inside is not None else after_bare) != dialect.delimiter:
            if record != [""]:
                yield record
            record = []
        elif len(record) > MAX_COLUMNS:
            yield record
            return
    if record:  # the sample ends with a delimiter
        yield [*record, ""]


def raw_names(sample: str, dialect: Dialect) -> list[str]:
    """Return the names in the header or the dialect; empty where neither has one.

    As many as most records have, or as the header has where it has more. Raises
    NotATable where there is no record, or far too many columns.
    """
    records = list(islice(split(sample, dialect), N_SAMPLED))
    if not records:
        raise NotATable("The file has no line that is not empty.")
    header = records.pop(0) if dialect.header else []
    widths = Counter(map(len, records or [header]))
    width = max(len(header), widths.most_common(1)[0][0])
    if width > MAX_COLUMNS:
        raise NotATable(f"Line 1 has more than {MAX_COLUMNS:,} columns.")
    named = dialect.names or header
    return [*named, *[""] * (width - len(named))]


def scan(
    decoded: Path, dialect: Dialect, names: Sequence[str], *, rejects: str = ""
) -> str:
    """Return the SQL that reads a text file of UTF-8, every column as text.

    Where `rejects` names a table, bad records go there; else they raise.
    """
    columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in names)
    parts = [
        text(str(decoded)),
        "auto_detect = false",
        f"delim = {text(dialect.delimiter)}",
        f"quote = {text(dialect.quote)}",
        f"escape = {text(dialect.quote)}",
        f"header = {dialect.header}",
        f"skip = {dialect.skip}",
        f"columns = {{{columns}}}",
        f"buffer_size = {BUFFER_BYTES}",
    ]
    if rejects:
        parts += [
            "store_rejects = true",
            f"rejects_table = '{rejects}'",
            f"rejects_scan = '{rejects}_scan'",
            f"rejects_limit = {rejected.MAX_ERRORS}",
        ]
    return f"read_csv({', '.join(parts)})"


def guess_columns(sample: TextSample, dialect: Dialect, folder: Path) -> list[Column]:
    """Return names and types of the columns by a sample."""
    names = unique_names(raw_names(sample.text, dialect))
    file = sample.write(folder)
    with connect(folder, n_columns=len(names)) as connection:
        source = scan(file, dialect, names, rejects="rejected")
        return types_of_texts(connection, source, names)


def write(
    sample: TextSample,
    dialect: Dialect,
    decoded: Path,
    target: Path,
    progress: Fraction = lambda fraction: None,
) -> WrittenTable:
    """Write `target`; raises NotATable.

    Where lines end in two ways, and that is a problem, they are made to end in one.
    """
    try:
        try:
            written = _write(sample, dialect, decoded, target, progress)
            retry = written.rejects.n > 0 and decode.has_mixed_line_ends(decoded)
        except (duckdb.InvalidInputException, NotATable):
            if not decode.has_mixed_line_ends(decoded):
                raise
            retry = True
        if retry:
            unix = decode.with_unix_line_ends(decoded, target.parent)
            written = _write(sample, dialect, unix, target, progress)
            unix.unlink()
    except duckdb.Error as exc:
        raise NotATable(f"The file cannot be read as it is: {error_text(exc)}") from exc
    if not dialect.header and not dialect.names:
        return written
    raw = raw_names(sample.text, dialect)
    return replace(written, columns=note_renamed(written.columns, raw))


def _write(
    sample: TextSample,
    dialect: Dialect,
    decoded: Path,
    target: Path,
    progress: Fraction,
) -> WrittenTable:
    """Write with the types of the sample, or by all values where one does not fit."""
    columns = guess_columns(sample, dialect, target.parent)
    names = [column.name for column in columns]
    row_bytes = _row_bytes(sample, dialect)
    group = group_size(row_bytes)
    with connect(
        target.parent,
        files=(decoded,),
        n_columns=len(names),
        more_mb=memory_of_rows(row_bytes),
    ) as connection:
        values = ", ".join(column.from_text for column in columns)
        table = "rejected"
        source = scan(decoded, dialect, names, rejects=table)
        try:
            n_rows = copy(
                connection, f"SELECT {values} FROM {source}", target, group, progress
            )
            if not n_rows:
                columns = types_of_texts(connection, source, names)
        except duckdb.InvalidInputException as exc:
            if OTHER_TYPE not in str(exc):
                raise
            target.unlink(missing_ok=True)
            table = "rejected_again"
            source = scan(decoded, dialect, names, rejects=table)
            columns, n_rows = _write_by_all_values(
                connection, source, names, target, group, progress
            )
        rejects = rejected.collect(connection, table, decoded, len(names))
    if rejects.n > n_rows:
        raise NotATable(rejected.too_many(rejects.n, rejects.first[0]))
    return WrittenTable(columns, n_rows, rejects)


def _row_bytes(sample: TextSample, dialect: Dialect) -> float:
    """Estimate the bytes of a record: by lines where the sample has many of them."""
    n_records = len([*islice(split(sample.text, dialect), N_SAMPLED)])
    if n_records >= N_SAMPLED:
        n_records = sample.text.count("\n") or sample.text.count("\r")
    return len(sample.text) / max(1, n_records)


def _write_by_all_values(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    names: Sequence[str],
    target: Path,
    group: int,
    progress: Fraction,
) -> tuple[list[Column], int]:
    raw = target.with_name("raw.parquet")
    copy(connection, f"SELECT * FROM {source}", raw, group, progress)
    relation = f"read_parquet({text(str(raw))})"
    columns = types_of_texts(connection, relation, names, batch=BATCH_OF_LONG)
    values = ", ".join(f"{column.cast} AS {name(column.name)}" for column in columns)
    n_rows = copy(
        connection, f"SELECT {values} FROM {relation}", target, group, progress
    )
    raw.unlink()
    return columns, n_rows
