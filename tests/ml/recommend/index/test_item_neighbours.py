"""Tables of similar items say what the algorithm says when asked."""

import numpy as np
import pytest

from ml.recommend.data.pairs import find_listeners
from ml.recommend.index import item_neighbours
from ml.recommend.interface import Run
from ml.recommend.model import fit_model
from tests.ml.recommend.tables import by_chance, pairs_of, two_tastes


@pytest.mark.parametrize("many", [0, 6, 1024])
@pytest.mark.parametrize("at_once", [1, 100, 1 << 24])
def test_count_shared_counts_whatever_the_size_of_its_parts(monkeypatch, many, at_once):
    monkeypatch.setattr(item_neighbours, "MANY", many)
    monkeypatch.setattr(item_neighbours, "MAX_LISTED", at_once)
    likes = by_chance(40, 30).likes.toarray() > 0
    likes[:, 7] = False
    left, right = (side.ravel().astype(np.int32) for side in np.indices((30, 30)))

    shared = item_neighbours.count_shared(
        find_listeners(pairs_of(likes).likes), left, right
    )

    both = likes.T.astype(int) @ likes
    assert shared.reshape(30, 30).tolist() == both.tolist()


def test_work_out_asks_by_parts_and_tells_progress(monkeypatch):
    model = fit_model("cosine", two_tastes())
    told = []
    run = Run(progress=lambda *steps: told.append(steps))
    monkeypatch.setattr(item_neighbours, "AT_ONCE", 24 * 7)

    table = item_neighbours.build_neighbours(
        model.algorithm, model.arrays, model.listeners, run=run
    )

    assert told == [(7, 24), (14, 24), (21, 24), (24, 24)]
    for item in range(24):
        items, _, shared = table.of(item, 5)
        expected = model.similar(item, 5)
        assert items.tolist() == [one.item for one in expected]
        assert shared.tolist() == [one.shared for one in expected]


def test_work_out_of_nothing_is_nothing():
    model = fit_model("cosine", pairs_of(np.zeros((0, 0))))

    table = item_neighbours.build_neighbours(
        model.algorithm, model.arrays, model.listeners, run=Run()
    )

    assert table.starts.tolist() == [0]


def test_count_shared_of_no_pairs_is_an_empty_array():
    none = np.empty(0, np.int32)
    shared = item_neighbours.count_shared(
        find_listeners(pairs_of([[1, 0], [0, 1]]).likes), none, none
    )
    assert (shared.dtype, shared.shape) == (np.int32, (0,))
