"""Mood models: trained on texts that people labelled, predicting the six moods."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from ml.recipe import Codes, Floats, Parameters, Recipe
from ml.seed2019 import SEED2019
from ml.text import VideoText

MOODS = ("ANGRY", "CHILL", "CONFIDENT-SASSY", "HAPPY", "IN-LOVE", "SAD")

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (SEED2019,)}

# Rows whose features are in memory at a time while predicting.
BATCH_SIZE = 2048


class TrainingError(ValueError):
    """Base of this module: no model can be trained on what was given."""


class NoLabels(TrainingError):
    """No video has a mood yet. Label some first: at least two moods are needed."""


class OneMood(TrainingError):
    """All labelled videos have the same mood. Label videos of another one."""


class TooFewRows(TrainingError):
    """A mood was given to too few videos to learn it. Label more, or clear those."""


class NoWords(TrainingError):
    """No labelled video has a word to learn from. Fetch or import descriptions."""


class UnknownMood(TrainingError):
    """A label is not one of the six moods."""


class LengthMismatch(TrainingError):
    """Texts and moods differ in number; each text needs exactly one mood."""


class UnknownRecipe(TrainingError):
    """There is no recipe of this name."""


class MoodPrediction(NamedTuple):
    """The likeliest mood of a video, and the probability of each of the six."""

    mood: str
    scores: dict[str, float]  # in the order of MOODS, 0 to 1, sum 1


@dataclass(frozen=True)
class TrainingRecord:
    """What a model was trained on."""

    n_per_mood: dict[str, int]  # all six, in the order of MOODS
    data_digest: str  # SHA-256, see `digest_rows`
    seed: int


@dataclass(frozen=True, eq=False)
class MoodModel:
    """A trained model: the name of its recipe and the arrays that were learned."""

    recipe: str
    parameters: Parameters
    training: TrainingRecord

    def predict_proba(self, texts: Sequence[VideoText]) -> Floats:
        """Give the probability of each mood for each text.

        Parameters
        ----------
        texts : sequence of VideoText, length n_videos
            May be empty. Features are made of 2,048 texts at a time.

        Returns
        -------
        float64 array, shape (n_videos, 6)
            In the order of `texts` and of `MOODS`; 0 to 1, rows sum to 1. A text
            without known words gets what the model says of no words at all.
        """
        recipe = RECIPES[self.recipe]
        probabilities = np.empty((len(texts), len(MOODS)))
        for start in range(0, len(texts), BATCH_SIZE):
            batch = slice(start, start + BATCH_SIZE)
            features = recipe.featurize(texts[batch])
            probabilities[batch] = recipe.predict_proba(self.parameters, features)
        return probabilities

    def predict(self, texts: Sequence[VideoText]) -> list[MoodPrediction]:
        """Name the likeliest mood of each text.

        Parameters
        ----------
        texts : sequence of VideoText, length n_videos
            May be empty.

        Returns
        -------
        list of MoodPrediction, length n_videos
            In the order of `texts`; of equally likely moods the first of `MOODS`.
        """
        probabilities = self.predict_proba(texts)
        best = probabilities.argmax(axis=1).tolist()
        return [
            MoodPrediction(MOODS[code], dict(zip(MOODS, scores, strict=True)))
            for code, scores in zip(best, probabilities.tolist(), strict=True)
        ]


def train(
    texts: Sequence[VideoText],
    moods: Sequence[str],
    *,
    recipe: str = SEED2019.name,
    seed: int = 0,
) -> MoodModel:
    """Train a model on labelled videos.

    Parameters
    ----------
    texts : sequence of VideoText, length n_videos
        Of videos that a person labelled, and of no others.
    moods : sequence of str, length n_videos
        Each one of `MOODS`. A mood that does not occur gets probability 0.
    recipe : str
        A key of `RECIPES`.
    seed : int
        Same rows in the same order and same seed: the same model.

    Returns
    -------
    MoodModel

    Raises
    ------
    TrainingError
        One of its subclasses, whose message says what to do.
    """
    codes = encode_moods(texts, moods)
    chosen = find_recipe(recipe)
    features = chosen.featurize(texts)
    check_trainable(features, codes, min_rows=chosen.min_rows)
    counts = np.bincount(codes, minlength=len(MOODS)).tolist()
    return MoodModel(
        recipe=recipe,
        parameters=chosen.fit(features, codes, seed),
        training=TrainingRecord(
            n_per_mood=dict(zip(MOODS, counts, strict=True)),
            data_digest=digest_rows(texts, moods),
            seed=seed,
        ),
    )


def find_recipe(name: str) -> Recipe:
    """Return the recipe of this name, or raise UnknownRecipe naming those there are."""
    if name not in RECIPES:
        raise UnknownRecipe(f"no recipe {name!r}; there is: {', '.join(RECIPES)}")
    return RECIPES[name]


def encode_moods(texts: Sequence[VideoText], moods: Sequence[str]) -> Codes:
    """Turn moods into their positions in `MOODS`.

    Returns
    -------
    int64 array, shape (n_videos,), 0 to 5

    Raises
    ------
    LengthMismatch, UnknownMood
    """
    if len(texts) != len(moods):
        raise LengthMismatch(f"{len(texts)} texts, but {len(moods)} moods")
    unknown = sorted(set(moods) - set(MOODS))
    if unknown:
        raise UnknownMood(f"{unknown[0]!r} is not a mood; one of {', '.join(MOODS)}")
    position = {mood: code for code, mood in enumerate(MOODS)}
    return np.array([position[mood] for mood in moods], dtype=np.int64)


def check_trainable(features: csr_matrix, codes: Codes, *, min_rows: int) -> None:
    """Refuse rows no model can be trained on.

    Raises
    ------
    NoLabels, OneMood, TooFewRows, NoWords
        In this order.
    """
    counts = np.bincount(codes, minlength=len(MOODS)).tolist()
    rows = dict(zip(MOODS, counts, strict=True))
    present = [mood for mood in MOODS if rows[mood]]
    if not present:
        raise NoLabels("no labelled video; label videos of at least two moods")
    if len(present) == 1:
        raise OneMood(f"every label is {present[0]}; label videos of another mood too")
    rare = [f"{mood} has {rows[mood]}" for mood in present if rows[mood] < min_rows]
    if rare:
        raise TooFewRows(
            f"each mood in use needs {min_rows} labelled videos, but "
            f"{', '.join(rare)}; label more, or clear those labels"
        )
    if features.nnz == 0:
        raise NoWords("the labelled videos have no words in their texts to learn from")


def digest_rows(texts: Sequence[VideoText], moods: Sequence[str]) -> str:
    """Digest labelled rows, whatever their order.

    Returns
    -------
    str
        SHA-256 in hexadecimal digits; of no rows that of nothing.
    """
    rows = sorted(
        hashlib.sha256(json.dumps([mood, *text]).encode("ascii")).digest()
        for text, mood in zip(texts, moods, strict=True)
    )
    return hashlib.sha256(b"".join(rows)).hexdigest()
