import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from ml.labelling import agreement

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C:
# four observers, twelve units, five classes; 0 stands for no value.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]


@pytest.fixture
def published():
    return np.array(PUBLISHED).T - 1


@pytest.fixture
def pair():
    """Two people on 60 items, alike two times of three, with gaps."""
    chance = np.random.default_rng(3)
    one = chance.integers(-1, 3, size=60)
    other = np.where(chance.random(60) < 2 / 3, one, chance.integers(-1, 3, size=60))
    return one, other


def test_krippendorff_alpha_is_the_published_one(published):
    counts = agreement.count_classes(published, 5)

    assert agreement.krippendorff_alpha(counts) == pytest.approx(0.743, abs=5e-4)


def test_observed_by_hand():
    counts = np.array([[2, 0], [1, 1], [3, 0], [2, 1], [1, 0]])

    # 2 of 2, 0 of 2, 3 of 3, and in the fourth item 2 * 1 / 2 = 1 of 3
    assert agreement.observed(counts) == pytest.approx((2 + 0 + 3 + 1) / 10)


def test_observed_by_class_by_hand():
    counts = np.array([[2, 0, 0], [1, 1, 0], [3, 0, 0], [2, 1, 0], [0, 0, 1]])

    assert agreement.observed_by_class(counts) == [
        pytest.approx((2 + 0 + 3 + 2 * 1 / 2) / 8),
        0,  # said twice, and the other person never agreed
        None,  # only said where nobody else spoke
    ]


def test_nothing_is_known_of_items_that_nobody_rated():
    counts = agreement.count_classes(np.full((3, 2), -1), 6)

    assert agreement.observed(counts) is None
    assert agreement.observed_by_class(counts) == [None] * 6


@pytest.mark.parametrize("counts", [[[1, 0], [0, 1]], [[2, 0], [3, 0]]])
def test_krippendorff_alpha_is_none_without_choice_or_pairs(counts):
    assert agreement.krippendorff_alpha(np.array(counts)) is None


def test_cohen_kappa_is_that_of_scikit_learn(pair):
    one, other = pair
    shared = (one >= 0) & (other >= 0)

    expected = cohen_kappa_score(one[shared], other[shared])

    assert agreement.cohen_kappa(one, other) == pytest.approx(expected)


def test_cohen_kappa_of_one_class_is_that_of_scikit_learn(pair):
    one, other = (agreement.one_against_rest(rated, 2) for rated in pair)
    shared = (one >= 0) & (other >= 0)

    expected = cohen_kappa_score(pair[0][shared] == 2, pair[1][shared] == 2)

    assert agreement.cohen_kappa(one, other) == pytest.approx(expected)


@pytest.mark.parametrize(("one", "other"), [([0, -1], [-1, 1]), ([1, 1], [1, 1])])
def test_cohen_kappa_is_none_without_choice_or_shared_items(one, other):
    assert agreement.cohen_kappa(np.array(one), np.array(other)) is None


def test_chance_alone_is_near_zero_and_always_is_one():
    chance = np.random.default_rng(1)
    one, other = chance.integers(6, size=(2, 5000))

    assert abs(agreement.cohen_kappa(one, other)) < 0.03
    assert agreement.cohen_kappa(one, one) == pytest.approx(1)


def test_intervals_hold_the_value_and_narrow_with_more_items(pair):
    one, other = pair
    few = agreement.kappa_interval(one, other, seed=0)
    many = agreement.kappa_interval(np.tile(one, 9), np.tile(other, 9), seed=0)

    assert few.low < many.low < agreement.cohen_kappa(one, other) < many.high < few.high


def test_alpha_interval_holds_the_value(published):
    counts = agreement.count_classes(published, 5)
    interval = agreement.alpha_interval(counts, seed=0)

    assert interval.low < agreement.krippendorff_alpha(counts) < interval.high


def test_alpha_interval_is_none_where_alpha_is():
    counts = np.array([[2, 0], [2, 0]])

    assert agreement.alpha_interval(counts, seed=0) is None
    assert agreement.alpha_interval(counts[:0], seed=0) is None


def test_alpha_interval_is_that_of_resampled_items(published):
    counts = agreement.count_classes(published[:11], 5)  # the others have one rating
    chance = np.random.default_rng(0)
    drawn = chance.integers(11, size=(2000, 11))
    alphas = [agreement.krippendorff_alpha(counts[items]) for items in drawn]
    expected = np.percentile(alphas, [2.5, 97.5])

    interval = agreement.alpha_interval(counts, seed=0)

    assert [interval.low, interval.high] == pytest.approx(expected, abs=0.03)
