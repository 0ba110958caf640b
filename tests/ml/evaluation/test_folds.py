"""No row is judged by a model that has seen it."""

import numpy as np
import pytest

from ml.evaluation.folds import GroupLeak, cross_validate, split
from ml.moods.baseline2019 import RECIPE
from ml.moods.text import VideoText
from ml.moods.train import encode_moods
from tests.ml.labelled_texts import labelled_texts


def test_cross_validate_refuses_a_group_on_both_sides_of_a_fold():
    texts = [VideoText(description="a word")] * 4
    codes, groups = np.array([0, 1, 0, 1]), np.array([7, 8, 9, 7])
    fold = np.array([0, 1]), np.array([2, 3])

    with pytest.raises(GroupLeak, match="group 7 is in the training"):
        cross_validate(RECIPE, texts, codes, groups, [fold], seed=0, together=True)


def test_split_keeps_groups_together_and_covers_every_row_once():
    codes = np.arange(60) % 3
    groups = np.arange(60) // 4

    folds = list(split(codes, groups, seed=0, together=True))

    assert len(folds) == 5
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(60))
    for train, test in folds:
        assert not set(groups[train]) & set(groups[test])


def test_cross_validate_says_in_which_fold_a_row_was_unseen():
    texts, moods = labelled_texts()
    codes, groups = encode_moods(texts, moods), np.arange(len(texts))
    folds = list(split(codes, groups, seed=0, together=True))

    shuffle = cross_validate(RECIPE, texts, codes, groups, folds, seed=0, together=True)

    for number, (train, test) in enumerate(folds):
        assert np.flatnonzero(shuffle.fold == number).tolist() == test.tolist()
        shares = np.bincount(codes[train], minlength=6) / len(train)
        assert shuffle.majority[test].tolist() == [shares.tolist()] * len(test)
    assert shuffle.seen_macro_f1 == 1
