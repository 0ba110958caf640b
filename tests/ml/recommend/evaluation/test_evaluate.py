"""Figures of recommenders: no fit sees what it is judged on."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ml.recommend.algorithms import registry
from ml.recommend.algorithms.registry import ALGORITHMS, find_algorithm
from ml.recommend.evaluation.evaluate import evaluate, judge
from ml.recommend.evaluation.splitting import hold_out
from ml.recommend.model import fit_model
from tests.ml.recommend.tables import (
    EVERY,
    KNOW_TASTES,
    by_chance,
    pairs_of,
    two_tastes,
)


@pytest.mark.parametrize("name", EVERY)
def test_no_fit_sees_what_is_held_out(monkeypatch, name):
    seen = []

    def find(name):
        found = find_algorithm(name)

        def spy(likes, settings, run):
            seen.append(likes.copy())
            return found.fit(likes, settings, run)

        return replace(found, fit=spy)

    monkeypatch.setattr("ml.recommend.model.find_algorithm", find)
    split = hold_out(two_tastes())

    evaluate(name, split)

    assert len(seen) == 2  # the algorithm and the baseline
    for likes in seen:
        assert likes.multiply(split.test).nnz == 0
        assert likes.nnz + split.test.nnz == two_tastes().likes.nnz


@pytest.mark.parametrize("name", EVERY)
def test_tables_of_pure_chance_score_at_chance(name):
    ranking = evaluate(name, hold_out(by_chance())).ranking

    # 2 of the 52 items that a user does not know are held out
    assert ranking.auc == pytest.approx(0.5, abs=0.04)
    assert ranking.precision == pytest.approx(2 / 52, abs=0.012)


@pytest.mark.parametrize("name", KNOW_TASTES)
def test_tastes_are_found_where_popularity_finds_none(name):
    found = evaluate(name, hold_out(two_tastes()))

    assert found.ranking.auc > 0.8
    assert found.baseline.auc < 0.7


@pytest.mark.parametrize("name", KNOW_TASTES)
def test_a_model_that_saw_what_is_held_out_would_be_told_by_its_figures(name):
    pairs = by_chance()
    split = hold_out(pairs)
    few = {"k": 3} if name in ("cosine", "bm25", "tfidf") else {}

    honest, cheat = (fit_model(name, p, few) for p in (split.train, pairs))

    assert judge(cheat, split).auc > judge(honest, split).auc + 0.05


def test_judge_draws_users_by_the_seed_of_the_split():
    split = hold_out(by_chance())
    model = fit_model("popularity", split.train)

    first, again = (judge(model, split, max_users=40) for _ in range(2))

    assert first == again
    assert first.n_users == 40


def test_judge_does_not_count_what_is_disliked():
    likes = np.ones((9, 6))
    dislikes = np.zeros((9, 6))
    likes[:, 5], dislikes[:, 5] = 0, 1
    split = hold_out(pairs_of(likes, dislikes))

    found = judge(fit_model("popularity", split.train), split)

    assert found.recall == 1  # the only item left to recommend is the one held out
    assert found.coverage <= 5 / 6


def test_an_evaluation_is_json():
    found = json.loads(json.dumps(evaluate("cosine", hold_out(two_tastes())).to_dict()))

    assert found["settings"] == {"k": 100}
    assert found["split_seed"] == 0
    assert set(found["ranking"]) == set(found["baseline"])
    assert found["n_train"] + found["n_test"] == two_tastes().likes.nnz


def test_the_baseline_is_an_algorithm():
    assert registry.BASELINE in ALGORITHMS
