"""Canaries: what would score well only by a leak must score at chance.

That a group on both sides of a fold is refused is in `test_folds`, that a default mood
is no label in `test_labelled` and `tests.songs.predictions.test_train`.
"""

import numpy as np
import pytest

from ml.evaluation.evaluate import evaluate
from ml.evaluation.labelled import read_groups, read_labelled
from ml.moods import predict
from ml.moods.predict import RECIPES
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
from tests.ml.labelled_texts import labelled_texts


@pytest.mark.no_cover
@pytest.mark.parametrize("recipe", RECIPES)
def test_shuffled_labels_score_at_chance(recipe):
    texts, labels = labelled_texts(n_per_mood=20)
    shuffled = np.random.default_rng(0).permutation(labels).tolist()

    result = evaluate(
        texts, shuffled, range(120), recipe=recipe, baselines=(), seeds=[0]
    )

    for protocol in (result.grouped, result.stratified):
        assert protocol.recipe.accuracy < 0.30  # six moods of the same size: 1/6
        assert protocol.recipe.macro_f1 < 0.28


@pytest.mark.no_cover
@pytest.mark.parametrize("recipe", RECIPES)
def test_shuffled_real_labels_score_at_chance(recipe, real_data):
    folder = real_data / "moodibeats"
    labelled = read_labelled(folder / "videos.csv")
    groups = read_groups(folder / "groups.csv", labelled.ids)
    rows = slice(None, None, 3)  # a third is enough, and quick
    texts, labels = labelled.texts[rows], labelled.moods[rows]
    shuffled = np.random.default_rng(0).permutation(labels).tolist()

    result = evaluate(
        texts, shuffled, groups[rows], recipe=recipe, baselines=(), seeds=[0]
    )

    for protocol in (result.grouped, result.stratified):
        assert protocol.recipe.accuracy < protocol.majority.accuracy + 0.03
        assert protocol.recipe.macro_f1 < 0.23  # six moods by chance: about 1/6


def test_a_recipe_that_memorises_is_shown_by_what_it_says_of_seen_videos(monkeypatch):
    """Each track is there twice: only its twin lets a memorising recipe know it."""
    monkeypatch.setitem(predict.RECIPES, "memorising", "tests.ml.memorising")
    texts = [VideoText(title=f"Track {i % 60}") for i in range(120)]
    labels = [MOODS[i % 60 % 6] for i in range(120)]
    twins = [i % 60 for i in range(120)]

    result = evaluate(texts, labels, twins, recipe="memorising", seeds=[0])

    assert result.grouped.seen_macro_f1 == 1
    assert result.grouped.recipe.macro_f1 < 0.2
    assert result.stratified.recipe.macro_f1 > 0.6
