"""The sample: invented, the same each time, and it answers."""

import pandas as pd
import pytest

from datasets.models import Dataset
from recommenders.answers import ask
from recommenders.models import Recommender, RecommenderVersion
from recommenders.training import sample
from recommenders.versions import loading

pytestmark = pytest.mark.django_db


def test_rows_are_the_same_each_time_and_have_no_pair_twice():
    table = pd.DataFrame(sample.rows(), columns=sample.COLUMNS)
    assert len(table) == 4200
    assert table.equals(pd.DataFrame(sample.rows(), columns=sample.COLUMNS))
    assert not table.duplicated(["listener", "artist"]).any()
    assert table.artist.nunique() == 72
    assert table.plays.min() > 0


def test_make_stores_shares_and_trains_once(owner, data_dir):
    made = sample.make(owner)
    assert [one.slug for one in made] == ["sample", "sample-genres"]
    assert sample.make(owner) == made
    assert (Dataset.objects.count(), RecommenderVersion.objects.count()) == (1, 2)
    assert Dataset.objects.get().shared
    assert Recommender.objects.filter(shared=True, versions__live=True).count() == 2

    artists, genres = map(loading.open_live, made)
    neighbours = ask.similar(artists, "quiet isotope").results
    ambient = [
        f"{a} {b}"
        for b in sample.NAMES["ambient"][1]
        for a in sample.NAMES["ambient"][0]
    ]
    assert sum(found.item.name in ambient for found in neighbours) >= 6
    figures = artists.version.evaluation
    assert figures["ranking"]["ndcg"] > 1.5 * figures["baseline"]["ndcg"]
    of_jazz = ask.recommend(genres, "Jazz").results
    assert len(of_jazz) == 10
    assert all(found.closeness > 0 for found in of_jazz)


def test_make_goes_on_where_it_was_cut_off(owner, data_dir, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sample, "RECOMMENDERS", sample.RECOMMENDERS[:1])
        patch.setattr(sample.train, "train", lambda version: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sample.make(owner)
    assert not Recommender.objects.get().shared
    sample.make(owner)
    assert Recommender.objects.filter(shared=True).count() == 2


def test_make_leaves_alone_what_another_calls_sample(owner, data_dir, make_user):
    made = sample.make(owner)
    other = make_user("ada", "add_recommender")
    Recommender.objects.filter(slug="sample").update(owner=other)
    again = sample.make(owner)
    assert [one.slug for one in again] == ["sample-2", "sample-genres"]
    assert made[0] not in again
