"""Labelled videos from a table."""

import pytest

from ml.evaluation.labelled import TableError, read_groups, read_labelled
from ml.moods.text import VideoText

HEADER = "video_id,video_title,moods,labeled,video_description,predicted_moods\n"


@pytest.fixture
def table(tmp_path):
    def write(text):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_read_labelled_leaves_out_the_default_mood_of_unlabelled_rows(table):
    rows = (
        'a,Title,SAD,t,"two\nlines, NA",\nb,T,HAPPY,f,d,\nc,T,HAPPY,,d,\nd,,CHILL,t,,\n'
    )

    labelled = read_labelled(table(HEADER + rows))

    assert labelled.ids == ["a", "d"]
    assert labelled.moods == ["SAD", "CHILL"]
    assert labelled.texts == [VideoText("Title", "two\nlines, NA"), VideoText()]


def test_read_labelled_counts_the_judgements_of_2019(real_data):
    labelled = read_labelled(real_data / "moodibeats" / "videos.csv")

    assert (len(labelled.ids), labelled.moods.count("HAPPY")) == (484, 126)


def test_read_labelled_of_a_header_alone_is_empty(table):
    assert read_labelled(table(HEADER)).ids == []


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "No columns"), ("video_id,moods\n", "no column video_title")],
)
def test_read_labelled_refuses_other_tables(table, text, says):
    with pytest.raises(TableError, match=says):
        read_labelled(table(text))


def test_read_labelled_refuses_a_video_that_is_labelled_twice(table):
    rows = "a,T,SAD,t,d,\nb,T,HAPPY,,d,\nb,T,SAD,t,d,\na,T,CHILL,t,d,\n"

    with pytest.raises(TableError, match="a is labelled twice"):
        read_labelled(table(HEADER + rows))


@pytest.mark.parametrize("start", [b"\x89PNG\r\n", b"\x1f\x8b\x08", b"\xff\xfev\x00"])
def test_read_labelled_refuses_what_is_no_text(tmp_path, start):
    path = tmp_path / "videos.csv"
    path.write_bytes(start)

    with pytest.raises(TableError, match=r"videos\.csv: it is not text in UTF-8"):
        read_labelled(path)


def test_read_labelled_names_a_file_that_is_missing(tmp_path):
    with pytest.raises(TableError, match=r"none\.csv: No such file"):
        read_labelled(tmp_path / "none.csv")


def test_read_groups_follows_the_order_of_the_ids(table):
    path = table("video_id,group\na,7\nb,x\nc,7\nd,9\n")

    one, two, three = read_groups(path, ["c", "b", "a"])

    assert one == three != two


def test_read_groups_refuses_a_video_without_group(table):
    with pytest.raises(TableError, match="no group for 1 videos, the first is z"):
        read_groups(table("video_id,group\na,7\n"), ["a", "z"])
