"""All rows of a list, some at a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from songs.browse import stream
from songs.models import NewVideo

DAY = datetime(2020, 1, 1, tzinfo=UTC)
VIDEOS = NewVideo.objects.newest_first()


@pytest.fixture
def ten(make_video):
    """Six dated videos, of which three have one date, and four without."""
    for day in (3, 1, 1, None, 5, 1, None, None, 4, None):
        make_video(published_at=day and DAY + timedelta(days=day), view_count=7)


@pytest.mark.parametrize("size", range(1, 12))
def test_rows_are_each_video_once_in_order_whatever_the_size(ten, size):
    rows = stream.rows(VIDEOS.values("video_id"), size=size)
    assert "".join(row["video_id"][-1] for row in rows) == "5912364780"


def test_rows_are_those_of_one_query(ten):
    asked = VIDEOS.values("video_title", "published_at", views=F("view_count"))
    rows, expected = list(stream.rows(asked, size=3)), list(asked)
    assert rows == expected
    assert [list(row) for row in rows] == [list(row) for row in expected]


def test_rows_of_nothing_are_none(db):
    assert list(stream.rows(VIDEOS.values("video_id"), size=3)) == []


def test_rows_are_as_many_queries_as_pages(ten, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(stream.rows(VIDEOS.values("video_id"), size=11))
    with django_assert_num_queries(4):  # 3 pages, and where the undated begin
        list(stream.rows(VIDEOS.values("video_id"), size=4))


def test_rows_that_change_meanwhile_break_nothing(ten):
    rows = stream.rows(VIDEOS.values("video_id"), size=2)
    first = next(rows)
    NewVideo.objects.filter(video_id__in=["VIDEO000009", "VIDEO000003"]).delete()
    NewVideo.objects.filter(video_id="VIDEO000004").update(published_at=DAY)
    rest = [row["video_id"][-1] for row in rows]
    assert first["video_id"][-1] + "".join(rest) == "591264780"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_rows_have_all_that_stay_as_they_are_once(ten, make_video, size):
    rows = stream.rows(VIDEOS.values("video_id"), size=size)
    ids = [next(rows)["video_id"][-1] for _ in range(3)]
    dates = {"5": None, "4": DAY, "7": DAY + timedelta(days=9), "3": None}
    for last, date in dates.items():
        video = NewVideo.objects.filter(video_id__endswith=last)
        video.update(published_at=date)
    make_video(video_id="VIDEO00000x", published_at=DAY)
    ids += [row["video_id"][-1] for row in rows]
    assert [i for i in ids if i in "912680"] == list("912680")
