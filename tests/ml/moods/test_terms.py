"""The words of videos, and their weights."""

import numpy as np
import pytest

from ml.moods.lexicon import read_lexicon
from ml.moods.recipe import MOODS
from ml.moods.terms import (
    inverse_document_frequency,
    read_words,
    score_by_lexicon,
    tf_idf,
)
from ml.moods.text import VideoText


def test_read_words_leaves_stop_words_to_the_title():
    words = read_words(VideoText("I Miss You", "This is the music of you"))

    assert words.block("title") == ["i", "miss", "you"]
    assert words.block("description") == ["music"]


def test_read_words_reads_only_the_beginning_of_a_description():
    words = read_words(VideoText("", "calm " * 300_000))

    assert len(words.description) == 200


def test_tf_idf_divides_by_the_length_with_the_unknown_words():
    idf = np.array([2.0, 1.0, 3.0])

    entries = tf_idf([["a", "new", "a"], [], ["b"]], {"a": 0, "b": 1}, idf)

    of_a = 2 * (1 + np.log(2))
    assert entries.rows.tolist() == [0, 2]
    assert entries.columns.tolist() == [0, 1]
    np.testing.assert_allclose(entries.values, [of_a / np.hypot(of_a, 3), 1])


def test_inverse_document_frequency_is_largest_for_unknown_words():
    idf = inverse_document_frequency(np.array([9.0, 1, 0]), 9)

    np.testing.assert_allclose(idf, [1, 1 + np.log(5), 1 + np.log(10)])


def test_score_by_lexicon_adds_up_the_title_and_shares_out_the_description():
    lexicon = read_lexicon()
    videos = [read_words(VideoText("Sad", "sad crying tears")), read_words(VideoText())]

    scores = score_by_lexicon(lexicon, videos)

    sad = MOODS.index("SAD")
    points = lexicon.weights[("sad",)][sad]
    assert scores.prior[0, sad] == pytest.approx(0.5 * points + 1)
    assert scores.columns[0, sad] == pytest.approx(points**0.5)
    assert not scores.prior[1].any() and not scores.columns[1].any()
