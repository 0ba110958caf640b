"""JSON and Parquet, whose values have types of their own, become a typed Parquet file."""

from dataclasses import replace
from pathlib import Path

import duckdb
import orjson

from datasets.duckdb_session import Fraction, Row, connect, error_text, name, run, text
from datasets.parsing import rejects as rejected
from datasets.parsing.columns import ColumnType
from datasets.parsing.dialect import FileFormat
from datasets.parsing.errors import NotATable
from datasets.parsing.rejects import RejectedRow, Rejects
from datasets.parsing.row_groups import WrittenTable, copy, group_size
from datasets.parsing.types import (
    MAX_COLUMNS,
    Column,
    from_typed,
    types_of_texts,
    unique_names,
)

MAX_OBJECT = 4_000_000  # bytes of one row
MAX_ROWS = 1_000_000_000
MAX_VALUES = 20_000_000_000  # a Parquet of a few bytes can claim any number of them
ONLY_COLUMN = "json"  # what DuckDB calls it where a row is not an object
TAIL_BYTES = 4_096
STORABLE = {
    ColumnType.NUMBER: "isfinite({c})",
    ColumnType.DATE: "year({c}) BETWEEN 1 AND 9999",
    ColumnType.DATETIME: "year({c}) BETWEEN 1 AND 9999",
}


def scan(file: Path, format_: FileFormat) -> str:
    """Return the SQL that reads a file of JSON, a value a line, or of Parquet."""
    if format_ == FileFormat.PARQUET:
        return f"read_parquet({text(str(file))})"
    return (
        f"read_json({text(str(file))}, format = 'newline_delimited', sample_size = -1,"
        " maximum_depth = 2, map_inference_threshold = -1,"
        f" maximum_object_size = {MAX_OBJECT})"
    )


def as_lines(file: Path, folder: Path) -> Path:
    """Return JSON with a value a line: the file itself, or a new one in `folder`.

    Only so DuckDB reads it in bounded memory. Raises NotATable.
    """
    with file.open("rb") as opened:
        while (line := opened.readline(MAX_OBJECT)).isspace():
            pass
    if line.lstrip().startswith(b"["):
        form = "array"
        _check_end(file)
    elif not line or _problem(line) is None:
        return file
    else:
        form = "unstructured"
    target = folder / "lines"
    source = f"read_json_objects({text(str(file))}, format = '{form}'"
    query = f"SELECT json(json) FROM {source}, maximum_object_size = {MAX_OBJECT})"
    how = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x1f'"
    with connect(folder, files=(file,), threads=1) as connection:  # two need 256 MB
        try:
            run(connection, f"COPY ({query}) TO {text(str(target))} ({how})")
        except duckdb.Error as exc:
            raise NotATable(f"The JSON cannot be read: {error_text(exc)}") from exc
    return target


def write(
    file: Path,
    format_: FileFormat,
    target: Path,
    progress: Fraction = lambda fraction: None,
) -> WrittenTable:
    """Write `target`; raises NotATable.

    A line that is no JSON is refused where the file has an object a line; one fault in
    an array spoils it all.
    """
    if format_ == FileFormat.PARQUET:
        _check_size(file, target.parent)
        return _write(file, format_, target, progress)
    lines = as_lines(file, target.parent)
    try:
        return _write(lines, format_, target, progress)
    except NotATable:
        good, rejects = sieve(lines, target.with_name("good"))
        if good is None or not rejects.n:
            raise
        written = _write(good, format_, target, progress)
        good.unlink()
        if rejects.n > written.n_rows:
            raise NotATable(rejected.too_many(rejects.n, rejects.first[0])) from None
        return replace(written, rejects=rejects)
    finally:
        if lines != file:
            lines.unlink()


def sieve(file: Path, target: Path) -> tuple[Path | None, Rejects]:
    """Copy the lines that are a JSON object each, and reject the others.

    Returns no file where line 1 is none: the file has no object a line then.
    """
    n = 0
    first: list[RejectedRow] = []
    with file.open("rb") as lines, target.open("wb") as good:
        for number, line in enumerate(lines, 1):
            if (problem := _problem(line)) is None:
                good.write(line)
                continue
            if number == 1:
                return None, Rejects()
            n += 1
            if len(first) < rejected.MAX_STORED:
                shown = line[: rejected.MAX_TEXT].decode(errors="replace").strip()
                first.append(RejectedRow(number, problem, shown.replace("\0", "�")))
    return target, Rejects(n, first)


def first_rows(
    connection: duckdb.DuckDBPyConnection, file: Path, format_: FileFormat, n: int
) -> tuple[list[Column], list[Row]]:
    """The columns and the first `n` rows; raises NotATable."""
    columns, query = select(connection, file, format_)
    try:
        return columns, run(connection, f"{query} LIMIT {n}")
    except duckdb.Error as exc:
        raise NotATable(f"The {format_} cannot be read: {error_text(exc)}") from exc


def describe(
    connection: duckdb.DuckDBPyConnection, file: Path, format_: FileFormat
) -> list[tuple[str, str]]:
    """(name, SQL type) of the columns; raises NotATable."""
    try:
        rows = run(connection, f"DESCRIBE SELECT * FROM {scan(file, format_)}")
    except duckdb.Error as exc:
        raise NotATable(f"The {format_} cannot be read: {error_text(exc)}") from exc
    if len(rows) > MAX_COLUMNS:
        raise NotATable(f"{len(rows):,} columns; a table has at most {MAX_COLUMNS:,}.")
    return [(row[0], row[1]) for row in rows]


