"""Figures worked out by hand, and the same as scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import ndcg_score, roc_auc_score

from ml.recommend.evaluation.ranking import FIGURES, rank_one


def figures(scores, known, held_out):
    top, found = rank_one(np.array(scores, np.float32), known, held_out)
    return top.tolist(), dict(zip(FIGURES, found.tolist(), strict=True))


def test_rank_one_of_a_list_worked_out_by_hand():
    top, found = figures([9, 8, 7, 6, 5], [0], [2, 4])

    assert top == [1, 2, 3, 4]
    assert found["precision"] == pytest.approx(0.2)
    assert found["recall"] == found["hit"] == 1
    assert found["average_precision"] == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert found["auc"] == pytest.approx(1 / 4)  # 7 beats 6 but not 8, 5 beats neither


def test_rank_one_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    scores = rng.permutation(50).astype(np.float32)
    known, held_out = np.arange(5), np.array([7, 20, 33])
    truth = np.isin(np.arange(5, 50), held_out)

    _, found = figures(scores, known, held_out)

    assert found["auc"] == pytest.approx(roc_auc_score(truth, scores[5:]))
    expected = ndcg_score(truth[None], scores[None, 5:], k=10)
    assert found["ndcg"] == pytest.approx(expected)


def test_rank_one_counts_ties_half_in_the_auc():
    _, found = figures([1, 1, 1, 1], [0], [1])

    assert found["auc"] == 0.5


def test_rank_one_where_nothing_else_is_left():
    top, found = figures([3, 2], [0], [1])

    assert top == [1]
    assert found["auc"] == 0.5
    assert found["ndcg"] == 1
