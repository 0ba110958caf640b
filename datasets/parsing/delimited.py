"""A few lines of delimited text, split into records as the dialect says.

For the header and the first look; the file itself is read by DuckDB.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from datasets.parsing import rejects as refusals
from datasets.parsing.dialect import Dialect
from datasets.parsing.duckdb_session import Fraction, name, run, text
from datasets.parsing.errors import NotATable
from datasets.parsing.rejects import Rejects
from datasets.parsing.types import OF_LONG, Column, OtherType, types_of_texts

N_LOOKED_AT = 1000  # records
MOST_COLUMNS = 20_000
MOST_NAME = 200  # characters


def split(sample: str, dialect: Dialect) -> Iterator[list[str]]:
    """The records of a sample without its skipped and empty lines.

    Ends within the first that has more columns than a table may have.
    """
    for _ in range(dialect.skip):
        sample = sample.partition("\n")[2]
    end = rf"({re.escape(dialect.delimiter)}|\r\n|\r|\n|\Z)"
    plain = rf"((?:(?!{re.escape(dialect.delimiter)})[^\r\n])*+)"
    quote = re.escape(dialect.quote)
    quoted = (
        rf" *{quote}((?:[^{quote}]|{quote}{quote})*+){quote} *" if quote else "(?!)()"
    )
    field = re.compile(f"(?:{quoted}{end}|{plain}{end})")
    record: list[str] = []
    at = 0
    while at < len(sample) and (match := field.match(sample, at)):
        inside, after, bare, after_bare = match.groups()
        if inside is None:
            record.append(bare)
        else:
            record.append(inside.replace(dialect.quote * 2, dialect.quote))
        at = match.end()
        if (after if inside is not None else after_bare) != dialect.delimiter:
            if record != [""]:
                yield record
            record = []
        elif len(record) > MOST_COLUMNS:
            yield record
            return
    if record:  # the sample ends with a delimiter
        yield [*record, ""]


def raw_names(sample: str, dialect: Dialect) -> list[str]:
    """What the file calls its columns, or the dialect; empty where neither does.

    As many as most records have, or as the header has where it has more. Raises
    NotATable where there is nothing, or far too much.
    """
    records = list(islice(split(sample, dialect), N_LOOKED_AT))
    if not records:
        raise NotATable("The file has no line that is not empty.")
    header = records.pop(0) if dialect.header else []
    widths = Counter(map(len, records or [header]))
    width = max(len(header), widths.most_common(1)[0][0])
    if width > MOST_COLUMNS:
        raise NotATable(f"Line 1 has more than {MOST_COLUMNS:,} columns.")
    named = dialect.names or header
    return [*named, *[""] * (width - len(named))]


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names that a database can keep apart: none empty, none twice (case is ignored)."""
    taken = {"file_row_number"}  # how DuckDB calls the number of a row
    result = []
    for number, raw in enumerate(names, 1):
        name = " ".join(raw.replace("\0", "").split())[:MOST_NAME] or f"column{number}"
        wanted, again = name, 1
        while name.lower() in taken:
            again += 1
            name = f"{wanted}_{again}"
        taken.add(name.lower())
        result.append(name)
    return tuple(result)


GROUP_BYTES = 1_000_000  # of text in a row group: what a look at one row has to read
BUFFER_BYTES = 8_000_000  # a thread has two; a record must fit
LEAST_GROUP, MOST_GROUP = 2_048, 122_880  # rows; DuckDB writes multiples of the least


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """What is in the Parquet file that was written."""

    columns: list[Column]
    n_rows: int
    refusals: Rejects


def reading(
    plain: Path, dialect: Dialect, names: Sequence[str], *, rejects: str = ""
) -> str:
    """The SQL that reads a text file of UTF-8, every column as text.

    Where `rejects` names a table, bad records go there; else they raise.
    """
    columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in names)
    parts = [
        text(str(plain)),
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
            f"rejects_limit = {refusals.MOST_ERRORS}",
        ]
    return f"read_csv({', '.join(parts)})"


def write(
    connection: duckdb.DuckDBPyConnection,
    plain: Path,
    dialect: Dialect,
    guessed: Sequence[Column],
    target: Path,
    *,
    group: int,
    progress: Fraction = lambda fraction: None,
) -> WrittenTable:
    """Write `target`; types are those `guessed` from a sample wherever all values fit.

    Where one does not, the file is read again and types are chosen by all values. The
    raw copy lies beside `target`. Raises NotATable.
    """
    names = [column.name for column in guessed]
    values = ", ".join(column.from_text for column in guessed)
    source = reading(plain, dialect, names, rejects="bad")
    try:
        n_rows = copy(
            connection, f"SELECT {values} FROM {source}", target, group, progress
        )
        columns, table = list(guessed), "bad"
        if not n_rows:
            columns = types_of_texts(connection, source, names)
    except duckdb.InvalidInputException as exc:
        if OtherType.__name__ not in str(exc):
            raise
        target.unlink(missing_ok=True)
        table = "bad_again"
        source = reading(plain, dialect, names, rejects=table)
        columns, n_rows = _by_all_values(
            connection, source, names, target, group, progress
        )
    refused = refusals.collect(connection, table, plain, len(names))
    if refused.n > n_rows:
        raise NotATable(refusals.too_many(refused.n, refused.first[0]))
    return WrittenTable(columns, n_rows, refused)


def copy(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    target: Path,
    group: int,
    progress: Fraction = lambda fraction: None,
) -> int:
    """Write the rows of a query to a Parquet file, in their order; returns how many."""
    how = f"FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {group}"
    written = run(
        connection, f"COPY ({query}) TO {text(str(target))} ({how})", progress
    )
    return int(written[0][0])


def group_size(row_bytes: float) -> int:
    """How many rows a row group has, where one takes so many bytes as text."""
    wanted = GROUP_BYTES / max(row_bytes, 1)
    rounded = int(wanted // LEAST_GROUP) * LEAST_GROUP
    return min(MOST_GROUP, max(LEAST_GROUP, rounded))


def _by_all_values(
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
    columns = types_of_texts(connection, relation, names, at_once=OF_LONG)
    values = ", ".join(f"{column.cast} AS {name(column.name)}" for column in columns)
    n_rows = copy(
        connection, f"SELECT {values} FROM {relation}", target, group, progress
    )
    raw.unlink()
    return columns, n_rows
