"""The types that a column of a stored table can have."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import duckdb

from datasets.parsing.duckdb_session import name, run


class ColumnType(StrEnum):
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXT = "text"


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
NAMELESS = "without a name in the file"
FEW, AT_ONCE = 50, 20_000  # columns of a query
OF_LONG = 500  # ... of all rows: unnest takes the square of the cells of a vector


class OtherType(Exception):
    """A value further down is not of the type that the sample has."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be written; `note` is for a person, where something is unusual."""

    name: str
    type: ColumnType
    note: str = ""

    @property
    def from_text(self) -> str:
        """SQL: the typed value; an error `OtherType` where a text does not fit."""
        text = name(self.name)
        if self.type == ColumnType.TEXT:
            return text
        fits = FITS[self.type].format(c=text)
        return (
            f"CASE WHEN {text} IS NULL THEN NULL WHEN {fits} THEN {self.cast} "
            f"ELSE error('{OtherType.__name__}')::{SQL[self.type]} END AS {text}"
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
    at_once: int = AT_ONCE,
) -> list[Column]:
    """Choose for each text column of `relation` the first type that all values fit.

    A column of texts most of which are numbers is text, and its note says so. Of a
    table of many rows, ask for fewer columns `at_once`.
    """
    if len(names) <= FEW:
        return _types_in_a_row(connection, relation, names)
    chosen: list[Column] = []
    for at in range(0, len(names), at_once):
        some = names[at : at + at_once]
        fits = ", ".join(
            f"count(*) FILTER ({fit.format(c='v')})" for fit in FITS.values()
        )
        cells = (
            f"SELECT unnest([{', '.join(map(name, some))}]) AS v, "
            f"unnest(range({len(some)})) AS i FROM {relation}"
        )
        query = f"SELECT i, count(v), {fits} FROM ({cells}) GROUP BY i ORDER BY i"
        found = {i: counts for i, *counts in run(connection, query)}
        for i, column in enumerate(some):
            n_values, *n_fit = found.get(i, [0])
            chosen.append(_chosen(column, n_values, n_fit))
    return chosen


def _types_in_a_row(
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
        _chosen(column, row[i * step], row[i * step + 1 : (i + 1) * step])
        for i, column in enumerate(names)
    ]


def _chosen(column: str, n_values: int, n_fit: Sequence[int]) -> Column:
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


def renamed(columns: Sequence[Column], raw: Sequence[str]) -> list[Column]:
    """The columns, with a note on each that the file calls otherwise."""
    result = []
    for column, found in zip(columns, raw, strict=True):
        if column.name != found:
            called = f"called {found[:80]!r} in the file" if found else NAMELESS
            column = replace(column, note=f"{called}. {column.note}".rstrip(". "))
        result.append(column)
    return result


INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT"}
INTEGERS |= {"UINTEGER", "UBIGINT"}
MOMENTS = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}


def from_other(column: str, sql_type: str) -> tuple[Column, str]:
    """The column that a typed one becomes, and the SQL of its value."""
    c = name(column)
    if sql_type in INTEGERS:
        return Column(column, ColumnType.INTEGER), c
    if sql_type in ("FLOAT", "DOUBLE") or sql_type.startswith("DECIMAL"):
        return Column(column, ColumnType.NUMBER), f"{c}::DOUBLE"
    if sql_type == "BOOLEAN":
        return Column(column, ColumnType.BOOLEAN), c
    if sql_type == "DATE":
        return Column(column, ColumnType.DATE), c
    if sql_type in MOMENTS:
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
