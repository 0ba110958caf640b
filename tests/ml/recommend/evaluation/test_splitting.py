"""What is held out, and from whom."""

import numpy as np
import pytest

from ml.recommend.evaluation.splitting import NothingToJudge, hold_out, hold_out_latest
from tests.ml.recommend.tables import by_chance, pairs_of


def test_hold_out_takes_a_fifth_of_the_likes_of_each_and_none_stays():
    pairs = by_chance(50)

    split = hold_out(pairs)

    assert np.diff(split.test.indptr).tolist() == [2] * 50
    assert split.train.likes.multiply(split.test).nnz == 0
    assert (split.train.likes + split.test != pairs.likes).nnz == 0


def test_hold_out_is_the_same_for_a_seed_and_another_for_another():
    first, again, other = (hold_out(by_chance(), seed=seed) for seed in (1, 1, 2))

    assert (first.test != again.test).nnz == 0
    assert (first.test != other.test).nnz > 0


def test_hold_out_leaves_users_with_few_likes_alone():
    split = hold_out(pairs_of([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [0, 0, 0, 0, 0]]))

    assert np.diff(split.test.indptr).tolist() == [1, 0, 0]
    with pytest.raises(NothingToJudge):
        hold_out(pairs_of([[1, 1, 0]]))


def test_hold_out_latest_holds_the_future_out_and_judges_nobody_without_a_past():
    likes = [[1, 1, 1], [0, 1, 1], [0, 1, 0]]
    when = [[1, 2, 9], [0, 8, 9], [0, -np.inf, 0]]

    split = hold_out_latest(pairs_of(likes, when=when), share=0.6)

    assert split.train.likes.toarray().tolist() == [[1, 1, 0], [0, 0, 0], [0, 1, 0]]
    assert split.test.toarray().tolist() == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]


def test_hold_out_latest_needs_times():
    with pytest.raises(NothingToJudge, match="when"):
        hold_out_latest(by_chance())
