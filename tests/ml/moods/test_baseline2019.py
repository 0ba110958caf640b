"""The recipe of 2019, compared with the full matrix it stands for."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from ml.evaluation.labelled import read_labelled
from ml.moods import baseline2019
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
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


@pytest.mark.parametrize("columns", [[0], [1, 3], [4], [0, 1, 2, 3, 4]])
def test_take_columns_equals_indexing(columns):
    dense = np.array([[0, 1, 0, 2, 0], [0, 0, 0, 0, 0], [3, 0, 4, 0, 5.0]])

    taken = baseline2019.take_columns(csr_matrix(dense), np.array(columns))

    np.testing.assert_array_equal(taken.toarray(), dense[:, columns])


def test_choose_c_takes_the_smallest_of_equally_good():
    texts, moods = labelled_texts(moods=MOODS[:2])
    features = baseline2019.featurize(texts)
    active = baseline2019.take_columns(features, np.unique(features.indices))

    assert baseline2019.choose_c(active, encode_moods(texts, moods), 0) == 0.001
