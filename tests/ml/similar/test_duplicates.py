"""The same track uploaded twice, and what only looks like it."""

import pytest

from ml.moods.text import VideoText
from ml.similar.duplicates import Track, same_track

SERIES = "A quiet evening with warm chords and a slow walk home"


def track(title, description="", seconds=None):
    return Track(VideoText(title, description), seconds)


@pytest.mark.parametrize(
    "again",
    [
        "artist - blue hour (No Copyright Music)",
        "Artist – Blue Hour [Free Download] HD",
        "Label | Artist - Blue Hour",
    ],
)
def test_same_title_in_other_clothes_is_the_same_track(again):
    assert same_track(track("Artist - Blue Hour"), track(again))


def test_half_of_the_title_counts_only_with_the_same_length():
    left = track("Artist - Fade", SERIES, 185)
    assert not same_track(left, track("Artist - Force", SERIES, 240))
    assert not same_track(left, track("Artist - Force", SERIES))
    assert same_track(left, track("Artist - Fade Out", "", 186))


def test_same_description_counts_only_with_the_same_length():
    left = track("Blue Hour", SERIES, 185)
    assert same_track(left, track("Abendstimmung", SERIES, 184))
    assert not same_track(left, track("Abendstimmung", SERIES, 190))
    assert not same_track(track("Blue", "slow", 9), track("Red", "slow", 9))


def test_titles_that_tell_nothing_are_like_no_other():
    assert not same_track(track("Free Music"), track("Free Music"))
    assert not same_track(track(""), track(""))


def test_one_shared_word_is_not_the_same_track():
    assert not same_track(track("Rain"), track("Rain on the roof"))