def select(
    connection: duckdb.DuckDBPyConnection, file: Path, format_: FileFormat
) -> tuple[list[Column], str]:
    """The columns of a file and the SQL of their values; raises NotATable."""
    described = describe(connection, file, format_)
    source = scan(file, format_)
    in_file = [raw for raw, _ in described]
    if in_file == [ONLY_COLUMN] and format_ == FileFormat.JSON:
        return _select_lists(connection, source, described[0][1])
    columns, values = [], []
    for unique, (raw, sql_type) in zip(unique_names(in_file), described, strict=True):
        column, value = from_typed(raw, sql_type)
        columns.append(replace(column, name=unique))
        values.append(f"{value} AS {name(unique)}")
    return columns, f"SELECT {', '.join(values)} FROM {source}"


def _write(
    file: Path, format_: FileFormat, target: Path, progress: Fraction
) -> WrittenTable:
    folder = target.parent
    with connect(folder, files=(file,)) as connection:
        n_columns = len(describe(connection, file, format_))
    with connect(folder, files=(file,), n_columns=n_columns) as connection:
        columns, query = select(connection, file, format_)
        group = group_size(len(columns) * 16)
        try:
            n_rows = copy(connection, query, target, group, progress)
        except duckdb.Error as exc:
            raise NotATable(f"The {format_} cannot be read: {error_text(exc)}") from exc
        columns = _null_unstorable(connection, columns, target, group)
    return WrittenTable(columns, n_rows)


def _select_lists(
    connection: duckdb.DuckDBPyConnection, source: str, sql_type: str
) -> tuple[list[Column], str]:
    """Columns of rows that are lists: as many as the longest list has values."""
    if not sql_type.endswith("[]"):
        raise NotATable(
            "The JSON is no table: it must be objects, one a line or in an array, or "
            "an array of lists."
        )
    try:
        width = run(connection, f"SELECT max(len({ONLY_COLUMN})) FROM {source}")[0][0]
    except duckdb.Error as exc:
        raise NotATable(f"The JSON cannot be read: {error_text(exc)}") from exc
    if not width or width > MAX_COLUMNS:
        raise NotATable(f"The lists have {width or 0:,} values.")
    names = unique_names([""] * width)
    cells = ", ".join(
        f"nullif(to_json({ONLY_COLUMN}[{i}]) ->> '$', '') AS {name(column)}"
        for i, column in enumerate(names, 1)
    )
    texts = f"(SELECT {cells} FROM {source})"
    columns = types_of_texts(connection, texts, names)
    values = ", ".join(column.from_text for column in columns)
    return columns, f"SELECT {values} FROM {texts}"


def _null_unstorable(
    connection: duckdb.DuckDBPyConnection,
    columns: list[Column],
    target: Path,
    group: int,
) -> list[Column]:
    """Make NULL what no statistic and no JSON can hold: see STORABLE."""
    tests = {
        column.name: STORABLE[column.type].format(c=name(column.name))
        for column in columns
        if column.type in STORABLE
    }
    relation = f"read_parquet({text(str(target))})"
    counts = ", ".join(
        f"count({name(c)}) FILTER (NOT coalesce({test}, false))"
        for c, test in tests.items()
    )
    n_odd = run(connection, f"SELECT {counts} FROM {relation}")[0] if tests else ()
    odd = {c: n for c, n in zip(tests, n_odd, strict=True) if n}
    if not odd:
        return columns
    raw = target.rename(target.with_name("raw.parquet"))
    values = ", ".join(
        f"CASE WHEN {tests[c]} THEN {name(c)} END AS {name(c)}" for c in odd
    )
    query = f"SELECT * REPLACE ({values}) FROM read_parquet({text(str(raw))})"
    copy(connection, query, target, group)
    raw.unlink()
    return [
        _with_note(column, odd[column.name]) if column.name in odd else column
        for column in columns
    ]


def _with_note(column: Column, n: int) -> Column:
    what = (
        "not finite"
        if column.type == ColumnType.NUMBER
        else "not in the years 1 to 9999"
    )
    note = f"{column.note}. {n:,} values that are {what} are missing".lstrip(". ")
    return replace(column, note=note)


def _check_size(file: Path, folder: Path) -> None:
    query = f"SELECT num_rows FROM parquet_file_metadata({text(str(file))})"
    with connect(folder, files=(file,)) as connection:
        try:
            n_rows = run(connection, query)[0][0]
        except duckdb.Error as exc:
            raise NotATable(f"The parquet cannot be read: {error_text(exc)}") from exc
        n_columns = len(describe(connection, file, FileFormat.PARQUET))
    if n_rows > MAX_ROWS or n_rows * n_columns > MAX_VALUES:
        raise NotATable(f"{n_rows:,} rows of {n_columns:,} columns are too many.")


def _check_end(file: Path) -> None:
    """DuckDB takes an array that is cut off for one that ends there."""
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - TAIL_BYTES))
        last = opened.read().rstrip()[-1:]
    if last != b"]":
        raise NotATable("The JSON is cut off: its array does not end in ].")


def _problem(line: bytes) -> str | None:
    """What is wrong with a line of JSON; nothing is with an empty one."""
    if not line.strip():
        return None
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError as exc:
        return f"no JSON: {exc.msg}"
    return None if isinstance(found, dict) else "no JSON object"
