"""The recipe of 2019, compared with the full matrix it stands for."""

import time

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from ml.evaluation.labelled import read_labelled
from ml.moods import baseline2019
from ml.moods.baseline2019 import words
from ml.moods.recipe import MOODS
from ml.moods.text import STOP_WORDS, VideoText
from ml.moods.train import encode_moods
from tests.ml.labelled_texts import labelled_texts


def assert_same_as_the_full_matrix(texts, moods):
    features, codes = baseline2019.featurize(texts), encode_moods(texts, moods)
    parameters = baseline2019.fit(texts, codes, 0)
    logistic = LogisticRegression(C=float(parameters["c"]), solver="liblinear")

    full = OneVsRestClassifier(logistic).fit(features, codes).predict_proba(features)

    small = baseline2019.predict_proba(parameters, texts)
    np.testing.assert_allclose(small, full, rtol=1e-9)
    assert (small.argmax(axis=1) == full.argmax(axis=1)).all()
    assert parameters["coefficients"].nbytes < 1_000_000


def test_fit_predicts_as_the_full_matrix_does():
    assert_same_as_the_full_matrix(*labelled_texts(n_per_mood=6))


@pytest.mark.no_cover
def test_fit_predicts_as_the_full_matrix_does_on_real_labels(real_data):
    labelled = read_labelled(real_data / "moodibeats" / "videos.csv")
    assert_same_as_the_full_matrix(labelled.texts, labelled.moods)


def test_featurize_reads_the_description_alone():
    one = VideoText("Sad song", "calm piano", ("sad",), "Sad Channel")
    other = VideoText("Angry song", "calm piano")

    features = baseline2019.featurize([one, other, VideoText("no words")])

    assert features.shape == (3, 2**21)
    assert (features[0] != features[1]).nnz == 0
    assert features[2].nnz == 0


def test_featurize_of_no_texts_has_no_rows():
    assert baseline2019.featurize([]).shape == (0, 2**21)


def test_choose_c_takes_the_smallest_of_equally_good():
    texts, moods = labelled_texts(moods=MOODS[:2])
    features = baseline2019.featurize(texts)
    active = features[:, np.unique(features.indices)]

    assert baseline2019.choose_c(active, encode_moods(texts, moods), 0) == 0.001


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
