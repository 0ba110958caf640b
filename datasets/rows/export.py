"""A stored table as CSV, JSON or Parquet, in parts: no matter how long it is."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from datasets.errors import BadQuestion
from datasets.models import DatasetVersion
from datasets.rows.parquet import columns_of_file

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
CHUNK = 1024 * 1024
CELLS_AT_ONCE = 200_000
MAX_AT_ONCE = 20_000  # rows
# A spreadsheet takes such a cell for a formula, and runs it.
FORMULA = r"^[=+\-@\t\r]"


def export(
    version: DatasetVersion, format_: str, columns: Sequence[str] | None = None
) -> Iterator[bytes]:
    """The whole table, in parts; a key of `FORMATS`. Raises BadQuestion at once.

    In CSV a text that a spreadsheet would run begins with an apostrophe; numbers never
    do. JSON is an array of objects, ndjson has one a line, and Parquet is as stored.
    """
    if format_ not in FORMATS:
        raise BadQuestion(f"A format is one of {', '.join(FORMATS)}.")
    chosen = columns_of_file(version, columns)
    if format_ == "parquet":
        if columns is not None:
            raise BadQuestion("Parquet has all columns.")
        return _bytes(version)
    writers = {"csv": _csv, "json": _json, "ndjson": _ndjson}
    return writers[format_](version, chosen)


def safe_in_spreadsheets(texts: pa.Array) -> pa.Array:
    """Put an apostrophe before each text that a spreadsheet would take for a formula."""
    dangerous = pc.match_substring_regex(texts, FORMULA)
    quoted = pc.binary_join_element_wise(pa.scalar("'", texts.type), texts, "")
    return pc.if_else(dangerous, quoted, texts)


def _batches(
    version: DatasetVersion, columns: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Never of two row groups, which are bounded by their bytes."""
    size = min(MAX_AT_ONCE, max(1, CELLS_AT_ONCE // max(1, len(columns))))
    how: dict[str, Any] = {"columns": [*columns], "use_threads": False}
    with pq.ParquetFile(version.table, memory_map=True) as file:
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(size, row_groups=[group], **how):
                yield batch.select([*columns])


def _csv(version: DatasetVersion, columns: Sequence[str]) -> Iterator[bytes]:
    header = io.StringIO()
    names = [f"'{name}" if re.match(FORMULA, name) else name for name in columns]
    csv.writer(header, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(names)
    yield header.getvalue().encode()
    how = pc_csv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in _batches(version, columns):
        cells = [
            safe_in_spreadsheets(column) if pa.types.is_string(column.type) else column
            for column in batch.columns
        ]
        out = io.BytesIO()
        pc_csv.write_csv(pa.table(cells, names=batch.schema.names), out, how)
        yield out.getvalue()


def _objects(version: DatasetVersion, columns: Sequence[str]) -> Iterator[list[bytes]]:
    for batch in _batches(version, columns):
        yield [orjson.dumps(row) for row in batch.to_pylist()]


def _json(version: DatasetVersion, columns: Sequence[str]) -> Iterator[bytes]:
    before = b"["
    for rows in _objects(version, columns):
        if rows:
            yield before + b",\n".join(rows)
            before = b",\n"
    yield b"[]" if before == b"[" else b"]"


def _ndjson(version: DatasetVersion, columns: Sequence[str]) -> Iterator[bytes]:
    for rows in _objects(version, columns):
        yield b"".join(row + b"\n" for row in rows)


def _bytes(version: DatasetVersion) -> Iterator[bytes]:
    with version.table.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
