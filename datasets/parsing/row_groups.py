"""Row groups hold few bytes however long the rows are: a look at one unpacks it all.

DuckDB writes at least 2,048 rows a group, and cells that repeat take no room in a file:
a hundred kilobytes can hold a group of gigabytes.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from datasets.parsing.duckdb_session import connect, name, run, text
from datasets.parsing.errors import NotATable
from datasets.parsing.measure import ColumnProfile

GROUP_BYTES = 8_000_000  # of the texts of a group, unpacked; one row may have more
MOST_CELL = 4_000_000  # characters
FEW_BYTES = 1_000_000  # of a column in a group: not worth a look
AT_ONCE = 50  # columns


def bound(table: Path, profiles: Sequence[ColumnProfile]) -> None:
    """Write a Parquet file anew, in smaller row groups, where a group is too large.

    Raises NotATable where a cell is longer than MOST_CELL.
    """
    for one in profiles:
        if (one.longest or 0) > MOST_CELL:
            raise NotATable(
                f"A cell of {one.name[:80]!r} has {one.longest:,} characters; the most "
                f"are {MOST_CELL:,}."
            )
    metadata = pq.read_metadata(table)
    n_groups = metadata.num_row_groups
    rows = max((metadata.row_group(i).num_rows for i in range(n_groups)), default=0)
    long = [one.name for one in profiles if 4 * (one.longest or 0) * rows > FEW_BYTES]
    if not long:
        return
    largest_group, longest_row = _measured(table, long, rows)
    if largest_group > GROUP_BYTES:
        _write_anew(table, rows, at_once=max(1, int(GROUP_BYTES // longest_row)))


def _measured(table: Path, columns: Sequence[str], rows: int) -> tuple[int, int]:
    """Bytes of the largest stretch of so many rows, and at most of the longest row."""
    stretches: Counter[int] = Counter()
    longest = 0
    source = f"read_parquet({text(str(table))}, file_row_number = true)"
    with connect(table.parent, n_columns=AT_ONCE) as connection:
        for at in range(0, len(columns), AT_ONCE):
            cells = (f"coalesce(strlen({name(c)}), 0)" for c in columns[at:][:AT_ONCE])
            row = " + ".join(cells)
            query = f"SELECT file_row_number // {rows}, sum({row}), max({row})"
            for stretch, size, most in run(
                connection, f"{query} FROM {source} GROUP BY 1"
            ):
                stretches[stretch] += int(size)
                longest = max(longest, most)
    longest *= 1 + (len(columns) - 1) // AT_ONCE
    return max(stretches.values(), default=0), longest


def _write_anew(table: Path, rows: int, *, at_once: int) -> None:
    old = table.rename(table.with_name("large.parquet"))
    held: list[pa.RecordBatch] = []
    with (
        pq.ParquetFile(old, memory_map=True) as file,
        pq.ParquetWriter(table, file.schema_arrow) as writer,
    ):
        for batch in file.iter_batches(min(at_once, rows), use_threads=False):
            size = sum(one.nbytes for one in held) + batch.nbytes
            n = sum(one.num_rows for one in held) + batch.num_rows
            if held and (size > GROUP_BYTES or n > rows):
                writer.write_table(pa.Table.from_batches(held), rows)
                held = []
            held.append(batch)
        if held:
            writer.write_table(pa.Table.from_batches(held), rows)
    old.unlink()
