"""The figures of the protocol on probabilities made by hand."""

import numpy as np
import pytest

from ml.evaluation.scores import accuracy_at, combine, f1_per_mood, score
from ml.moods.recipe import MOODS

ANGRY, CHILL, HAPPY = (MOODS.index(mood) for mood in ("ANGRY", "CHILL", "HAPPY"))


def test_score_of_hand_made_probabilities():
    probabilities = np.zeros((4, 6))
    probabilities[:, CHILL] = 0.75
    probabilities[:, HAPPY] = 0.25

    scores = score(np.array([CHILL, CHILL, HAPPY, ANGRY]), probabilities)

    assert (scores.accuracy, scores.top2) == (0.5, 0.75)
    assert scores.f1 == pytest.approx({"ANGRY": 0, "CHILL": 2 / 3, "HAPPY": 0})
    assert scores.macro_f1 == pytest.approx(2 / 9)
    assert scores.calibration_error == pytest.approx(0.25)
    log_loss = -(2 * np.log(0.75) + np.log(0.25) + np.log(1e-15)) / 4
    assert scores.log_loss == pytest.approx(log_loss)
    assert (scores.accuracy_at_50, scores.accuracy_at_25) == (0.5, 0.5)


def test_f1_per_mood_agrees_with_scikit_learn():
    from sklearn.metrics import f1_score

    codes, best = np.random.default_rng(0).integers(0, 5, size=(2, 60))

    expected = f1_score(codes, best, average=None)

    assert list(f1_per_mood(codes, best).values()) == pytest.approx(expected.tolist())


def test_accuracy_at_takes_the_most_confident():
    confidence = np.array([0.2, 0.9, 0.5, 0.8])
    correct = np.array([False, True, False, True])

    assert accuracy_at(0.5, confidence, correct) == 1
    assert accuracy_at(0.75, confidence, correct) == pytest.approx(2 / 3)


def test_accuracy_at_does_not_depend_on_the_order_of_equals():
    confidence = np.array([0.9, 0.5, 0.5, 0.5])

    for place in (1, 2, 3):
        correct = np.arange(4) == place
        assert accuracy_at(0.5, confidence, correct) == pytest.approx(1 / 6)


def test_combine_takes_each_figure_over_the_shuffles():
    codes, certain = np.array([ANGRY, CHILL]), np.eye(6)
    runs = [score(codes, certain[[ANGRY, best]]) for best in (CHILL, ANGRY)]

    assert combine(runs, np.mean).accuracy == 0.75
    assert combine(runs, np.std).f1["CHILL"] == 0.5
