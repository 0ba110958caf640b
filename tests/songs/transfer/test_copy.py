from songs.transfer import copy

AWKWARD = ["\\N", "\\.", "a\tb\nc\r\\n", "", "é🎵"]


def test_copy_in_stores_every_text_as_it_is(db, monkeypatch):
    monkeypatch.setattr(copy, "PAGE", 2)
    copy.execute("CREATE TEMPORARY TABLE texts (number int, text text)")
    values = dict(enumerate([*AWKWARD, None]))
    lines = (
        copy.copy_line([str(number).encode(), text if text is None else text.encode()])
        for number, text in values.items()
    )

    copy.copy_in("texts", lines)

    assert dict(copy.rows_of("SELECT number, text FROM texts")) == values


def test_copy_in_of_nothing_stores_nothing(db):
    copy.execute("CREATE TEMPORARY TABLE texts (text text)")

    copy.copy_in("texts", [])

    assert copy.rows_of("SELECT * FROM texts") == []


def test_execute_counts_the_rows(db):
    copy.execute("CREATE TEMPORARY TABLE texts (text text)")

    assert copy.execute("INSERT INTO texts VALUES ('a'), ('b')") == 2
