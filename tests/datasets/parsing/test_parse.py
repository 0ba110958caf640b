"""Faults 28 and 29: what people send, and what becomes of it."""

import datetime
import gzip
import json
from dataclasses import asdict

import pytest

from datasets.parsing import decode, delimited
from datasets.parsing.dialect import Dialect
from datasets.parsing.errors import NotATable

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 9\n"
NESTED = b'[{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}]"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def types(parsed):
    return {column.name: column.type for column in parsed.columns}


def packed(content):
    """Without the time of day: each process must name the tests alike."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    "content, name, said",
    [
        (PNG, "a.csv", "PNG"),
        (b"PK\x03\x04" + bytes(50), "a.csv", "ZIP"),
        (packed(b"a,b\n1,2\n"), "a.csv", "end its name in .gz"),
        (packed(PNG), "a.csv.gz", "PNG"),
        (packed(b"a,b\n1,2\n" * 99)[:-20], "a.csv.gz", "cut off"),
        (packed(b""), "a.csv.gz", "empty inside"),
        (LFS, "a.csv", "git lfs pull"),
        (b"", "a.csv", "0 bytes"),
        (b"\n \n", "a.csv", "no line"),
        (b"a,b\n1,2\n", "a.exe", "ends in .exe"),
        (b"a,b\n", "a.parquet", "not Parquet"),
        (b"PAR1" + bytes(50) + b"PAR1", "a.parquet", "cannot be read"),
        (b'[{"a": 1}, {"a": 2', "a.json", "cut off"),
        (b'[{"a": 1}, {"a": }]', "a.json", "Malformed JSON"),
        (b'[1, 2, "x"]', "a.json", "no table"),
        (NESTED, "a.json", "recursion depth"),
    ],
)
def test_parse_says_what_is_no_table(parse, content, name, said):
    with pytest.raises(NotATable, match=said):
        parse(content, name)


def test_parse_refuses_a_hundred_thousand_columns(parse):
    line = ",".join(f"c{n}" for n in range(100_000)).encode()

    with pytest.raises(NotATable, match="Line 1 has more than 20,000 columns"):
        parse(line + b"\n")


def test_parse_refuses_a_giant_line(parse):
    with pytest.raises(NotATable, match="Line 2 is longer than 1,048,576 bytes"):
        parse(b"a,b\n" + b"x" * 3_000_000 + b"\n1,2\n")


def test_parse_refuses_a_gzip_bomb(parse, monkeypatch):
    monkeypatch.setattr(decode, "FREE_EXPANSION", 1_000_000)
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 3_000_000)

    with pytest.raises(NotATable, match="gzip bomb"):
        parse(bomb, "a.csv.gz")


def test_parse_takes_a_header_alone(parse):
    parsed = parse(b"a,b\n")

    assert (parsed.n_rows, types(parsed)) == (0, {"a": "text", "b": "text"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_parse_detects_delimiter_and_encoding(rows, delimiter, encoding):
    lines = ["name{d}n", '"Mot{d}rhead"{d}1', "Björk Guðmundsdóttir{d}2", "Café{d}3"]
    text = "\r\n".join(line.format(d=delimiter) for line in lines)

    found = rows(text.replace("Guð", "Gud").encode(encoding))

    assert found[0] == (f"Mot{delimiter}rhead", 1)
    assert found[1:] == [("Björk Gudmundsdóttir", 2), ("Café", 3)]


@pytest.mark.parametrize("delimiter", ["::", "~", " - ", "§"])
def test_parse_takes_any_delimiter_when_told(rows, delimiter):
    text = f"a{delimiter}b\n1{delimiter}x,y\n"

    assert rows(text.encode(), dialect=Dialect(delimiter=delimiter)) == [(1, "x,y")]


def test_parse_takes_quotes_as_data_when_told(rows):
    dialect = Dialect(quote="", delimiter="\t", header=False)

    assert rows(b'"a\t1\nb"c"\t2\n', dialect=dialect) == [('"a', 1), ('b"c"', 2)]


def test_parse_detects_quotes_that_are_data(rows):
    assert rows(b'id\tname\n1\t"Weird Al" Yankovic\n2\tx\n', "a.tsv") == [
        (1, '"Weird Al" Yankovic'),
        (2, "x"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'a,b\n1,"x\r\ny"\n2,z\n',  # only within a cell: it is kept
        b'a,b\r\n1,"x\ny"\r\n2,z\r\n',
        b'a,b\r1,"x\ny"\r2,z\r',
        b'a,b\r\n1,"x\ny"\n2,z\r\n',  # lines that end in two ways
        b'a,b\n1,"x\ny"\r\n2,z',
    ],
)
def test_parse_takes_any_line_ends(parse, rows, content):
    kept = "x\r\ny" if b"x\r\ny" in content else "x\ny"

    assert rows(content) == [(1, kept), (2, "z")]
    assert rows(content, dialect=Dialect()) == [(1, kept), (2, "z")]


def test_parse_refuses_ragged_rows_by_line(parse):
    parsed = parse(b'a,b\n1,"x\ny"\n2\n3,z\n4,5,6\n7,w\n')

    assert parsed.n_rows == 3
    assert [(r.line, r.reason) for r in parsed.rejects.first] == [
        (4, "1 columns instead of 2"),
        (6, "3 columns instead of 2"),
    ]


def test_parse_refuses_a_last_row_that_is_cut(parse):
    parsed = parse(b"a,b,c\n" + b"1,2,3\n" * 5 + b"1,2")

    assert (parsed.n_rows, parsed.rejects.n) == (5, 1)
    assert asdict(parsed.rejects.first[0]) == {
        "line": 7,
        "reason": "2 columns instead of 3",
        "text": "1,2",
    }


def test_parse_refuses_a_file_with_more_bad_rows_than_good_ones(parse):
    with pytest.raises(NotATable, match="line 2: 1 columns instead of 2"):
        parse(b"a,b\n" + b"x\n" * 9 + b"1,2\n", dialect=Dialect())


def test_parse_names_columns_apart(parse):
    parsed = parse(b"a,A,,a,file_row_number\n1,2,3,4,5\n")

    assert list(types(parsed)) == ["a", "A_2", "column3", "a_3", "file_row_number_2"]
    assert parsed.columns[2].note == "without a name in the file"
    assert parsed.columns[3].note == "called 'a' in the file"


@pytest.mark.parametrize(
    "values, type_",
    [
        (["1", "-2", "", "9223372036854775807"], "integer"),
        (["1", " 2"], "integer"),
        (["1", "2.5", "-8.19E-06"], "number"),
        (["007", "1"], "text"),
        (["1", "1e400"], "text"),
        (["1.5", "NaN"], "text"),
        (["1", "12345678901234567890"], "text"),
        (["1", "1_000"], "text"),
        (["+49123", "1"], "text"),
        (["true", "FALSE"], "boolean"),
        (["2024-02-29", "2023-01-01"], "date"),
        (["2024-02-30", "2023-01-01"], "text"),
        (["01/02/2003"], "text"),
        (["2024-02-29T12:30:00Z", "2023-01-01 00:00"], "datetime"),
        (["4-Apr", "3-Apr"], "text"),
        (["", ""], "text"),
    ],
)
def test_parse_types_only_what_keeps_its_value(parse, values, type_):
    parsed = parse("\n".join(["x,y", *(f"{value},z" for value in values)]).encode())

    assert types(parsed)["x"] == type_


def test_parse_types_by_all_values_and_not_by_the_first_ones(parse):
    numbers = "".join(f"{n},{n}.5,name{n}\n" for n in range(90_000))
    parsed = parse(f"a,b,c\n{numbers}7.5,none,x\n".encode())

    assert types(parsed) == {"a": "number", "b": "text", "c": "text"}
    assert parsed.n_rows == 90_001
    assert "90,000 of 90,001 values are of type number" in parsed.columns[1].note


def test_parse_tells_of_fractions_that_a_spreadsheet_mangled(parse):
    parsed = parse(b"signature,x\n4-Apr,1\n4-Apr,2\n3-Apr,3\n")

    assert "4/4 becomes 4-Apr" in parsed.columns[0].note


def test_parse_keeps_dangerous_cells_as_they_are(rows):
    cells = ["=1+1", "+x", "-x", "@x", "<script>", "'", "a\0b"]

    found = rows(("x,y\n" + "".join(f"{c},1\n" for c in cells)).encode())

    assert [row[0] for row in found] == cells


@pytest.mark.parametrize(
    "content",
    [
        b'[{"a": 1, "b": "x"}, {"a": 2.5, "b": null}]',
        b'{"a": 1, "b": "x"}\n{"a": 2.5}\n',
        b'\xef\xbb\xbf[{"a": 1, "b": "x"}, {"a": 2.5}]',
        '[{"a": 1, "b": "x"}, {"a": 2.5}]'.encode("utf-16"),
        b'[[1, "x"], [2.5]]',
    ],
)
def test_parse_takes_json(rows, content):
    assert rows(content, "a.json") == [(1.0, "x"), (2.5, None)]


def test_parse_keeps_what_is_nested_in_json(parse, rows):
    content = b'{"id": "007", "tags": ["a", 1], "day": "2024-01-02", "odd": 1e400}\n'

    assert rows(content, "a.ndjson") == [
        ("007", '["a",1]', datetime.date(2024, 1, 2), None)
    ]
    assert "not finite" in parse(content, "a.ndjson").columns[3].note


def test_parse_refuses_lines_that_are_no_json(parse):
    good = "".join(json.dumps({"a": n}) + "\n" for n in range(5))

    parsed = parse(f'{good}{{"a":\n[1]\n{good}'.encode(), "a.jsonl")

    assert parsed.n_rows == 10
    assert [refused.line for refused in parsed.rejects.first] == [6, 7]


def test_parse_takes_gzip(rows):
    assert rows(gzip.compress(b"a,b\n1,x\n"), "a.csv.gz") == [(1, "x")]
    assert rows(gzip.compress(b'[{"a": 1}]'), "a.json.gz") == [(1,)]


def test_parse_takes_wide_tables(parse):
    names = [f"c{n}" for n in range(600)]
    lines = [
        ",".join(f"{row}.5" if n % 2 else "x" for n in range(600)) for row in "123"
    ]
    parsed = parse("\n".join([",".join(names), *lines]).encode())

    assert [column.type for column in parsed.columns[:2]] == ["text", "number"]
    assert parsed.columns[1].mean == 2.5
    assert parsed.columns[599].histogram == []  # of a wide table less is kept


def test_parse_takes_big_cells(parse):
    cells = [letter * 900_000 for letter in "abc"]
    parsed = parse("\n".join(["x", *cells, cells[0]]).encode())

    column = parsed.columns[0]
    assert (column.distinct, column.longest, column.top[0][1]) == (3, 900_000, 2)
    assert max(map(len, column.examples)) == 200


def test_types_of_a_wide_table_are_chosen_in_parts_as_at_once(parse, monkeypatch):
    monkeypatch.setattr(decode, "SAMPLE_BYTES", 2_000)  # the last row is beyond it
    header = ",".join(f"c{at}" for at in range(60))
    cells = [str(at) if at % 3 else "1" for at in range(60)]
    last = ",".join(["x", "2.5", *cells[2:]])
    content = "\n".join([header, *[",".join(cells)] * 30, last, ""]).encode()
    at_once = parse(content)
    batches = []
    real = delimited.types_of_texts

    def in_parts(connection, relation, names, *, batch=0):
        if batch:  # else of the sample
            batches.append(batch)
        return real(connection, relation, names, batch=7)

    monkeypatch.setattr(delimited, "types_of_texts", in_parts)

    assert parse(content).columns == at_once.columns
    assert list(types(at_once).values())[:3] == ["text", "number", "integer"]
    assert batches == [500]  # more at once take the square of the cells
