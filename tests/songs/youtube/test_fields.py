"""The strict readers of one JSON object."""

from datetime import UTC, datetime, timedelta

import pytest

from songs.youtube.fields import (
    MAX_COUNT,
    MAX_TEXT,
    BadField,
    Fields,
    clean_text,
    comment_text,
    thumbnail_url,
    topic_names,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "שלום עולם",
        "e\u200dmoji 👩‍👩‍👧 \u200b",
        "\u202eright to left\u202c",
        "&amp; <b>",
    ],
)
def test_clean_text_leaves_alone_what_can_be_stored(text):
    assert clean_text(text, "title") == text


def test_clean_text_removes_nul_and_replaces_lone_surrogates():
    assert clean_text("a\0b\ud83dc\udc00", "title") == "ab\ufffdc\ufffd"


@pytest.mark.parametrize("value", [7, True, ["a"], {"a": "b"}, "x" * (MAX_TEXT + 1)])
def test_clean_text_refuses_what_is_no_text_or_too_long(value):
    with pytest.raises(BadField, match="^title is "):
        clean_text(value, "title")


def test_clean_text_takes_the_longest_text_allowed():
    assert len(clean_text("x" * MAX_TEXT, "description")) == MAX_TEXT


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("PT4M13S", timedelta(minutes=4, seconds=13)),
        ("PT1H", timedelta(hours=1)),
        ("P1DT2H", timedelta(days=1, hours=2)),
        ("P1W", timedelta(weeks=1)),
        ("P0D", timedelta(0)),
        ("PT0S", timedelta(0)),
        (None, None),
    ],
)
def test_duration_reads_iso_8601(written, expected):
    assert Fields({"duration": written}).duration("duration") == expected


@pytest.mark.parametrize(
    "written", ["", "P", "PT", "P1DT", "4:13", "PT-4M", "P1Y", "PT٤M", 253, "P99999D"]
)
def test_duration_refuses_anything_else(written):
    with pytest.raises(BadField, match="^duration is not a duration$"):
        Fields({"duration": written}).duration("duration")


@pytest.mark.parametrize(
    ("written", "expected"),
    [("0", 0), ("7920", 7920), (12, 12), (str(MAX_COUNT), MAX_COUNT), (None, None)],
)
def test_count_reads_numbers_and_numerals(written, expected):
    assert Fields({"viewCount": written}).count("viewCount") == expected


@pytest.mark.parametrize(
    "written", ["", "-1", "1.5", 1.5, True, "٣", "1e9", str(MAX_COUNT + 1), [], {}]
)
def test_count_refuses_what_a_column_cannot_hold(written):
    with pytest.raises(BadField, match="^viewCount is not a count$"):
        Fields({"viewCount": written}).count("viewCount")


def test_count_of_an_absent_field_is_unknown_not_zero():
    assert Fields({}).count("likeCount") is None


@pytest.mark.parametrize(
    "written",
    ["2019-03-21T20:37:49Z", "2019-03-21T20:37:49.000Z", "2019-03-21T21:37:49+01:00"],
)
def test_moment_is_utc(written):
    moment = Fields({"publishedAt": written}).moment("publishedAt")

    assert moment == datetime(2019, 3, 21, 20, 37, 49, tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "yesterday",
        "2019-03-21T20:37:49",
        1553200669,
        "0001-01-01T00:00+09:00",
    ],
)
def test_moment_refuses_what_is_no_point_in_time(written):
    with pytest.raises(BadField, match="^publishedAt is not a time"):
        Fields({"publishedAt": written}).moment("publishedAt")


@pytest.mark.parametrize("value", ["text", 5, ["list"], True])
def test_part_refuses_what_is_no_object(value):
    with pytest.raises(BadField, match="^snippet is not an object$"):
        Fields({"snippet": value}).part("snippet")


def test_part_that_is_absent_has_no_fields():
    assert Fields({}).part("statistics").text("viewCount") is None


def test_flag_refuses_the_word_for_it():
    assert Fields({"embeddable": False}).flag("embeddable") is False
    with pytest.raises(BadField, match="embeddable"):
        Fields({"embeddable": "true"}).flag("embeddable")


def test_texts_cleans_each_and_refuses_a_bare_string():
    assert Fields({"tags": ["a\0", "b"]}).texts("tags") == ("a", "b")
    with pytest.raises(BadField, match="tags is not a list"):
        Fields({"tags": "a,b"}).texts("tags")


def test_regions_tells_nowhere_from_unrestricted():
    assert Fields({"allowed": []}).regions("allowed") == ()
    assert Fields({}).regions("allowed") is None
    with pytest.raises(BadField, match="allowed is not a list of regions"):
        Fields({"allowed": ["Germany"]}).regions("allowed")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (["default", "medium", "maxres"], "https://i.example/medium.jpg"),
        (["default", "high", "standard"], "https://i.example/standard.jpg"),
        (["default"], "https://i.example/default.jpg"),
        ([], None),
    ],
)
def test_thumbnail_url_prefers_medium_then_the_largest(sizes, expected):
    sizes = {size: {"url": f"https://i.example/{size}.jpg"} for size in sizes}

    assert thumbnail_url(Fields(sizes)) == expected


def test_thumbnail_url_passes_over_an_address_that_could_run_script():
    sizes = {
        "medium": {"url": "javascript:alert(1)"},
        "default": {"url": "https://i.example/default.jpg"},
    }

    assert thumbnail_url(Fields(sizes)) == "https://i.example/default.jpg"


def test_topic_names_are_article_titles():
    urls = ["https://en.wikipedia.org/wiki/Rock_music", "https://x/wiki/Caf%C3%A9"]

    assert topic_names(Fields({"topicCategories": urls})) == ("Rock music", "Café")


def test_comment_text_prefers_the_original():
    fields = Fields({"textOriginal": "a <b> c", "textDisplay": "a &lt;b&gt; c"})

    assert comment_text(fields) == "a <b> c"


def test_comment_text_falls_back_to_the_displayed_html():
    fields = Fields({"textDisplay": 'Tom &amp; <a href="x">Ann</a><br />bye &lt;3'})

    assert comment_text(fields) == "Tom & Ann\nbye <3"


@pytest.mark.parametrize("fields", [{}, {"textOriginal": " \n"}, {"textDisplay": ""}])
def test_comment_text_refuses_an_empty_comment(fields):
    with pytest.raises(BadField, match="no text"):
        comment_text(Fields(fields))
