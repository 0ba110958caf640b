"""The text cleaning of 2019."""

import time

import pytest

from ml.moods.baseline2019 import words
from ml.moods.text import STOP_WORDS, VideoText


def test_words_drops_tags_case_and_stop_words():
    assert words("This is <b>the</b> Happy<br/>SONG &c.") == ["happy", "song", "c"]


@pytest.mark.parametrize(
    ("text", "emoticons"),
    [
        ("love it :-)", [":)"]),
        ("glued:) and alone ;)", [":)", ";)"]),
        ("big :D", [":d"]),
        ("a <3 b > c", ["<3"]),
        ("https://example.org/watch?v=Dx Download: 8:30", []),
    ],
)
def test_words_keeps_emoticons(text, emoticons):
    assert [word for word in words(text) if not word.isalnum()] == emoticons


def test_words_drops_both_halves_of_a_contraction():
    assert words("You're sure we shouldn't?") == ["sure"]


def test_words_of_nothing_is_nothing():
    assert words("") == words(" \n the ") == []


def test_words_separates_at_nul_and_surrogates():
    assert words("calm\x00piano\ud83dsolo 静かな") == [
        "calm",
        "piano",
        "solo",
        "静かな",
    ]


@pytest.mark.parametrize("part", ["<", "<a", ":-", "=8", " 8", "a", "\x00", "\ud800"])
def test_words_takes_300_kb_of_anything_in_a_moment(part):
    text = part * (300_000 // len(part))
    started = time.thread_time()

    words(text)

    assert time.thread_time() - started < 10  # of the processor, however busy it is


def test_stop_words_are_those_of_nltk_without_contractions():
    assert len(STOP_WORDS) == 153
    assert {"i", "themselves", "now", "wouldn"} < STOP_WORDS
    assert not any("'" in word or "#" in word for word in STOP_WORDS)


def test_video_text_is_empty_unless_told():
    assert VideoText() == ("", "", (), "")
