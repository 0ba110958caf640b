"""Faults 28 and 32: what people ask of a table costs bounded memory and time."""

import io

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets.errors import BadQuestion, FilesGone, QuestionTooSlow
from datasets.rows import export, parquet, read, sql
from datasets.rows.query import RowQuery

LONG = "SELECT count(DISTINCT hash(range)) FROM range(20000000)"  # for a query to take


def page(version, columns=None, **query):
    return read.rows(version, RowQuery(**query), columns)


@pytest.fixture
def numbers(stored):
    """A hundred rows: n counts up from 0, odd says whether it is odd."""
    lines = [f"{n},{'odd' if n % 2 else ''}" for n in range(100)]
    return stored(("n,odd\n" + "\n".join(lines) + "\n").encode(), name="Numbers")


@pytest.fixture
def packed(stored):
    """2,000 rows of 20 kB each, that repeat: the file has hardly any bytes."""
    file = io.BytesIO()
    texts = [f"{n % 20:02}" + "y" * 20_000 for n in range(2_000)]
    pq.write_table(pa.table({"n": range(2_000), "t": texts}), file)
    return stored(file.getvalue(), "packed.parquet", "Packed")


def test_long_rows_are_read_and_exported_in_bounded_memory(packed):
    before = pa.total_allocated_bytes()
    most = 0
    parquet.random(packed, 20, seed=1)
    for part in export.export(packed, "ndjson"):
        most = max(most, pa.total_allocated_bytes() - before, len(part))

    assert most < 40_000_000  # the whole is as much


def test_long_rows_are_sorted_by_what_is_short(packed):
    found = page(packed, offset=1_900, limit=20, sort="n", descending=True)

    assert [row[0] for row in found.rows] == [*range(99, 79, -1)]
    assert found.numbers == [*range(99, 79, -1)]
    assert found.rows[0][1].startswith("19yyy")


@pytest.mark.parametrize("more", [{}, {"sort": "n"}])
def test_an_answer_of_too_many_bytes_is_refused(packed, monkeypatch, more):
    monkeypatch.setattr(parquet, "MAX_BYTES", 1_000_000)

    with pytest.raises(BadQuestion, match="fewer rows"):
        page(packed, limit=100, **more)


def test_what_does_not_fit_into_memory_is_a_bad_question(numbers, monkeypatch):
    def full(*args):
        raise duckdb.OutOfMemoryException("Out of Memory Error")

    monkeypatch.setattr(sql, "_fetch", full)
    with pytest.raises(BadQuestion, match="too large for the memory"):
        page(numbers, sort="n")


def test_a_question_that_takes_long_is_stopped_between_queries(numbers, monkeypatch):
    monkeypatch.setattr(sql, "PATIENCE_S", 0.02)
    where = sql._where

    def slowly(connection, *args):
        while not is_interrupted(connection):
            pass
        return where(connection, *args)

    monkeypatch.setattr(sql, "_where", slowly)
    monkeypatch.setattr(sql, "_fetch", lambda c, *_: c.execute(LONG).fetchall())
    with pytest.raises(QuestionTooSlow):
        page(numbers, sort="n")


def is_interrupted(connection):
    try:
        connection.execute(LONG.replace("20000000", "20000")).fetchall()
    except duckdb.InterruptException:
        return True
    return False


def test_a_table_that_is_gone_says_so(numbers):
    parquet.span(numbers)
    numbers.table.unlink()

    for more in ({}, {"sort": "n"}):
        with pytest.raises(FilesGone):
            page(numbers, **more)


def test_another_table_under_the_same_path_is_read_as_it_is(numbers, stored):
    parquet.span(numbers)
    stored(b"a\n1\n").table.replace(numbers.table)

    assert parquet.rows_at(numbers, [0], None).rows == [(1,)]
