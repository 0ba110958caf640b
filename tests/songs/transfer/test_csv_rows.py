from io import BytesIO

import pytest

from songs.transfer import csv_rows
from songs.transfer.csv_rows import MAX_TEXT, CsvRow, NotTheCatalogue, RejectedRecord

HEADER = ",".join(csv_rows.COLUMNS).encode() + b"\n"
GOOD = b"AAAAAAAAAAA,Title,HAPPY,t,Text,\n"
GOOD_ROW = (b"AAAAAAAAAAA", b"Title", b"HAPPY", b"t", b"Text", None)


def read(records: bytes) -> list[CsvRow | RejectedRecord]:
    return list(csv_rows.read(BytesIO(HEADER + records)))


@pytest.mark.parametrize(
    "record",
    [
        GOOD,
        GOOD.rstrip(),
        GOOD.replace(b"\n", b"\r\n"),
        b'"AAAAAAAAAAA","Title","HAPPY","t","Text",""\n',
    ],
)
def test_read_understands_line_ends_and_quotes(record):
    assert read(record) == [CsvRow(2, *GOOD_ROW)]


def test_read_accepts_a_byte_order_mark():
    file = BytesIO(b"\xef\xbb\xbf" + HEADER + GOOD)

    assert list(csv_rows.read(file)) == [CsvRow(2, *GOOD_ROW)]


def test_read_of_a_header_alone_is_empty():
    assert read(b"") == []


def test_read_tells_an_absent_text_from_an_empty_one():
    (row,) = read(b'AAAAAAAAAAA,,,,"",\n')

    assert (row.video_title, row.video_description) == (None, b"")


def test_read_keeps_the_bytes_of_a_quoted_text():
    (row,) = read(b'AAAAAAAAAAA,"a ""b"", c",,,"1\r\n\\.\n\t\\N\r",\n')

    assert row.video_title == b'a "b", c'
    assert row.video_description == b"1\r\n\\.\n\t\\N\r"


def test_read_takes_no_mood_from_a_row_that_is_not_labelled():
    rows = read(b"AAAAAAAAAAA,,HAPPY,f,,\nBBBBBBBBBBB,,HAPPY,,,SAD\n")

    assert [(r.moods, r.labeled, r.predicted_moods) for r in rows] == [
        (None, b"f", None),
        (None, None, b"SAD"),
    ]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"AAAAAAAAAAA,Title,SAD,t,Text", "columns: 5 instead of 6"),
        (b"AAAAAAAAAAA,Title,SAD,t,Text,,", "columns: 7 instead of 6"),
        (b"", "columns: 1 instead of 6"),
        (b"AAAA,Title,SAD,t,Text,", "video_id 'AAAA' is not 11 of A-Z a-z 0-9 _ -"),
        (b"AAAAAAAAAA!,Title,SAD,t,Text,", "video_id"),
        (b",Title,SAD,t,Text,", "video_id ''"),
        (b"AAAAAAAAAAA,Title,SLEEPY,t,Text,", "moods: the mood 'SLEEPY' is unknown"),
        (b"AAAAAAAAAAA,Title,sad,t,Text,", "moods: the mood 'sad' is unknown"),
        (b"AAAAAAAAAAA,Title,SAD,t,Text,MEH", "predicted_moods: the mood 'MEH'"),
        (b"AAAAAAAAAAA,Title,SAD,yes,Text,", "labeled 'yes' is not t, f or empty"),
        (b"AAAAAAAAAAA,Title,,t,Text,", "labeled is t and the mood is missing"),
        (b"AAAAAAAAAAA,a\0b,SAD,t,Text,", "a NUL character"),
        (b"AAAAAAAAAAA,\xff,SAD,t,Text,", "invalid UTF-8"),
        (b"AAAAAAAAAAA,\xed\xa0\x80,SAD,t,Text,", "invalid UTF-8"),
        (b"AAAAAAAAAAA,a\rb,SAD,t,Text,", "a quote is out of place"),
        (b'AAAAAAAAAAA,a"b,SAD,t,Text,', "a quote is out of place"),
        (b"AAAAAAAAAAA,T,,,%b," % (b"x" * (MAX_TEXT + 1)), "100,001 characters"),
    ],
)
def test_read_refuses_a_bad_record_and_keeps_its_neighbours(record, reason):
    before, refused, after = read(GOOD + record + b"\n" + GOOD)

    assert refused.line == 3
    assert reason in refused.reason
    assert (before, after) == (CsvRow(2, *GOOD_ROW), CsvRow(4, *GOOD_ROW))


