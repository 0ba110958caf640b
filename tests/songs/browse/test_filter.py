import pytest

from songs.browse.filter import parse_filter
from songs.browse.queries import VideoFilter, VideoOrder
from songs.models import Mood
from web.parameters import BadParameters


def test_parse_filter_of_nothing_is_all_newest_first():
    assert parse_filter({}) == VideoFilter()


def test_parse_filter_takes_moods_in_any_spelling():
    filters = parse_filter({"mood": "in love", "min_duration": "60"})
    assert filters == VideoFilter(mood=Mood.IN_LOVE, min_duration=60)


def test_parse_filter_orders_words_by_rank_unless_told_otherwise():
    assert parse_filter({"q": "rain"}).ordering is VideoOrder.RANK
    by_views = parse_filter({"q": "rain", "ordering": "views"})
    assert by_views.ordering is VideoOrder.VIEWS


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"mood": "BORED", "source": "me", "page": "2"}, ["mood", "page", "source"]),
        ({"min_duration": "3", "max_duration": "2"}, ["min_duration"]),
        ({"ordering": "rank"}, ["ordering"]),
    ],
)
def test_parse_filter_names_every_wrong_parameter(values, named):
    with pytest.raises(BadParameters) as wrong:
        parse_filter(values)
    assert sorted(wrong.value.errors) == named
