"""Items that share listeners: the work is dealt out, the answers stay the same."""

import numpy as np
import pytest

from ml.recommend.algorithms import item_knn
from ml.recommend.interface import Run
from tests.ml.recommend.tables import by_chance


@pytest.mark.parametrize("n_items", [0, 1, 19, 20, 1003])
@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_deal_deals_each_item_once(n_items, n_threads):
    chunks = item_knn._deal(n_items, n_threads)

    dealt = np.concatenate([*chunks, np.empty(0, int)])
    assert sorted(dealt) == list(range(n_items))


def test_deal_gives_each_thread_as_many_of_the_popular_items():
    for chunk in item_knn._deal(10_000, 2):
        halves = chunk[:250], chunk[250:]
        assert [(half < 1000).sum() for half in halves] == [25, 25]


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_top_products_are_those_of_all_products(n_threads):
    likes = by_chance(80, 70).likes

    found = item_knn.top_products(likes, 5, Run(n_threads=n_threads)).toarray()

    products = (likes.T @ likes).toarray()
    np.fill_diagonal(products, 0)
    for of_item, kept in zip(products, found, strict=True):
        assert sorted(kept[kept > 0]) == sorted(of_item)[-5:]
        assert (kept[kept > 0] == of_item[kept > 0]).all()