def test_read_accepts_the_longest_text_in_characters():
    title = "é".encode() * MAX_TEXT

    (row,) = read(b"AAAAAAAAAAA,%b,,,," % title + b"\n")

    assert row.video_title == title


def test_read_counts_the_lines_inside_quotes():
    rows = read(b'AAAAAAAAAAA,,,,"1\n2\r\n3",\n' + GOOD + b"bad\n")

    assert [row.line for row in rows] == [2, 5, 6]


def test_read_refuses_each_of_several_bad_lines():
    rows = read(b"one\ntwo,2\nthree,3,3\n" + GOOD)

    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert rows[3] == CsvRow(5, *GOOD_ROW)


def test_read_saves_what_the_quotes_of_a_bad_record_swallowed():
    broken = b'BBBBBBBBBBB,"Title,,,,\n'  # closed by the first quote below
    swallowed = b'CCCCCCCCCCC,,,,"\nText",\n'

    refused, saved, last = read(broken + swallowed + GOOD)

    assert (refused.line, refused.reason) == (2, "columns: 2 instead of 6")
    assert (saved.video_id, saved.video_description) == (b"CCCCCCCCCCC", b"\nText")
    assert last == CsvRow(5, *GOOD_ROW)


@pytest.mark.parametrize("mood", [b"SAD", b"SLEEPY"])
def test_read_goes_on_after_a_quote_that_is_never_closed(mood):
    broken = b'BBBBBBBBBBB,Title,SAD,t,"Text\nmore, of it\n'
    after = b'CCCCCCCCCCC,Title,%b,t,"T""e\nxt",\n' % mood

    refused, understood, last = read(broken + after + GOOD)

    assert refused == RejectedRecord(
        2,
        "a quote is out of place or never closed, or the record is too long "
        "(to line 3)",
    )
    assert understood.line == 4
    assert last == CsvRow(6, *GOOD_ROW)


def test_read_survives_one_endless_line():
    refused, last = read(b'"' + b"x" * 20_000_000 + b"\n" + GOOD)

    assert (refused.line, last) == (2, CsvRow(3, *GOOD_ROW))


def test_read_frames_records_over_the_ends_of_chunks(monkeypatch):
    monkeypatch.setattr(csv_rows, "CHUNK", 101)
    monkeypatch.setattr(csv_rows, "MAX_RECORD", 90)

    rows = read(GOOD * 50)

    assert rows == [CsvRow(line, *GOOD_ROW) for line in range(2, 52)]


def test_read_tells_its_progress_in_bytes():
    sizes = []

    list(csv_rows.read(BytesIO(HEADER + GOOD), progress=sizes.append))

    assert sum(sizes) == len(HEADER + GOOD)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"\x89PNG\r\n\x1a\n\0", "PNG image"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"PK\x03\x04\0", "ZIP"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"\xff\xfev\0i\0", "UTF-16"),
        (b"video_id;video_title\n", "begins with 'video_id;video_title'"),
        (HEADER.replace(b"moods,labeled", b"labeled,moods", 1), "Line 1 must be"),
        (GOOD, "Line 1 must be video_id,video_title,"),
    ],
)
def test_read_names_a_file_that_is_not_the_catalogue(data, message):
    with pytest.raises(NotTheCatalogue, match=message):
        list(csv_rows.read(BytesIO(data)))
