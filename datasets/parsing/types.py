"""Step 3, columns: their names, and the types that all their values fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from datasets.duckdb_session import name, run
from datasets.parsing.columns import ColumnType

SQL = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.DATETIME: "TIMESTAMP",
    ColumnType.TEXT: "VARCHAR",
}

FITS = {  # {c}: a text that is not NULL
    ColumnType.INTEGER: "TRY_CAST({c} AS BIGINT)::VARCHAR = trim({c})",
    ColumnType.NUMBER: "isfinite(TRY_CAST({c} AS DOUBLE))"
    " AND (strlen({c}) < 16 OR contains({c}, '.') OR contains(lower({c}), 'e'))"
    " AND NOT ({c} >= '00' AND {c} < '0:' OR {c} >= '-00' AND {c} < '-0:')"
    " AND NOT starts_with({c}, '+') AND NOT contains({c}, '_')",
    ColumnType.BOOLEAN: "lower({c}) IN ('true', 'false')",
    ColumnType.DATE: r"regexp_full_match({c}, '\d{{4}}-\d\d-\d\d')"
    " AND TRY_CAST({c} AS DATE) IS NOT NULL AND NOT starts_with({c}, '0000')",
    ColumnType.DATETIME: r"regexp_full_match({c},"
    r" '\d{{4}}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{{1,6}})?)?Z?')"
    " AND TRY_CAST({c} AS TIMESTAMP) IS NOT NULL AND NOT starts_with({c}, '0000')",
}
INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT"}
INTEGERS |= {"UINTEGER", "UBIGINT"}
TIMESTAMPS = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
MAX_COLUMNS = 20_000
MAX_NAME = 200  # characters
FEW_COLUMNS = 50  # are queried by an expression each, more are unnested
BATCH = 20_000  # columns of a query
BATCH_OF_LONG = 500  # ... of all rows: unnest takes the square of a vector's cells


OTHER_TYPE = (
    "OtherType"  # the error of a value that the type of the sample does not fit
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be written; `note` is for a person, where something is unusual."""

    name: str
    type: ColumnType
    note: str = ""

    @property
    def from_text(self) -> str:
        """SQL: the typed value; the error OTHER_TYPE where a text does not fit."""
        text = name(self.name)
        if self.type == ColumnType.TEXT:
            return text
        fits = FITS[self.type].format(c=text)
        return (
            f"CASE WHEN {text} IS NULL THEN NULL WHEN {fits} THEN {self.cast} "
            f"ELSE error('{OTHER_TYPE}')::{SQL[self.type]} END AS {text}"
        )

    @property
    def cast(self) -> str:
        """SQL: the typed value of a text that is known to fit."""
        return f"TRY_CAST({name(self.name)} AS {SQL[self.type]})"


def types_of_texts(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    names: Sequence[str],
    *,
    batch: int = BATCH,
) -> list[Column]:
    """Choose for each text column of `relation` the first type that all values fit.

    A column of texts most of which are numbers is text, and its note says so. Of a
    table of many rows, pass a smaller `batch` of columns.
    """
    if len(names) <= FEW_COLUMNS:
        return _types_of_few(connection, relation, names)
    chosen: list[Column] = []
    for start in range(0, len(names), batch):
        some = names[start : start + batch]
        fits = ", ".join(
            f"count(*) FILTER ({fit.format(c='v')})" for fit in FITS.values()
        )
        cells = (
            f"SELECT unnest([{', '.join(map(name, some))}]) AS v, "
            f"unnest(range({len(some)})) AS i FROM {relation}"
        )
        query = f"SELECT i, count(v), {fits} FROM ({cells}) GROUP BY i ORDER BY i"
        counts = {i: row for i, *row in run(connection, query)}
        for i, column in enumerate(some):
            n_values, *n_fit = counts.get(i, [0])
            chosen.append(_choose(column, n_values, n_fit))
    return chosen


