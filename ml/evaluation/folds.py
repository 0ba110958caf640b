"""Predicting each labelled video by a model that has not seen it, nor its like."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from ml.evaluation.scores import f1_per_mood
from ml.moods.recipe import MOODS, Codes, Floats, Recipe
from ml.moods.text import VideoText
from ml.moods.train import TrainingError, check_trainable

N_FOLDS = 5

Fold = tuple[Codes, Codes]  # positions of the training part and of the test part


class GroupLeak(ValueError):
    """A fold has one near-duplicate group in both its training and its test part."""


@dataclass(frozen=True, eq=False)
class Shuffle:
    """What was predicted when all rows took their turn of being unseen."""

    probabilities: Floats  # (n_videos, 6), by models that have not seen the row
    majority: Floats  # (n_videos, 6), the moods' shares in the same training parts
    fold: Codes  # (n_videos,), in which fold the row was unseen
    seen_macro_f1: float  # of the rows the models were fitted on, mean over the folds


def split(codes: Codes, groups: Codes, *, seed: int, together: bool) -> Iterator[Fold]:
    """Split into `N_FOLDS` with the same shares of moods, keeping groups or not."""
    splitter = StratifiedGroupKFold if together else StratifiedKFold
    folds = splitter(N_FOLDS, shuffle=True, random_state=seed)
    yield from folds.split(codes, codes, groups if together else None)


def cross_validate(
    recipe: Recipe,
    texts: Sequence[VideoText],
    codes: Codes,
    groups: Codes,
    folds: Iterable[Fold],
    *,
    seed: int,
    together: bool,
) -> Shuffle:
    """Predict each row by a model that has not seen it.

    A mood with too few rows in a training part is not learned there and gets
    probability 0. Where no two moods can be learned, or no part of the text, the
    recipe predicts what the majority class does.

    Parameters
    ----------
    recipe : Recipe
    texts : sequence of VideoText, length n_videos
    codes : int array, shape (n_videos,)
    groups : int array, shape (n_videos,)
        Near-duplicate groups.
    folds : iterable of (train, test), int arrays of positions
        Their test parts cover every row once.
    seed : int
        Of the recipe's own choices.
    together : bool
        No fold may split a group.

    Returns
    -------
    Shuffle

    Raises
    ------
    GroupLeak
        If a group is on both sides of a fold.
    """
    probabilities = np.zeros((len(codes), len(MOODS)))
    majority, fold_of = np.zeros_like(probabilities), np.zeros(len(codes), np.int64)
    seen_macro_f1 = []
    for number, (train, test) in enumerate(folds):
        if together:
            refuse_leak(groups[train], groups[test])
        fold_of[test] = number
        majority[test] = _shares(codes[train])
        both = np.concatenate([train, test])
        predicted = _fit_and_predict(recipe, texts, codes, train, both, seed)
        probabilities[test] = predicted[len(train) :]
        f1 = f1_per_mood(codes[train], predicted[: len(train)].argmax(axis=1))
        seen_macro_f1.append(np.mean(list(f1.values())))
    return Shuffle(probabilities, majority, fold_of, float(np.mean(seen_macro_f1)))


def refuse_leak(train_groups: Codes, test_groups: Codes) -> None:
    """Raise GroupLeak if a group is on both sides."""
    shared = np.intersect1d(train_groups, test_groups)
    if len(shared):
        raise GroupLeak(f"group {shared[0]} is in the training and the test part")


def _fit_and_predict(
    recipe: Recipe,
    texts: Sequence[VideoText],
    codes: Codes,
    train: Codes,
    rows: Codes,
    seed: int,
) -> Floats:
    """Fit on the rows `train` and predict the probabilities of `rows`."""
    counts = np.bincount(codes[train], minlength=len(MOODS))
    learned = train[counts[codes[train]] >= recipe.min_rows]
    seen = [texts[i] for i in learned]
    try:
        check_trainable(recipe, seen, codes[learned])
    except TrainingError:
        return np.tile(_shares(codes[train]), (len(rows), 1))
    parameters = recipe.fit(seen, codes[learned], seed)
    return recipe.predict_proba(parameters, [texts[i] for i in rows])


def _shares(codes: Codes) -> Floats:
    shares: Floats = np.bincount(codes, minlength=len(MOODS)) / len(codes)
    return shares
