"""Step 5, the stored Parquet: row groups hold few bytes however long the rows are.

To read one row unpacks its whole group. DuckDB writes at least 2,048 rows a group, and
cells that repeat take no room in a file: 100 kB can hold a group of gigabytes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from datasets.duckdb_session import Fraction, connect, name, run, text
from datasets.parsing.columns import ColumnProfile
from datasets.parsing.errors import NotATable
from datasets.parsing.rejects import Rejects
from datasets.parsing.types import Column

WRITTEN_BYTES = 1_000_000  # of text in a row group that is written
MIN_ROWS, MAX_ROWS = 2_048, 122_880  # a group; DuckDB writes multiples of the least
MAX_BYTES = 8_000_000  # of the texts of a group, unpacked; one row may have more
MAX_CELL = 4_000_000  # characters
FEW_BYTES = 1_000_000  # of a column in a group: not worth measuring
BATCH = 50  # columns


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """What is in the Parquet file that was written."""

    columns: list[Column]
    n_rows: int
    rejects: Rejects = field(default_factory=Rejects)


def copy(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    target: Path,
    group: int,
    progress: Fraction = lambda fraction: None,
) -> int:
    """Write the rows of a query to a Parquet file in their order; return how many."""
    options = f"FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {group}"
    written = run(
        connection, f"COPY ({query}) TO {text(str(target))} ({options})", progress
    )
    return int(written[0][0])


def group_size(row_bytes: float) -> int:
    """Return how many rows a group has, where one has so many bytes as text."""
    rows = int(WRITTEN_BYTES / max(row_bytes, 1) // MIN_ROWS) * MIN_ROWS
    return min(MAX_ROWS, max(MIN_ROWS, rows))


def bound(table: Path, profiles: Sequence[ColumnProfile]) -> None:
    """Rewrite a Parquet file in smaller row groups where a group is too large.

    Raises NotATable where a cell is longer than MAX_CELL.
    """
    for profile in profiles:
        if (profile.longest or 0) > MAX_CELL:
            raise NotATable(
                f"A cell of {profile.name[:80]!r} has {profile.longest:,} characters; the most "
                f"are {MAX_CELL:,}."
            )
    metadata = pq.read_metadata(table)
    n_groups = metadata.num_row_groups
    rows = max((metadata.row_group(i).num_rows for i in range(n_groups)), default=0)
    long = [
        profile.name
        for profile in profiles
        if 4 * (profile.longest or 0) * rows > FEW_BYTES
    ]
    if not long:
        return
    largest_group, longest_row = _measure(table, long, rows)
    if largest_group > MAX_BYTES:
        _rewrite(table, rows, n_batch=max(1, int(MAX_BYTES // longest_row)))


def _measure(table: Path, columns: Sequence[str], rows: int) -> tuple[int, int]:
    """Return the bytes of the largest run of so many rows, and of the longest row."""
    stretches: Counter[int] = Counter()
    longest = 0
    source = f"read_parquet({text(str(table))}, file_row_number = true)"
    with connect(table.parent, n_columns=BATCH) as connection:
        for start in range(0, len(columns), BATCH):
            cells = (f"coalesce(strlen({name(c)}), 0)" for c in columns[start:][:BATCH])
            row = " + ".join(cells)
            query = f"SELECT file_row_number // {rows}, sum({row}), max({row})"
            for stretch, size, most in run(
                connection, f"{query} FROM {source} GROUP BY 1"
            ):
                stretches[stretch] += int(size)
                longest = max(longest, most)
    longest *= 1 + (len(columns) - 1) // BATCH
    return max(stretches.values(), default=0), longest


def _rewrite(table: Path, rows: int, *, n_batch: int) -> None:
    old = table.rename(table.with_name("large.parquet"))
    held: list[pa.RecordBatch] = []
    with (
        pq.ParquetFile(old, memory_map=True) as file,
        pq.ParquetWriter(table, file.schema_arrow) as writer,
    ):
        for batch in file.iter_batches(min(n_batch, rows), use_threads=False):
            size = sum(other.nbytes for other in held) + batch.nbytes
            n = sum(other.num_rows for other in held) + batch.num_rows
            if held and (size > MAX_BYTES or n > rows):
                writer.write_table(pa.Table.from_batches(held), rows)
                held = []
            held.append(batch)
        if held:
            writer.write_table(pa.Table.from_batches(held), rows)
    old.unlink()
