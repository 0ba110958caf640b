"""Tables whose answers are known: two tastes that share nothing, and pure chance."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.recommend.algorithms.registry import ALGORITHMS, LIBRARIES, list_available
from ml.recommend.data.pairs import Pairs
from tests import needs

EVERY = [
    pytest.param(
        name,
        marks=needs.skip_without(
            name in list_available(), f"no {LIBRARIES.get(name)} here"
        ),
    )
    for name in ALGORITHMS
]
KNOW_TASTES = [param for param in EVERY if param.values != ("popularity",)]
N_ITEMS = 24  # the even ones are of one taste, the odd ones of the other


def pairs_of(likes, dislikes=None, when=None):
    """Pairs from dense rows: what each user likes, and how much."""
    likes = csr_matrix(np.atleast_2d(np.asarray(likes, np.float32)))
    dislikes = np.zeros(likes.shape) if dislikes is None else dislikes
    when = None if when is None else csr_matrix(np.asarray(when, np.float64))
    return Pairs(likes, csr_matrix(np.asarray(dislikes, np.float32)), when)


def two_tastes(n_users=60, *, seed=0):
    """Each user likes 8 of the 12 items of a taste, with 1 to 50 plays."""
    rng = np.random.default_rng(seed)
    likes = np.zeros((n_users, N_ITEMS))
    for user in range(n_users):
        items = rng.choice(N_ITEMS // 2, 8, replace=False) * 2 + user % 2
        likes[user, items] = rng.integers(1, 50, 8)
    return pairs_of(likes)


def by_chance(n_users=300, n_items=60, *, seed=0):
    """Everybody likes ten items drawn without any taste."""
    rng = np.random.default_rng(seed)
    likes = np.zeros((n_users, n_items))
    for user in range(n_users):
        likes[user, rng.choice(n_items, 10, replace=False)] = rng.integers(1, 50, 10)
    return pairs_of(likes)
