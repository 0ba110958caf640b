"""Figures on HetRec 2011 that others published, on the same split."""

import json
from pathlib import Path

import pytest

from benchmarks.recommenders import hetrec
from ml.recommend.evaluation.evaluate import judge
from ml.recommend.model import fit_model

DATA = Path(__file__).parents[5] / "shared/data/lastfm"
PUBLISHED = {
    "popularity": "popularity",
    "cosine": "item cosine (binary, K=100)",
    "bm25": "item BM25 (K1=100,B=.8,K=100)",
    "als": "ALS 64 on BM25 weights (implicit)",
}
pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"HetRec is not in {DATA}")


@pytest.fixture(scope="module")
def table():
    return hetrec.read(DATA)


@pytest.fixture(scope="module")
def published():
    return json.loads((DATA / "reference_results.json").read_text())["metrics"]


def judged(table, name):
    split = hetrec.split_as_published(table)
    settings = {"iterations": 5} if name == "als" else {}  # so that it is quick
    return judge(fit_model(name, split.train, settings), split)


def test_popularity_is_to_four_digits_as_published(table, published):
    theirs = published[PUBLISHED["popularity"]]

    ours = judged(table, "popularity")

    assert ours.n_users == theirs["users"] == 1877
    assert [ours.precision, ours.recall, ours.ndcg, ours.hit] == pytest.approx(
        [theirs[key] for key in ("P10", "R10", "NDCG10", "Hit10")], abs=6e-5
    )


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name != "popularity"])
def test_each_algorithm_is_as_good_as_published(table, published, name):
    theirs = published[PUBLISHED[name]]

    ours = judged(table, name)

    assert ours.precision >= theirs["P10"]
    assert ours.recall >= theirs["R10"]
    assert ours.ndcg >= theirs["NDCG10"]
    if name == "als":  # which beats the best of all by a quarter
        best = max(figures["NDCG10"] for figures in published.values())
        assert ours.ndcg > 1.25 * best


def test_neighbours_are_of_the_same_kind_of_music(table):
    names = table.names.to_pylist()
    model = fit_model("cosine", table.pairs)

    near = {names[one.item] for one in model.similar(names.index("Metallica"), 10)}

    assert {"Iron Maiden", "Megadeth", "Slayer", "Judas Priest"} <= near
