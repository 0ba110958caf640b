"""JSON and Parquet, whose values have types of their own, become a typed Parquet file."""

from dataclasses import replace
from pathlib import Path

import duckdb
import orjson

from datasets.parsing import rejects
from datasets.parsing.delimited import (
    MOST_COLUMNS,
    WrittenTable,
    copy,
    group_size,
    unique_names,
)
from datasets.parsing.detect import Format
from datasets.parsing.duckdb_session import (
    Fraction,
    Row,
    connect,
    error_text,
    name,
    run,
    text,
)
from datasets.parsing.errors import NotATable
from datasets.parsing.rejects import RejectedRow, Rejects
from datasets.parsing.types import Column, ColumnType, from_other, types_of_texts

MOST_OBJECT = 4_000_000  # bytes of one row
MOST_ROWS = 1_000_000_000
MOST_VALUES = 20_000_000_000  # a Parquet of a few bytes can claim any number of them
ONLY_COLUMN = "json"  # what DuckDB calls it where a row is not an object
TAIL_BYTES = 4_096
USUAL = {
    ColumnType.NUMBER: "isfinite({c})",
    ColumnType.DATE: "year({c}) BETWEEN 1 AND 9999",
    ColumnType.DATETIME: "year({c}) BETWEEN 1 AND 9999",
}


def reading(plain: Path, format_: Format) -> str:
    """The SQL that reads a file of JSON, a value a line, or of Parquet."""
    if format_ == Format.PARQUET:
        return f"read_parquet({text(str(plain))})"
    return (
        f"read_json({text(str(plain))}, format = 'newline_delimited', sample_size = -1,"
        " maximum_depth = 2, map_inference_threshold = -1,"
        f" maximum_object_size = {MOST_OBJECT})"
    )


def as_lines(plain: Path, folder: Path) -> Path:
    """JSON with a value a line: the file itself, or a new one in `folder`.

    Only so DuckDB reads it in bounded memory. Raises NotATable.
    """
    with plain.open("rb") as file:
        while (line := file.readline(MOST_OBJECT)).isspace():
            pass
    if line.lstrip().startswith(b"["):
        form = "array"
        _check_end(plain)
    elif not line or _problem(line) is None:
        return plain
    else:
        form = "unstructured"
    target = folder / "lines"
    source = f"read_json_objects({text(str(plain))}, format = '{form}'"
    query = f"SELECT json(json) FROM {source}, maximum_object_size = {MOST_OBJECT})"
    how = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x1f'"
    with connect(folder, files=(plain,), threads=1) as connection:  # two need 256 MB
        try:
            run(connection, f"COPY ({query}) TO {text(str(target))} ({how})")
        except duckdb.Error as exc:
            raise NotATable(f"The JSON cannot be read: {error_text(exc)}") from exc
    return target


def write(
    plain: Path,
    format_: Format,
    target: Path,
    progress: Fraction = lambda fraction: None,
) -> WrittenTable:
    """Write `target`; raises NotATable.

    A line that is no JSON is refused where the file has an object a line; one fault in
    an array spoils it all.
    """
    if format_ == Format.PARQUET:
        _check_size(plain, target.parent)
        return _write(plain, format_, target, progress)
    lines = as_lines(plain, target.parent)
    try:
        return _write(lines, format_, target, progress)
    except NotATable:
        good, refused = sieve(lines, target.with_name("good"))
        if good is None or not refused.n:
            raise
        written = _write(good, format_, target, progress)
        good.unlink()
        if refused.n > written.n_rows:
            raise NotATable(rejects.too_many(refused.n, refused.first[0])) from None
        return replace(written, refusals=refused)
    finally:
        if lines != plain:
            lines.unlink()


def sieve(plain: Path, target: Path) -> tuple[Path | None, Rejects]:
    """Copy the lines that are a JSON object each, and refuse the others.

    Nothing is copied where line 1 is none: the file has no object a line then.
    """
    n = 0
    first: list[RejectedRow] = []
    with plain.open("rb") as file, target.open("wb") as good:
        for number, line in enumerate(file, 1):
            if (problem := _problem(line)) is None:
                good.write(line)
                continue
            if number == 1:
                return None, Rejects()
            n += 1
            if len(first) < rejects.MOST_KEPT:
                shown = line[: rejects.MOST_TEXT].decode(errors="replace").strip()
                first.append(RejectedRow(number, problem, shown.replace("\0", "�")))
    return target, Rejects(n, tuple(first))


