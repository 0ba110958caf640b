"""The lexicon: its file, and finding its phrases."""

import numpy as np
import pytest

from ml.moods.lexicon import (
    BadLexicon,
    Hit,
    Lexicon,
    fold_words,
    read_lexicon,
    split_words,
)
from ml.moods.recipe import MOODS


@pytest.fixture
def read(tmp_path):
    def written(text: str):
        path = tmp_path / "lexicon.txt"
        path.write_text(text)
        return read_lexicon(path)

    return written


def test_the_lexicon_of_the_project_speaks_of_every_mood():
    lexicon = read_lexicon()

    assert len(lexicon.weights) > 2000
    assert (sum(lexicon.weights.values()) > 100).all()
    assert lexicon.score(fold_words("A very SAD song")).argmax() == MOODS.index("SAD")


def test_read_lexicon_gives_each_phrase_the_weights_of_its_first_line(read):
    lexicon = read("# words\n\nSAD 2 CHILL .5: tears, Rainy  Day\nHAPPY 1: tears\n")

    assert set(lexicon.weights) == {("tears",), ("rainy", "day")}
    assert lexicon.weights[("tears",)].tolist() == [0, 0.5, 0, 0, 0, 2]


def test_read_lexicon_knows_other_spellings_in_every_phrase(read):
    lexicon = read("= lofi: lo fi\nCHILL 2: lofi beats\n")

    assert lexicon.find(fold_words("Lo-Fi Beats")) == [Hit(("lo", "fi", "beats"), 0, 3)]


@pytest.mark.parametrize(
    "line", ["SAD 2", "SAD: tears", "JOY 1: fun", "SAD much: tears", "SAD 1: tears,,"]
)
def test_read_lexicon_names_the_line_that_it_does_not_understand(read, line):
    with pytest.raises(BadLexicon, match="lexicon.txt:2: "):
        read(f"HAPPY 1: fun\n{line}\n")


def test_find_takes_the_longest_phrase_and_no_word_twice(read):
    lexicon = read("SAD 1: heart, broken heart\nIN-LOVE 1: heart song\n")

    hits = lexicon.find(fold_words("Broken Heart Songs, hearts"))

    assert hits == [Hit(("broken", "heart"), 0, 2), Hit(("heart",), 3, 4)]


def test_score_counts_a_phrase_once(read):
    lexicon = read("SAD 1.5: cry\n")

    np.testing.assert_array_equal(
        lexicon.score(fold_words("cry cry CRY")), [0, 0, 0, 0, 0, 1.5]
    )
    np.testing.assert_array_equal(lexicon.score([]), np.zeros(6))


def test_split_words_tells_where_they_stand():
    text = "Don’t—STOP_me\x00now"

    words = split_words(text)

    assert [word.folded for word in words] == ["don't", "stop", "me", "now"]
    assert fold_words(text) == ["don't", "stop", "me", "now"]
    assert [text[w.start : w.end] for w in words] == ["Don’t", "STOP", "me", "now"]


def test_score_adds_up_in_the_order_of_the_text():
    """Not in that of a set, which differs from process to process: so would models."""
    huge, one = np.full(6, 1e16), np.ones(6)
    lexicon = Lexicon({("a",): huge, ("b",): one, ("c",): -huge})

    assert lexicon.score(["a", "c", "b"]).tolist() == [1] * 6
    assert lexicon.score(["a", "b", "c"]).tolist() == [0] * 6
