"""Near-duplicate groups found in texts."""

import numpy as np

from ml.evaluation import groups
from ml.evaluation.groups import find_groups
from ml.evaluation.labelled import read_groups, read_labelled
from ml.moods.text import VideoText

BOILERPLATE = "use it for free in your videos but tell people where it is from"


def test_find_groups_of_nothing_is_nothing():
    assert find_groups([]).shape == (0,)


def test_find_groups_keeps_strangers_and_empty_texts_apart():
    texts = [VideoText(), VideoText("A slow one", "piano"), VideoText(), VideoText("A")]

    assert find_groups(texts).tolist() == [0, 1, 2, 3]


def test_find_groups_joins_descriptions_that_share_their_shingles():
    texts = [
        VideoText(description=f"first track. {BOILERPLATE}"),
        VideoText(description="something else entirely, with words of its own"),
        VideoText(description=f"SECOND: {BOILERPLATE}, " + "and a few more words " * 2),
    ]

    assert find_groups(texts).tolist() == [0, 1, 0]


def test_find_groups_joins_descriptions_with_the_same_links():
    texts = [
        VideoText(description="one https://www.example.org/Me/ http://a.example/1"),
        VideoText(description="two http://example.org/me, www.a.example/1"),
        VideoText(description="three https://example.org/other"),
    ]

    assert find_groups(texts).tolist() == [0, 0, 1]


def test_find_groups_joins_long_titles_that_are_alike_but_no_short_ones():
    titles = [
        "Night Drive (free beat)",
        "FREE beat: Night Drive",
        "Sad beat",
        "beat sad",
    ]

    assert find_groups([VideoText(title) for title in titles]).tolist() == [0, 0, 1, 2]


def test_find_groups_joins_the_videos_of_a_channel():
    texts = [VideoText(channel=name) for name in ("A", "B", "A", "", "", "A")]

    assert find_groups(texts).tolist() == [0, 1, 0, 2, 3, 0]


def test_find_groups_joins_by_way_of_others():
    texts = [
        VideoText("Slow rain at dawn", "piano"),
        VideoText("Slow rain at dawn", "guitar", channel="A"),
        VideoText("Another name", "drums", channel="A"),
    ]

    assert find_groups(texts).tolist() == [0, 0, 0]


def test_find_groups_is_the_same_in_blocks(monkeypatch):
    texts = [VideoText(f"Slow rain at dawn {i % 4}") for i in range(10)]
    expected = find_groups(texts).tolist()

    monkeypatch.setattr(groups, "_ROWS", 3)

    assert find_groups(texts).tolist() == expected


def test_find_groups_agrees_with_the_known_groups_of_2019(real_data):
    folder = real_data / "moodibeats"
    labelled = read_labelled(folder / "videos.csv")
    known = read_groups(folder / "groups.csv", labelled.ids)
    found = find_groups(labelled.texts)
    pairs = np.triu_indices(len(found), 1)

    alike = (found[:, None] == found)[pairs]
    really = (known[:, None] == known)[pairs]

    assert (alike & really).sum() / alike.sum() > 0.95
    assert (alike & really).sum() / really.sum() > 0.93
