"""Sure means right as often as stated, on videos that had no say in the threshold."""

import numpy as np
import pytest

from ml.moods import NEVER_SURE
from ml.sureness import judge_sureness, sure_threshold


def test_sure_threshold_is_the_smallest_that_is_right_often_enough():
    confidence = np.linspace(0.99, 0.5, 100)[None]
    correct = np.arange(100)[None] < 48  # 48 of the first 80 are 60 %

    assert sure_threshold(confidence, correct, wanted=0.6) == confidence[0, 79]


def test_sure_threshold_takes_equal_probabilities_all_or_none():
    confidence = np.repeat([0.9, 0.5], 40)[None]
    correct = np.arange(80)[None] < 60

    assert sure_threshold(confidence, correct, wanted=0.9) == 0.9


def test_sure_threshold_on_too_few_videos_is_never():
    confidence = np.linspace(0.99, 0.5, 100)[None]

    assert sure_threshold(confidence, np.arange(100)[None] < 29, wanted=1) == NEVER_SURE
    assert sure_threshold(confidence, np.arange(100)[None] < 30, wanted=1) < 1


def test_sure_threshold_counts_a_video_once_whatever_the_shuffles():
    confidence = np.tile(np.linspace(0.99, 0.5, 100), (3, 1))
    correct = np.tile(np.arange(100) < 29, (3, 1))

    assert sure_threshold(confidence, correct, wanted=1) == NEVER_SURE


def certain(confidence):
    """Say mood 0 with this confidence, the rest shared out."""
    said = np.repeat((1 - confidence)[..., None] / 5, 6, axis=2)
    said[..., 0] = confidence
    return said


def test_judge_sureness_reaches_what_it_promises():
    random = np.random.default_rng(0)
    confidence = random.uniform(0.3, 1, size=(1, 4000))
    codes = np.where(random.random(4000) < confidence[0], 0, 1)  # calibrated
    fold = random.integers(0, 5, size=(1, 4000))

    sure = judge_sureness(codes, certain(confidence), fold, wanted=0.8)

    assert sure.accuracy == pytest.approx(0.8, abs=0.03)
    assert sure.sure_from == pytest.approx(0.6, abs=0.05)  # mean of 0.6 to 1 is 0.8
    assert sure.coverage == pytest.approx(4 / 7, abs=0.05)


def test_judge_sureness_is_not_fooled_by_the_fold_it_judges():
    """Only fold 0 is right: without it nothing says from when on to be sure."""
    fold = np.arange(500)[None] % 5
    confidence = np.where(fold == 0, 0.9, 0.5)
    codes = np.where(fold[0] == 0, 0, 1)

    sure = judge_sureness(codes, certain(confidence), fold, wanted=0.6)

    assert sure.sure_from == 0.9
    assert (sure.accuracy, sure.coverage) == (None, 0)
