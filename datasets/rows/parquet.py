"""The Parquet reader: rows from anywhere in a stored table, by their numbers.

Rows are tuples of Python values in the order of the requested columns.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datasets.errors import BadQuestion, FilesGone
from datasets.models import DatasetVersion, VersionState
from datasets.rows.query import RowPage

MAX_ROWS = 1_000  # at a time
MAX_BYTES = 32_000_000  # of the cells of an answer

Row = tuple[Any, ...]
Names = dict[str, None]  # of the columns, in order


def last(
    version: DatasetVersion, n: int = 10, columns: Sequence[str] | None = None
) -> RowPage:
    """The last `n` rows, in the order of the table."""
    n_rows = _n_rows(version)
    return rows_at(version, range(max(0, n_rows - n), n_rows), columns)


def random(
    version: DatasetVersion,
    n: int = 10,
    seed: int | None = None,
    columns: Sequence[str] | None = None,
) -> RowPage:
    """Return `n` rows, each set of so many as likely as any other; the same for a seed."""
    n_rows = _n_rows(version)
    numbers = Random(seed).sample(range(n_rows), min(n, n_rows, MAX_ROWS))
    return rows_at(version, sorted(numbers), columns)


def span(
    version: DatasetVersion,
    offset: int = 0,
    limit: int = 50,
    columns: Sequence[str] | None = None,
) -> RowPage:
    """`limit` rows from `offset` on, in the order of the table."""
    end = min(_n_rows(version), offset + limit)
    return rows_at(version, range(min(offset, end), end), columns)


def _n_rows(version: DatasetVersion) -> int:
    if version.state != VersionState.READY:
        raise BadQuestion("This version is not stored.")
    return version.n_rows


def rows_at(
    version: DatasetVersion, numbers: Sequence[int], columns: Sequence[str] | None
) -> RowPage:
    """Return the rows of ascending numbers: only their row groups are read."""
    if len(numbers) > MAX_ROWS:
        raise BadQuestion(f"At most {MAX_ROWS:,} rows are shown at a time.")
    total = _n_rows(version)
    with _open(version) as (file, ends, names):
        chosen = _check_columns(names, columns)
        rows: list[Row] = []
        at = size = 0
        while at < len(numbers):
            group = bisect_right(ends, numbers[at])
            begin = ends[group - 1] if group else 0
            end = bisect_left(numbers, ends[group], at)
            table = file.read_row_group(group, [*chosen], use_threads=False)
            part = _take(table.select(chosen), [n - begin for n in numbers[at:end]])
            size += part.nbytes
            if size > MAX_BYTES:
                raise BadQuestion(
                    f"The cells of these rows have more than {MAX_BYTES // 10**6} MB: "
                    "ask for fewer rows or columns."
                )
            rows += zip(*(column.to_pylist() for column in part.columns), strict=True)
            at = end
    return RowPage(chosen, rows, list(numbers), total)


def _take(table: pa.Table, indices: Sequence[int]) -> pa.Table:
    """Take the rows at ascending indices."""
    begin, n = indices[0], len(indices)
    if indices[-1] - begin == n - 1:
        return table.slice(begin, n)
    # A list would do, but pyarrow asks pandas what that is: 50 MB, a fifth of a second.
    buffers = [None, pa.py_buffer(array("q", indices))]
    return table.take(pa.Array.from_buffers(pa.int64(), n, buffers))


@contextmanager
def _open(
    version: DatasetVersion,
) -> Iterator[tuple[pq.ParquetFile, list[int], Names]]:
    """The table, where each row group ends, and its columns; raises FilesGone."""
    try:
        written = version.table.stat().st_mtime_ns
        metadata, ends, names = _footer(version.table, written)
        file = pq.ParquetFile(version.table, metadata=metadata, memory_map=True)
    except FileNotFoundError as exc:
        raise FilesGone(FilesGone.__doc__) from exc
    with file:
        yield file, ends, names


@lru_cache(maxsize=32)
def _footer(table: Path, written: int) -> tuple[pq.FileMetaData, list[int], Names]:
    """Of a table as it was `written`: another may get the number of a deleted one."""
    metadata = pq.read_metadata(table, memory_map=True)
    groups = range(metadata.num_row_groups)
    ends = [*accumulate(metadata.row_group(i).num_rows for i in groups)]
    return metadata, ends, dict.fromkeys(metadata.schema.names)


def _check_columns(names: Names, columns: Sequence[str] | None) -> tuple[str, ...]:
    if columns is None:
        return tuple(names)
    for column in columns:
        if column not in names:
            raise BadQuestion(f"There is no column {column!r}.")
    return tuple(dict.fromkeys(columns))


def columns_of_file(
    version: DatasetVersion, columns: Sequence[str] | None
) -> tuple[str, ...]:
    """Return the requested columns, or all; raises BadQuestion."""
    _n_rows(version)
    with _open(version) as (_, _, names):
        return _check_columns(names, columns)
