"""Shared listeners, counted by bits."""

import numpy as np
import pytest

from ml.recommend.data.pairs import find_listeners
from ml.recommend.index.cooccurrence import Crowds, pack
from tests.ml.recommend.tables import by_chance, pairs_of


@pytest.mark.parametrize("n_users", [1, 63, 64, 65, 300])
def test_share_counts_who_likes_an_item_and_each_of_others_and_any(n_users):
    likes = by_chance(n_users, 20).likes
    listeners, dense = find_listeners(likes), likes.toarray() > 0
    packed = listeners._replace(packed=pack(listeners))

    for crowds in (Crowds(listeners), Crowds(packed)):
        for item, others in ((0, [1]), (3, [4, 5, 6]), (7, [7]), (8, [])):
            both = dense[:, others] & dense[:, [item]]
            each, together = crowds.share(item, others)
            assert each == both.sum(axis=0).tolist()
            assert together == both.any(axis=1).sum()


def test_pack_keeps_the_first_items_as_long_as_many_like_them():
    likes = np.zeros((640, 5))
    for item, listeners in enumerate((640, 20, 19, 30, 0)):
        likes[:listeners, item] = 1

    packed = pack(find_listeners(pairs_of(likes).likes))

    assert packed.shape == (2, 10)
    assert np.bitwise_count(packed).sum(axis=1).tolist() == [640, 20]


def test_pack_of_nobody_is_nothing():
    assert pack(find_listeners(pairs_of(np.zeros((0, 3))).likes)).shape == (0, 0)
