from dataclasses import asdict

import pytest

from datasets.parsing import detect, preview
from datasets.parsing.dialect import Dialect
from datasets.parsing.errors import NotATable

LASTFM = "usersha1-artmbid-artname-plays.tsv"


@pytest.fixture
def sent(tmp_path):
    def write(content):
        path = tmp_path / "sent"
        path.write_bytes(content)
        return path

    return write


def test_detect_knows_the_published_plays(sent):
    path = sent(b'a\t\t"Weird Al\t3\n')
    dialect = detect.detect(path, LASTFM).dialect

    assert preview.preview(path, LASTFM, dialect).rows == [
        ("a", None, '"Weird Al', "3")
    ]
    assert dialect.names == ("who", "what", "name", "plays")
    assert detect.detect(path, "user_artist_data.txt").dialect.delimiter == " "
    assert detect.detect(path, "user_artists.dat").dialect.header


def test_preview_shows_rows_types_and_what_is_refused(sent):
    found = preview.preview(sent(b"a,b\n1,x\n2\n3,y\n"), "a.csv", Dialect(), n=1)

    assert [(c.name, str(c.type)) for c in found.columns] == [
        ("a", "integer"),
        ("b", "text"),
    ]
    assert found.rows == [("1", "x")]
    assert [(r.line, r.reason) for r in found.rejected] == [
        (3, "1 columns instead of 2")
    ]


def test_preview_of_lines_that_end_in_two_ways(sent):
    found = preview.preview(sent(b"a,b\n1,x\r\n2,y\n"), "a.csv", Dialect())

    assert found.rows == [("1", "x"), ("2", "y")]


def test_preview_renames_columns_as_told(sent):
    found = preview.preview(
        sent(b"1,x\n"), "a.csv", Dialect(header=False, names=("id",))
    )

    assert [column.name for column in found.columns] == ["id", "column2"]


def test_preview_cuts_cells_and_a_long_sample(sent):
    line = b"%d," + b"x" * 5_000 + b"\n"
    found = preview.preview(
        sent(b"".join(line % n for n in range(300))), "a.csv", Dialect()
    )

    assert len(found.rows[0][1]) == preview.MAX_CELL


def test_preview_refuses_what_is_not_in_the_encoding(sent):
    with pytest.raises(NotATable, match="not utf-8"):
        preview.preview(sent("é,b\n".encode("latin-1")), "a.csv", Dialect())


@pytest.mark.parametrize(
    "said",
    [
        {"delimiter": ""},
        {"delimiter": "\n"},
        {"delimiter": "12345"},
        {"quote": "''"},
        {"quote": ","},
        {"encoding": "klingon"},
        {"encoding": "base64"},
        {"skip": -1},
    ],
)
def test_dialect_refuses_nonsense(said):
    with pytest.raises(NotATable):
        Dialect(**said)


def test_dialect_survives_json():
    dialect = Dialect(delimiter="||", names=("a", "b"), header=False)

    assert Dialect.of(asdict(dialect)) == dialect
