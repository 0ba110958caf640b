"""Parquet, whose types are its own, and JSON that is not small."""

import datetime
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets.parsing import json_rows
from datasets.parsing.errors import NotATable

DAY = datetime.date(2024, 1, 2)
MOMENT = datetime.datetime(2024, 1, 2, 3, 4)
BERLIN = datetime.timezone(datetime.timedelta(hours=1))


@pytest.fixture
def sent():
    """The bytes of a Parquet file with these columns."""

    def write(**columns):
        file = io.BytesIO()
        pq.write_table(pa.table(columns), file)
        return file.getvalue()

    return write


@pytest.mark.parametrize(
    "value, type_, kept",
    [
        (5, "integer", 5),
        (pa.scalar(2**63, pa.uint64()), "integer", 2**63),
        (0.5, "number", 0.5),
        (float("nan"), "number", None),
        (Decimal("1.25"), "number", 1.25),
        (True, "boolean", True),
        (DAY, "date", DAY),
        (MOMENT, "datetime", MOMENT),
        (MOMENT.replace(tzinfo=BERLIN), "datetime", MOMENT.replace(hour=2)),
        ("007", "text", "007"),
        (b"\xff\x00", "text", "/wA="),
        ([1, 2], "text", "[1,2]"),
        ({"a": 1}, "text", '{"a":1}'),
        (datetime.time(3, 4), "text", "03:04:00"),
        (None, "text", None),
    ],
)
def test_parse_of_parquet(parse, sent, value, type_, kept):
    parsed = parse(sent(x=pa.array([value])), "a.parquet")

    assert parsed.columns[0].type == type_
    assert pq.read_table(parsed.table)["x"].to_pylist() == [kept]


def test_parse_of_parquet_names_columns_apart(parse, sent):
    parsed = parse(sent(**{"a": [1], "A": [2], " ": [3]}), "a.parquet")

    assert [column.name for column in parsed.columns] == ["a", "A_1", "column3"]


def test_parse_refuses_a_parquet_that_claims_too_much(parse, sent, monkeypatch):
    monkeypatch.setattr(json_rows, "MAX_VALUES", 1_000)

    with pytest.raises(NotATable, match="1,001 rows of 1 columns are too many"):
        parse(sent(x=[0] * 1_001), "a.parquet")


def test_parse_refuses_a_parquet_that_is_cut(parse, sent):
    with pytest.raises(NotATable, match="parquet cannot be read"):
        parse(sent(x=[1] * 99)[:-30], "a.parquet")


@pytest.mark.parametrize("space", ["", "\n", "\n  "])
def test_parse_of_json_however_it_is_laid_out(rows, space):
    objects_ = [
        f'{space}{{{space}"a":{space}{n},{space}"b": "x\\ny"}}' for n in range(3)
    ]
    kept = [(n, "x\ny") for n in range(3)]

    assert rows(f"[{','.join(objects_)}]".encode(), "a.json") == kept
    assert rows("\n".join(objects_).encode(), "a.json") == kept


def test_parse_refuses_an_object_that_fills_the_memory(parse):
    content = b'[{"a": "' + b"x" * 30_000_000 + b'"}]'

    with pytest.raises(NotATable, match="too large for the memory"):
        parse(content, "a.json")


def test_no_path_of_the_content_is_followed(rows):
    names = [
        "/etc/passwd",
        "read_csv('/etc/passwd')",
        "s3://x/y",
        "'; DROP TABLE t; --",
    ]
    text = "\n".join(['"path","x""); --"', *(f'"{name}",1' for name in names)])

    assert [row[0] for row in rows(text.encode())] == names


def test_parse_of_days_and_moments_outside_of_the_calendar(parse, sent):
    days = pa.array([5_000_000, 1, -900_000, None], pa.int32()).cast(pa.date32())
    moments = pa.array([2**62, 1, -(2**61), None], pa.timestamp("us"))
    parsed = parse(sent(d=days, t=moments), "a.parquet")

    assert [one.nulls for one in parsed.columns] == [3, 3]
    assert "2 values that are not in the years 1 to 9999" in parsed.columns[0].note
    assert parsed.columns[0].min == "1970-01-02"


def test_parse_of_a_csv_with_the_year_zero_keeps_the_text(rows):
    assert rows(b"d,n\n0000-01-01,1\n2024-01-01,2\n")[0] == ("0000-01-01", 1)
