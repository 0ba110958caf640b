"""The protocol: what leaks is refused, what is random scores at chance."""

import json

import pytest

from ml.evaluation import evaluate as evaluation
from ml.evaluation.evaluate import evaluate
from ml.evaluation.labelled import read_groups, read_labelled
from ml.moods import predict, train
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
from tests.ml.few_fits import few_fits
from tests.ml.labelled_texts import labelled_texts
from tests.needs import repeats


@pytest.fixture
def quick():
    """Without the search for C: the folds are what is looked at."""
    with few_fits():
        yield


@pytest.fixture
def real_labels(real_data):
    """Texts, moods and groups of the real labelled videos."""
    folder = real_data / "moodibeats"
    labelled = read_labelled(folder / "videos.csv")
    groups = read_groups(folder / "groups.csv", labelled.ids)
    return labelled.texts, labelled.moods, groups


def test_evaluate_tells_what_can_be_learned_from_what_cannot(quick):
    texts, labels = labelled_texts(n_per_mood=10)
    groups = range(len(texts))

    result = evaluate(texts, labels, groups, seeds=[0, 1])

    assert result.stratified.recipe.accuracy == 1
    assert result.grouped.recipe.accuracy == 1
    assert result.grouped.majority.accuracy < 0.3
    assert (result.n_videos, result.n_groups) == (60, 60)


@pytest.mark.no_cover
def test_evaluate_is_the_same_in_parallel_and_is_json():
    texts, labels = labelled_texts(moods=["CHILL", "SAD"])

    one, two = (evaluate(texts, labels, seeds=[0], n_jobs=n) for n in (1, 2))

    assert one == two
    assert json.loads(json.dumps(one.to_dict())) == one.to_dict()


def test_evaluate_keeps_groups_together(quick):
    """Each group has words and a mood of its own: recognising it is all there is."""
    texts = [VideoText(description=f"band{i % 12} song") for i in range(120)]
    labels = [MOODS[i % 12 % 2] for i in range(120)]
    groups = [i % 12 for i in range(120)]

    result = evaluate(texts, labels, groups, seeds=[0, 1])

    assert result.stratified.recipe.accuracy == 1
    assert result.grouped.recipe.accuracy < 0.7


def test_evaluate_judges_where_a_training_part_has_too_little_to_learn():
    texts, labels = labelled_texts(n_per_mood=5, moods=["CHILL", "SAD"])

    result = evaluate(texts, labels, range(10), recipe="seed2019", seeds=[0])

    assert result.stratified.recipe == result.stratified.majority


def test_evaluate_compares_with_each_baseline_once(monkeypatch, quick):
    monkeypatch.setitem(predict.RECIPES, "memorising", "tests.ml.memorising")
    baselines = ["memorising", "seed2019", "memorising"]

    result = evaluate(
        *labelled_texts(), recipe="seed2019", baselines=baselines, seeds=[0]
    )

    assert list(result.comparisons) == ["majority", "memorising"]
    assert list(result.grouped.baselines) == ["memorising"]
    compared = result.comparisons["memorising"]
    ours, theirs = result.grouped.recipe, result.grouped.baselines["memorising"]
    difference = ours.macro_f1 - theirs.macro_f1
    assert compared.macro_f1.difference == pytest.approx(difference)
    assert compared.better


def test_evaluate_holds_one_opinion_of_each_unseen_video(quick):
    texts, labels = labelled_texts(moods=["CHILL", "SAD"])

    result = evaluate(texts, labels, recipe="seed2019", seeds=[0, 1])

    held = result.held_out
    assert held.probabilities.shape == (2, 16, 6)
    assert held.mean().sum(axis=1) == pytest.approx(1)
    assert [MOODS[code] for code in held.codes] == labels


def test_evaluate_tells_its_progress(quick):
    told = []
    texts, labels = labelled_texts(moods=["CHILL", "SAD"])

    evaluate(
        texts,
        labels,
        recipe="seed2019",
        seeds=[0, 1],
        progress=lambda *done: told.append(done),
    )

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]  # two shuffles of either folds


def test_evaluate_refuses_fewer_groups_than_folds():
    with pytest.raises(evaluation.TooFewGroups, match="4 near-duplicate groups"):
        evaluate(*labelled_texts(), [i % 4 for i in range(48)])


def test_evaluate_refuses_groups_that_differ_in_number():
    with pytest.raises(train.LengthMismatch, match="48 texts, but 3 groups"):
        evaluate(*labelled_texts(), [1, 2, 3])


def test_evaluate_refuses_what_cannot_be_trained_on():
    with pytest.raises(train.NoLabels):
        evaluate([], [])


@pytest.mark.no_cover
def test_evaluate_of_real_labels_is_where_the_recipe_was_before(real_labels):
    seeds = range(repeats(1, long=2))
    result = evaluate(*real_labels, recipe="seed2019", baselines=(), seeds=seeds)

    assert (result.n_videos, result.n_groups) == (484, 215)
    assert 0.33 < result.stratified.recipe.accuracy < 0.45
    assert 0.26 < result.stratified.recipe.macro_f1 < 0.36
    assert 0.25 < result.grouped.recipe.accuracy < 0.38
    assert 0.13 < result.grouped.recipe.macro_f1 < 0.22
    assert result.grouped.majority.accuracy == pytest.approx(142 / 484)
