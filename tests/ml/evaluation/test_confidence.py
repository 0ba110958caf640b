"""Sure means right as often as stated, on videos that had no say in the threshold."""

import numpy as np
import pytest

from ml.evaluation.confidence import calibrate_threshold, choose_threshold
from ml.moods.predict import NEVER_SURE


def calibrated(n_videos, n_shuffles=1, seed=0):
    """Confidences from 0.3 to 1, right as often as they say."""
    random = np.random.default_rng(seed)
    confidence = np.tile(random.uniform(0.3, 1, n_videos), (n_shuffles, 1))
    return confidence, random.random(confidence.shape) < confidence


def certain(confidence):
    """Say mood 0 with this confidence, the rest shared out."""
    said = np.repeat((1 - confidence)[..., None] / 5, 6, axis=2)
    said[..., 0] = confidence
    return said


@pytest.mark.parametrize(("target", "limit"), [(0.7, 0.4), (0.8, 0.6), (0.9, 0.8)])
def test_choose_threshold_leaves_videos_that_are_right_often_enough(target, limit):
    assert choose_threshold(*calibrated(20_000), target=target) == pytest.approx(
        limit, abs=0.03
    )  # the mean from the limit to 1 is what is target


def test_choose_threshold_takes_all_where_all_are_right():
    confidence = np.linspace(0.9, 0.4, 100)[None]

    assert choose_threshold(confidence, confidence > 0, target=0.9) == 0.4


def test_choose_threshold_is_never_where_none_are_right():
    confidence = np.linspace(0.9, 0.4, 100)[None]

    assert choose_threshold(confidence, confidence < 0, target=0.1) == NEVER_SURE


def test_choose_threshold_takes_equal_probabilities_all_or_none():
    confidence = np.repeat([0.9, 0.5], 40)[None]
    correct = np.arange(80)[None] < 50

    assert choose_threshold(confidence, correct, target=0.9) == 0.9


def test_choose_threshold_counts_a_video_once_whatever_the_shuffles():
    for n_videos, expected in ((29, NEVER_SURE), (30, 0.5)):
        confidence = np.full((3, n_videos), 0.5)
        assert choose_threshold(confidence, confidence > 0, target=0.6) == expected


def test_calibrate_threshold_reaches_what_it_promises():
    confidence, correct = calibrated(4000)
    codes = np.where(correct[0], 0, 1)
    fold = np.arange(4000)[None] % 5

    sure = calibrate_threshold(codes, certain(confidence), fold, target=0.8)

    assert sure.accuracy == pytest.approx(0.8, abs=0.03)
    assert sure.sure_from == pytest.approx(0.6, abs=0.05)
    assert sure.coverage == pytest.approx(4 / 7, abs=0.05)


def test_calibrate_threshold_is_not_fooled_by_the_fold_it_judges():
    """Only fold 0 is right: without it nothing says from when on to be sure."""
    fold = np.arange(500)[None] % 5
    confidence = np.where(fold == 0, 0.9, 0.5)
    codes = np.where(fold[0] == 0, 0, 1)

    sure = calibrate_threshold(codes, certain(confidence), fold)

    assert (sure.sure_from, sure.accuracy, sure.coverage) == (NEVER_SURE, None, 0)


def test_calibrate_threshold_makes_no_promise_that_other_folds_break():
    """Three folds are right where they are confident, two are wrong there."""
    fold = np.arange(1000)[None] % 5
    confidence = np.where(np.arange(1000)[None] < 500, 0.9, 0.3)
    codes = np.where((fold[0] < 3) & (confidence[0] > 0.5), 0, 1)

    sure = calibrate_threshold(codes, certain(confidence), fold, target=0.55)

    assert choose_threshold(confidence, codes[None] == 0, target=0.55) == 0.9
    assert (sure.sure_from, sure.accuracy) == (NEVER_SURE, 0)