def first_rows(
    connection: duckdb.DuckDBPyConnection, plain: Path, format_: Format, n: int
) -> tuple[list[Column], list[Row]]:
    """The columns and the first `n` rows; raises NotATable."""
    columns, query = select(connection, plain, format_)
    try:
        return columns, run(connection, f"{query} LIMIT {n}")
    except duckdb.Error as exc:
        raise NotATable(f"The {format_} cannot be read: {error_text(exc)}") from exc


def describe(
    connection: duckdb.DuckDBPyConnection, plain: Path, format_: Format
) -> list[tuple[str, str]]:
    """(name, SQL type) of the columns; raises NotATable."""
    try:
        rows = run(connection, f"DESCRIBE SELECT * FROM {reading(plain, format_)}")
    except duckdb.Error as exc:
        raise NotATable(f"The {format_} cannot be read: {error_text(exc)}") from exc
    if len(rows) > MOST_COLUMNS:
        raise NotATable(f"{len(rows):,} columns; a table has at most {MOST_COLUMNS:,}.")
    return [(row[0], row[1]) for row in rows]


def select(
    connection: duckdb.DuckDBPyConnection, plain: Path, format_: Format
) -> tuple[list[Column], str]:
    """The columns of a file and the SQL of their values; raises NotATable."""
    found = describe(connection, plain, format_)
    source = reading(plain, format_)
    if [raw for raw, _ in found] == [ONLY_COLUMN] and format_ == Format.JSON:
        return _lists(connection, source, found[0][1])
    names = unique_names([raw for raw, _ in found])
    pairs = [from_other(raw, sql_type) for raw, sql_type in found]
    values = ", ".join(
        f"{value} AS {name(unique)}"
        for unique, (_, value) in zip(names, pairs, strict=True)
    )
    columns = [
        replace(column, name=unique)
        for unique, (column, _) in zip(names, pairs, strict=True)
    ]
    return columns, f"SELECT {values} FROM {source}"


def _write(
    plain: Path, format_: Format, target: Path, progress: Fraction
) -> WrittenTable:
    folder = target.parent
    with connect(folder, files=(plain,)) as connection:
        n_columns = len(describe(connection, plain, format_))
    with connect(folder, files=(plain,), n_columns=n_columns) as connection:
        columns, query = select(connection, plain, format_)
        group = group_size(len(columns) * 16)
        try:
            n_rows = copy(connection, query, target, group, progress)
        except duckdb.Error as exc:
            raise NotATable(f"The {format_} cannot be read: {error_text(exc)}") from exc
        columns = _only_usual(connection, columns, target, group)
    return WrittenTable(columns, n_rows, Rejects())


def _lists(
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
    if not width or width > MOST_COLUMNS:
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


def _only_usual(
    connection: duckdb.DuckDBPyConnection,
    columns: list[Column],
    target: Path,
    group: int,
) -> list[Column]:
    """Make NULL what no statistic and no JSON can hold: see USUAL."""
    tests = {
        column.name: USUAL[column.type].format(c=name(column.name))
        for column in columns
        if column.type in USUAL
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
        replace(column, note=_told_odd(column, odd[column.name]))
        if column.name in odd
        else column
        for column in columns
    ]


def _told_odd(column: Column, n: int) -> str:
    what = (
        "not finite"
        if column.type == ColumnType.NUMBER
        else "not in the years 1 to 9999"
    )
    return f"{column.note}. {n:,} values that are {what} are missing".lstrip(". ")


def _check_size(plain: Path, folder: Path) -> None:
    query = f"SELECT num_rows FROM parquet_file_metadata({text(str(plain))})"
    with connect(folder, files=(plain,)) as connection:
        try:
            n_rows = run(connection, query)[0][0]
        except duckdb.Error as exc:
            raise NotATable(f"The parquet cannot be read: {error_text(exc)}") from exc
        n_columns = len(describe(connection, plain, Format.PARQUET))
    if n_rows > MOST_ROWS or n_rows * n_columns > MOST_VALUES:
        raise NotATable(f"{n_rows:,} rows of {n_columns:,} columns are too many.")


def _check_end(plain: Path) -> None:
    """DuckDB takes an array that is cut off for one that ends there."""
    with plain.open("rb") as file:
        file.seek(max(0, plain.stat().st_size - TAIL_BYTES))
        last = file.read().rstrip()[-1:]
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
