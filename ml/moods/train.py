"""Training a mood model on texts that people labelled, and what cannot be trained on."""

import hashlib
import json
from collections.abc import Sequence

import numpy as np

from ml.moods.predict import DEFAULT_RECIPE, MoodModel, TrainingRecord, find_recipe
from ml.moods.recipe import MOODS, Codes, Recipe
from ml.moods.text import VideoText


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


def train(
    texts: Sequence[VideoText],
    moods: Sequence[str],
    *,
    recipe: str = DEFAULT_RECIPE,
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
    UnknownRecipe
    """
    codes = encode_moods(texts, moods)
    chosen = find_recipe(recipe)
    check_trainable(chosen, texts, codes)
    counts = np.bincount(codes, minlength=len(MOODS)).tolist()
    return MoodModel(
        recipe=recipe,
        parameters=chosen.fit(texts, codes, seed),
        training=TrainingRecord(
            n_per_mood=dict(zip(MOODS, counts, strict=True)),
            data_digest=digest_rows(texts, moods),
            seed=seed,
        ),
    )


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


def check_trainable(
    recipe: Recipe, texts: Sequence[VideoText], codes: Codes, *, min_rows: int = 0
) -> None:
    """Refuse rows no model can be trained on.

    Each mood in use needs as many rows as the recipe does, and `min_rows`.

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
    min_rows = max(min_rows, recipe.min_rows)
    rare = [f"{mood} has {rows[mood]}" for mood in present if rows[mood] < min_rows]
    if rare:
        raise TooFewRows(
            f"each mood in use needs {min_rows} labelled videos, but "
            f"{', '.join(rare)}; label more, or clear those labels"
        )
    if not any(map(recipe.has_words, texts)):
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
