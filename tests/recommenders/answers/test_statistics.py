"""Tops and distributions of items, beside what pandas counts."""

from itertools import pairwise

import pandas as pd
import pytest

from recommenders.answers import statistics
from recommenders.answers.statistics import Figure
from recommenders.training import train
from recommenders.versions import open as serving
from tests.recommenders.plays import two_tastes

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_artist():
    plays = pd.DataFrame(two_tastes()).groupby("artist").plays
    return pd.DataFrame(
        {"plays": plays.sum(), "average": plays.mean(), "listeners": plays.count()}
    )


@pytest.mark.parametrize("figure", list(Figure))
def test_top_has_the_items_with_the_greatest_figure(opened, by_artist, figure):
    found = statistics.top(opened.served, figure, 3)

    wanted = by_artist[figure].sort_values(ascending=False)[:3]
    assert [item.name for item in found] == [*wanted.index]
    item, row = found[0], by_artist.loc[found[0].name]
    figures = (item.total, item.average, item.listeners)
    assert figures == pytest.approx((row.plays, row.average, row.listeners))


@pytest.mark.parametrize("figure", list(Figure))
def test_distribution_counts_every_item_once(opened, by_artist, figure):
    bins = statistics.distribution(opened.served, figure, 5)

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
    train.train(train.ask(recommender := make_recommender(columns), who="olga"))
    served = serving.open_live(recommender).served

    (only,) = statistics.top(served, Figure.AVERAGE)
    assert (only.name, only.average) == ("Hush", 2.0)
    both = statistics.top(served, Figure.AVERAGE, least_listeners=1)
    assert [item.name for item in both] == ["Kelp", "Hush"]


def test_distribution_of_equal_figures_is_one_bin(make_recommender):
    columns = {"listener": [*"ab"], "artist": ["x", "y"], "plays": [3, 3]}
    train.train(train.ask(recommender := make_recommender(columns), who="olga"))
    served = serving.open_live(recommender).served

    assert statistics.distribution(served, Figure.PLAYS) == [statistics.Bin(3, 3, 2)]
