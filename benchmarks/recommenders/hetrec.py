"""HetRec 2011 of Last.fm, split as the published figures were."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

import numpy as np

from ml.recommend.data.interactions import Interactions, collect
from ml.recommend.data.lastfm import read_plays
from ml.recommend.data.pairs import keep_pairs
from ml.recommend.evaluation.splitting import MIN_LIKES, SHARE, Split


def read(path: Path) -> Interactions:
    """Read one of the tables that `ml.recommend.data.lastfm` knows."""
    plays = read_plays(path)
    return collect(plays.who, plays.what, names=plays.names, weights=plays.plays)


def split_as_published(table: Interactions, seed: int = 0) -> Split:
    """Hold out a fifth, rounded down, of the artists of each user with five or more.

    Users and artists are taken in the order of their ids, which are numbers, so that the
    same pairs are held out as by who published the figures.
    """
    likes = table.pairs.likes
    users, items = (
        np.array(ids.to_pylist(), int) for ids in (table.users, table.items)
    )
    rng, held = np.random.default_rng(seed), np.zeros(likes.nnz, bool)
    for user in np.argsort(users):
        start, stop = likes.indptr[user], likes.indptr[user + 1]
        if stop - start >= MIN_LIKES:
            by_id = np.argsort(items[likes.indices[start:stop]])
            drawn = rng.choice(stop - start, int(SHARE * (stop - start)), replace=False)
            held[start + by_id[drawn]] = True
    test = keep_pairs(table.pairs, held).likes
    return Split(keep_pairs(table.pairs, ~held), test, "as published", seed)
