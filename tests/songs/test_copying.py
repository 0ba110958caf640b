from songs import copying

AWKWARD = ["\\N", "\\.", "a\tb\nc\r\\n", "", "é🎵"]


def test_copy_in_stores_every_text_as_it_is(db, monkeypatch):
    monkeypatch.setattr(copying, "PAGE", 2)
    copying.execute("CREATE TEMPORARY TABLE texts (number int, text text)")
    values = dict(enumerate([*AWKWARD, None]))
    lines = (
        copying.copy_line(
            [str(number).encode(), text if text is None else text.encode()]
        )
        for number, text in values.items()
    )

    copying.copy_in("texts", lines)

    assert dict(copying.rows_of("SELECT number, text FROM texts")) == values


def test_copy_in_of_nothing_stores_nothing(db):
    copying.execute("CREATE TEMPORARY TABLE texts (text text)")

    copying.copy_in("texts", [])

    assert copying.rows_of("SELECT * FROM texts") == []


def test_execute_counts_the_rows(db):
    copying.execute("CREATE TEMPORARY TABLE texts (text text)")

    assert copying.execute("INSERT INTO texts VALUES ('a'), ('b')") == 2
