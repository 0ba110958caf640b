"""Delimited text, as CSV is, becomes a typed Parquet file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from datasets.parsing import refusals
from datasets.parsing.columns import OF_LONG, Column, OtherType, types_of_texts
from datasets.parsing.dialect import Dialect
from datasets.parsing.engine import Fraction, name, run, text
from datasets.parsing.problems import NotATable
from datasets.parsing.refusals import Refusals

GROUP_BYTES = 1_000_000  # of text in a row group: what a look at one row has to read
BUFFER_BYTES = 8_000_000  # a thread has two; a record must fit
LEAST_GROUP, MOST_GROUP = 2_048, 122_880  # rows; DuckDB writes multiples of the least


@dataclass(frozen=True, slots=True)
class Written:
    """What is in the Parquet file that was written."""

    columns: list[Column]
    n_rows: int
    refusals: Refusals


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
) -> Written:
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
    return Written(columns, n_rows, refused)


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
