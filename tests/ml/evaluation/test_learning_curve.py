"""The learning curve rises where more labels help, and is level where they do not."""

import json

import numpy as np
import pytest

from ml.evaluation import learning_curve as learning
from ml.evaluation.evaluate import evaluate
from ml.evaluation.learning_curve import learning_curve
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText


def evaluated(texts, moods, groups=None):
    groups = range(len(texts)) if groups is None else groups
    return evaluate(texts, moods, groups, recipe="seed2019", baselines=(), seeds=[0])


@pytest.fixture(scope="module")
def words():
    """Each video has one of 30 words; what a word means is learned when it is seen."""
    texts = [VideoText(description=f"word{i % 30}") for i in range(150)]
    return texts, evaluated(texts, [MOODS[i % 30 % 3] for i in range(150)])


@pytest.fixture(scope="module")
def curve(words):
    return learning_curve(*words)


def test_learning_curve_rises_where_more_labels_help(curve):

    figures = [point.macro_f1 for point in curve.points]
    assert figures == sorted(figures)
    assert figures[-1] > figures[0] + 0.1
    assert [point.n_videos for point in curve.points] == [30, 60, 90, 120]
    assert 0 < curve.macro_f1_gain.low < curve.macro_f1_gain.expected


@pytest.mark.no_cover
def test_learning_curve_promises_nothing_where_nothing_can_be_learned():
    texts = [VideoText(description="the same word")] * 90
    moods = [MOODS[i % 3] for i in range(90)]

    curve = learning_curve(texts, evaluated(texts, moods))

    assert curve.macro_f1_gain.low <= 0


def test_learning_curve_ends_where_the_evaluation_is(words, curve):
    _, evaluation = words

    last = curve.points[-1]

    assert last.macro_f1 == pytest.approx(evaluation.grouped.recipe.macro_f1)
    assert last.macro_f1_interval == evaluation.macro_f1_interval


def test_learning_curve_is_the_same_in_parallel_is_json_and_tells_its_progress(
    words, curve
):
    told = []

    parallel = learning_curve(
        *words, n_jobs=2, progress=lambda *done: told.append(done)
    )

    assert parallel == curve
    assert json.loads(json.dumps(curve.to_dict())) == curve.to_dict()
    assert told == [(i, 3) for i in range(1, 4)]


def test_a_smaller_share_of_the_groups_is_inside_the_larger():
    groups = np.arange(40) // 2
    fold = np.arange(30), np.arange(30, 40)

    parts = [
        set(learning._thinned(fold, groups, share, seed=0)[0])
        for share in (0.2, 0.5, 1)
    ]

    assert parts[0] < parts[1] < parts[2]
    assert len(parts[0]) == 6  # three whole groups of fifteen
