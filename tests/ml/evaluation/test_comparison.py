"""What luck can do, and what it cannot."""

import numpy as np
import pytest

from ml.bootstrap import interval
from ml.evaluation.comparison import Bootstrap, compare
from ml.evaluation.scores import score

CODES = np.arange(120) % 6
GROUPS = np.arange(120) // 2


def say(codes, share_right, seed=0):
    """Three shuffles of certain predictions, so often right."""
    random = np.random.default_rng(seed)
    right = random.random((3, len(codes))) < share_right
    return np.eye(6)[np.where(right, codes, (codes + 1) % 6)]


def test_bootstrap_of_all_rows_is_the_score():
    said = say(CODES, 0.6)

    figures = Bootstrap(CODES, GROUPS).all_rows(said.argmax(axis=2))

    scores = [score(CODES, shuffle) for shuffle in said]
    assert figures.macro_f1[0] == pytest.approx(np.mean([s.macro_f1 for s in scores]))
    assert figures.accuracy[0] == pytest.approx(np.mean([s.accuracy for s in scores]))


def test_bootstrap_is_wider_when_videos_come_in_large_groups():
    right = np.arange(120) // 20 % 2 == 0  # whole groups are right or wrong
    best = np.where(right, CODES, (CODES + 1) % 6)[None]

    small, large = (
        interval(Bootstrap(CODES, np.arange(120) // size).figures(best).accuracy)
        for size in (1, 20)
    )

    assert large.high - large.low > 2 * (small.high - small.low)


def test_bootstrap_of_the_same_seed_is_the_same():
    best = say(CODES, 0.5).argmax(axis=2)

    one, two = (Bootstrap(CODES, GROUPS, seed=1).figures(best) for _ in range(2))

    assert one.macro_f1.tolist() == two.macro_f1.tolist()


def test_compare_finds_the_better_one():
    comparison = compare(Bootstrap(CODES, GROUPS), say(CODES, 0.8), say(CODES, 0.4))

    assert comparison.better
    assert not comparison.worse
    assert comparison.accuracy.low < comparison.accuracy.difference
    assert comparison.accuracy.difference < comparison.accuracy.high
    assert comparison.macro_f1.p_better == 1
    assert (comparison.n_resamples, comparison.n_groups) == (2000, 60)


def test_compare_turned_around_is_the_opposite():
    ours, theirs = say(CODES, 0.8), say(CODES, 0.4)
    bootstrap = Bootstrap(CODES, GROUPS)

    there, back = compare(bootstrap, ours, theirs), compare(bootstrap, theirs, ours)

    assert back.worse
    assert back.macro_f1.difference == -there.macro_f1.difference
    assert back.macro_f1.low == pytest.approx(-there.macro_f1.high)


def test_compare_of_equals_decides_nothing():
    said = say(CODES, 0.5)

    comparison = compare(Bootstrap(CODES, GROUPS), said, said)

    assert not (comparison.better or comparison.worse)
    assert comparison.macro_f1.difference == 0
    assert comparison.macro_f1.p_better == 0.5


def test_compare_covers_the_truth_as_often_as_it_says():
    """Two recipes of the same quality: at most about 5 % of the intervals miss 0."""
    missed = 0
    for seed in range(40):
        bootstrap = Bootstrap(CODES, GROUPS, n_resamples=400, seed=seed)
        one, two = (say(CODES, 0.5, seed=[seed, which]) for which in (1, 2))
        comparison = compare(bootstrap, one, two)
        missed += comparison.better or comparison.worse

    assert missed <= 6
