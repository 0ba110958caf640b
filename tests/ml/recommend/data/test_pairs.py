"""Rows to matrices: summed, judged and thinned."""

import tracemalloc

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.recommend.data.pairs import CodedRows, Pairs, find_listeners, sum_pairs, thin
from tests.ml.recommend.tables import by_chance, pairs_of


def rows_of(*rows):
    users, items, amounts, times = zip(*rows, strict=True)
    return CodedRows(
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

    pairs = sum_pairs(CodedRows(empty, empty, None, np.empty(0)), (0, 0), None)

    assert pairs.likes.shape == (0, 0)


def test_thin_goes_on_until_all_that_are_left_have_enough():
    chain = [[1, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]

    thinned = thin(pairs_of(chain), 2, 2)

    assert thinned.users.tolist() == [1, 2]
    assert thinned.items.tolist() == [1, 2]
    assert thinned.n_rounds == 2


def test_thin_keeps_the_rows_and_columns_that_scipy_would():
    pairs = by_chance(200, 150)

    thinned = thin(pairs, 5, 12)

    kept = pairs.likes[thinned.users][:, thinned.items]
    assert 0 < kept.shape[0] < 200
    assert 0 < kept.shape[1] < 150
    assert thinned.pairs.likes.shape == kept.shape
    assert (thinned.pairs.likes != kept).nnz == 0


def test_thin_takes_little_memory_beside_what_it_returns():
    n_likes, shape = 4_000_000, (1_000, 20_000)
    items = np.tile(np.arange(0, 20_000, 5, dtype=np.int32), 1_000)
    starts = np.arange(0, n_likes + 1, 4_000)
    likes = csr_matrix((np.ones(n_likes, np.float32), items, starts), shape)
    pairs = Pairs(likes, csr_matrix(shape, dtype=np.float32), None)

    tracemalloc.start()
    thinned = thin(pairs, 1, 1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert thinned.pairs.likes.shape == (1_000, 4_000)
    assert peak < 3 * likes.data.nbytes  # of which the result is two


def test_thin_counts_dislikes_as_pairs():
    thinned = thin(pairs_of([[1, 0]], dislikes=[[0, 1]]), 2, 1)

    assert thinned.pairs.likes.nnz == thinned.pairs.dislikes.nnz == 1


def test_sum_pairs_knows_dislikes_beside_amounts_that_are_none():
    users, items = np.zeros(3, np.int32), np.arange(3, dtype=np.int32)
    rows = CodedRows(users, items, np.array([np.nan, 0, 2], np.float32))

    pairs = sum_pairs(rows, (1, 3), usable=np.array([False, True, True]))

    assert pairs.likes.toarray().tolist() == [[0, 0, 2]]
    assert pairs.likes.nnz == 1
    assert pairs.dislikes.toarray().tolist() == [[0, 1, 0]]


@pytest.mark.parametrize("n_users", [1, 64, 300])
def test_share_counts_who_likes_an_item_and_each_of_others_and_any(n_users):
    likes = by_chance(n_users, 20).likes
    listeners, dense = find_listeners(likes), likes.toarray() > 0

    for item, others in ((0, [1]), (3, [4, 5, 6]), (7, [7]), (8, [])):
        both = dense[:, others] & dense[:, [item]]
        each, any_of_them = listeners.share(item, others)
        assert each == both.sum(axis=0).tolist()
        assert any_of_them == both.any(axis=1).sum()
