"""Rows to matrices: summed, judged and thinned."""

import numpy as np

from ml.recommend.pairs import Rows, sum_pairs, thin
from tests.ml.recommend.tables import pairs_of


def rows_of(*rows):
    users, items, amounts, times = zip(*rows, strict=True)
    return Rows(
        np.array(users, np.int32),
        np.array(items, np.int32),
        np.array(amounts, np.float32),
        np.array(times, np.float64),
    )


def test_sum_pairs_adds_what_repeats_and_keeps_the_latest_time():
    rows = rows_of((0, 1, 2, 5), (0, 1, 3, 9), (1, 0, 1, 7), (0, 0, 1, np.nan))

    pairs = sum_pairs(rows, (2, 2), None)

    assert pairs.likes.toarray().tolist() == [[1, 5], [1, 0]]
    assert pairs.when.toarray().tolist() == [[-np.inf, 9], [7, 0]]


def test_sum_pairs_counts_a_contradiction_as_a_like_and_the_rest_as_dislikes():
    rows = rows_of((0, 0, -1, 1), (0, 1, 0, 2), (0, 0, 3, 3), (0, 2, 1, 4))

    pairs = sum_pairs(rows, (1, 3), at_least=2)

    assert pairs.likes.toarray().tolist() == [[3, 0, 0]]
    assert pairs.dislikes.toarray().tolist() == [[0, 1, 1]]
    assert pairs.when.toarray().tolist() == [[3, 0, 0]]


def test_sum_pairs_takes_no_rows():
    empty = np.empty(0, np.int32)

    pairs = sum_pairs(Rows(empty, empty, None, np.empty(0)), (0, 0), None)

    assert pairs.likes.shape == (0, 0)


def test_thin_goes_on_until_all_that_are_left_have_enough():
    chain = [[1, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]

    thinned = thin(pairs_of(chain), 2, 2)

    assert thinned.users.tolist() == [1, 2]
    assert thinned.items.tolist() == [1, 2]
    assert thinned.n_rounds == 2


def test_thin_counts_dislikes_as_pairs():
    thinned = thin(pairs_of([[1, 0]], dislikes=[[0, 1]]), 2, 1)

    assert thinned.pairs.likes.nnz == thinned.pairs.dislikes.nnz == 1


def test_sum_pairs_knows_dislikes_beside_amounts_that_are_none():
    users, items = np.zeros(3, np.int32), np.arange(3, dtype=np.int32)
    rows = Rows(users, items, np.array([np.nan, 0, 2], np.float32))

    pairs = sum_pairs(rows, (1, 3), usable=np.array([False, True, True]))

    assert pairs.likes.toarray().tolist() == [[0, 0, 2]]
    assert pairs.likes.nnz == 1
    assert pairs.dislikes.toarray().tolist() == [[0, 1, 0]]
