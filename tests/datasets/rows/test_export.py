"""Fault 30: formulas are harmless in CSV and intact elsewhere."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from datasets.errors import BadQuestion
from datasets.rows import export

DANGEROUS = ["=1+1", "+1", "-1 apple", "@SUM(A1)", "\tx", "\rx"]


@pytest.fixture
def dangerous(stored):
    out = io.StringIO()
    rows = [["=x", "n"], *([cell, -5] for cell in DANGEROUS), ['a,"b"\nc', ""]]
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return stored(out.getvalue().encode())


def whole(version, format_, **more):
    return b"".join(export.export(version, format_, **more))


def test_export_csv_is_safe_in_spreadsheets(dangerous):
    found = whole(dangerous, "csv").decode()
    rows = list(csv.reader(io.StringIO(found, newline="")))

    assert rows[0] == ["'=x", "n"]
    assert rows[1:7] == [["'" + cell, "-5"] for cell in DANGEROUS]
    assert rows[7] == ['a,"b"\nc', ""]


def test_export_json_is_intact(dangerous):
    rows = json.loads(whole(dangerous, "json"))
    lines = whole(dangerous, "ndjson").splitlines()

    assert [row["=x"] for row in rows] == [*DANGEROUS, 'a,"b"\nc']
    assert rows[-1]["n"] is None
    assert [json.loads(line) for line in lines] == rows


def test_export_parquet_is_the_table(dangerous):
    found = pq.read_table(io.BytesIO(whole(dangerous, "parquet")))

    assert found["=x"].to_pylist()[:6] == DANGEROUS


def test_export_in_parts_is_the_whole(stored, monkeypatch):
    monkeypatch.setattr(export, "CELLS_AT_ONCE", 20)
    version = stored(b"a,b\n" + b"".join(b"%d,x\n" % n for n in range(95)))

    rows = json.loads(whole(version, "json", columns=["a"]))

    assert rows == [{"a": n} for n in range(95)]
    assert whole(version, "csv").count(b"\n") == 96


def test_export_of_no_rows(stored):
    version = stored(b"a,b\n")

    assert whole(version, "json") == b"[]"
    assert whole(version, "csv") == b'"a","b"\n'


@pytest.mark.parametrize(
    "question", [("xls", None), ("csv", ["x"]), ("parquet", ["a"])]
)
def test_export_refuses(stored, question):
    format_, columns = question

    with pytest.raises(BadQuestion):
        export.export(stored(b"a,b\n1,2\n"), format_, columns)
