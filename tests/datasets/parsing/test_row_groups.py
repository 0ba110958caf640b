"""Fault 28: however a file packs its cells, a look at some rows unpacks few bytes."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets.parsing import row_groups
from datasets.parsing.errors import NotATable

LONG = 20_000


@pytest.fixture
def packed():
    """A Parquet file of few bytes, whose cells are long and repeat."""

    def write(n_rows, length=LONG):
        values = [f"{n:03}" + "y" * length for n in range(20)]
        texts = [values[n % 20] for n in range(n_rows)]
        file = io.BytesIO()
        pq.write_table(pa.table({"n": range(n_rows), "t": texts}), file)
        return file.getvalue()

    return write


def test_row_groups_are_bounded_by_what_they_unpack_to(parse, packed):
    sent = packed(3_000)
    table = parse(sent, "a.parquet").table

    assert len(sent) < 150_000
    with pq.ParquetFile(table) as file:
        groups = [file.read_row_group(i) for i in range(file.num_row_groups)]
    assert max(group.nbytes for group in groups) <= row_groups.MAX_BYTES
    assert pa.concat_tables(groups)["n"].to_pylist() == [*range(3_000)]
    assert {len(text) for text in groups[-1]["t"].to_pylist()} == {LONG + 3}


def test_row_groups_of_short_rows_stay_as_they_are(parse, monkeypatch):
    def never(*args, **more):
        raise AssertionError("rewritten")

    monkeypatch.setattr(row_groups, "_rewrite", never)
    outlier = b"1," + b"z" * 900_000 + b"\n"
    parse(b"a,b\n" + b"1,x\n" * 5_000 + outlier)


def test_a_cell_that_is_too_long_is_refused(parse, packed, monkeypatch):
    monkeypatch.setattr(row_groups, "MAX_CELL", 1_000)

    with pytest.raises(NotATable, match="cell of 't' has 20,003 characters"):
        parse(packed(3), "a.parquet")