def _types_of_few(
    connection: duckdb.DuckDBPyConnection, relation: str, names: Sequence[str]
) -> list[Column]:
    """The same with an expression for each column: quicker where they are few."""
    counts = ", ".join(
        f"count({name(c)}), "
        + ", ".join(
            f"count(*) FILTER ({fit.format(c=name(c))})" for fit in FITS.values()
        )
        for c in names
    )
    row = run(connection, f"SELECT {counts} FROM {relation}")[0]
    step = 1 + len(FITS)
    return [
        _choose(column, row[i * step], row[i * step + 1 : (i + 1) * step])
        for i, column in enumerate(names)
    ]


def _choose(column: str, n_values: int, n_fit: Sequence[int]) -> Column:
    if n_values == 0:
        return Column(column, ColumnType.TEXT, "no value at all")
    for type_, n in zip(FITS, n_fit, strict=True):
        if n == n_values:
            return Column(column, type_)
    type_, most = max(zip(FITS, n_fit, strict=True), key=lambda pair: pair[1])
    if most * 2 < n_values:
        return Column(column, ColumnType.TEXT)
    note = f"mixed: {most:,} of {n_values:,} values are of type {type_}, so it is text"
    return Column(column, ColumnType.TEXT, note)


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names that a database can keep apart: none empty, none twice (case is ignored)."""
    taken = {"file_row_number"}  # how DuckDB calls the number of a row
    result = []
    for number, raw in enumerate(names, 1):
        base = " ".join(raw.replace("\0", "").split())[:MAX_NAME] or f"column{number}"
        unique, repeat = base, 1
        while unique.lower() in taken:
            repeat += 1
            unique = f"{base}_{repeat}"
        taken.add(unique.lower())
        result.append(unique)
    return tuple(result)


def note_renamed(columns: Sequence[Column], raw: Sequence[str]) -> list[Column]:
    """Add a note to each column that has another name in the file."""
    result = []
    for column, in_file in zip(columns, raw, strict=True):
        if column.name != in_file:
            note = f"called {in_file[:80]!r} in the file"
            if not in_file:
                note = "without a name in the file"
            column = replace(column, note=f"{note}. {column.note}".rstrip(". "))
        result.append(column)
    return result


def from_typed(column: str, sql_type: str) -> tuple[Column, str]:
    """Return what a column of an SQL type is stored as, and the SQL of its value."""
    c = name(column)
    if sql_type in INTEGERS:
        return Column(column, ColumnType.INTEGER), c
    if sql_type in ("FLOAT", "DOUBLE") or sql_type.startswith("DECIMAL"):
        return Column(column, ColumnType.NUMBER), f"{c}::DOUBLE"
    if sql_type == "BOOLEAN":
        return Column(column, ColumnType.BOOLEAN), c
    if sql_type == "DATE":
        return Column(column, ColumnType.DATE), c
    if sql_type in TIMESTAMPS:
        return Column(column, ColumnType.DATETIME), f"{c}::TIMESTAMP"
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        note = "times are in UTC"
        return Column(column, ColumnType.DATETIME, note), f"timezone('UTC', {c})"
    if sql_type == "VARCHAR":
        return Column(column, ColumnType.TEXT), c
    if sql_type == "BLOB":
        return Column(column, ColumnType.TEXT, "bytes, as base64"), f"to_base64({c})"
    if sql_type == "JSON":
        text = f"{c} ->> '$'"
        return Column(
            column, ColumnType.TEXT, "mixed or nested, as text and JSON"
        ), text
    if sql_type.endswith("]") or sql_type.startswith(("STRUCT", "MAP", "UNION")):
        text = f"to_json({c})::VARCHAR"
        return Column(column, ColumnType.TEXT, "nested, as JSON"), text
    note = f"{sql_type.lower()}, as text"
    return Column(column, ColumnType.TEXT, note), f"{c}::VARCHAR"
