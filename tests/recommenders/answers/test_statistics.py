"""Tops and distributions of items, beside what pandas counts."""

from itertools import pairwise

import pandas as pd
import pytest

from recommenders.answers import statistics
from recommenders.answers.statistics import ItemStatistic
from recommenders.training import train
from recommenders.training.in_progress import request_training
from recommenders.versions import loading
from tests.recommenders.plays import two_tastes

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_artist():
    plays = pd.DataFrame(two_tastes()).groupby("artist").plays
    return pd.DataFrame(
        {"plays": plays.sum(), "average": plays.mean(), "listeners": plays.count()}
    )


@pytest.mark.parametrize("figure", list(ItemStatistic))
def test_top_has_the_items_with_the_greatest_figure(live, by_artist, figure):
    found = statistics.top(live.loaded, figure, 3)

    wanted = by_artist[figure].sort_values(ascending=False)[:3]
    assert [item.name for item in found] == [*wanted.index]
    item, row = found[0], by_artist.loc[found[0].name]
    figures = (item.total, item.average, item.listeners)
    assert figures == pytest.approx((row.plays, row.average, row.listeners))


@pytest.mark.parametrize("figure", list(ItemStatistic))
def test_distribution_counts_every_item_once(live, by_artist, figure):
    bins = statistics.distribution(live.loaded, figure, 5)

    assert (len(bins), sum(found.items for found in bins)) == (5, 16)
    assert bins[0].low == by_artist[figure].min()
    assert bins[-1].high == by_artist[figure].max()
    assert all(a.high == b.low for a, b in pairwise(bins))


def test_average_of_one_listener_is_no_top(make_recommender):
    columns = {
        "listener": [*"abcdefghijk", "z"],
        "artist": ["Hush"] * 11 + ["Kelp"],
        "plays": [2] * 11 + [9000],
    }
    train.train(request_training(recommender := make_recommender(columns), who="olga"))
    loaded = loading.open_live(recommender).loaded

    (only,) = statistics.top(loaded, ItemStatistic.AVERAGE)
    assert (only.name, only.average) == ("Hush", 2.0)
    both = statistics.top(loaded, ItemStatistic.AVERAGE, least_listeners=1)
    assert [item.name for item in both] == ["Kelp", "Hush"]


def test_distribution_of_equal_figures_is_one_bin(make_recommender):
    columns = {"listener": [*"ab"], "artist": ["x", "y"], "plays": [3, 3]}
    train.train(request_training(recommender := make_recommender(columns), who="olga"))
    loaded = loading.open_live(recommender).loaded

    assert statistics.distribution(loaded, ItemStatistic.PLAYS) == [
        statistics.HistogramBin(3, 3, 2)
    ]
