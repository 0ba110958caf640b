"""What makes two videos similar: their words, weighted, and their moods.

Plain numpy: a reason for similarity needs no more. Vectors are `ml.similar.space`.
"""

import re
from collections import Counter
from collections.abc import Mapping
from math import hypot, log
from pathlib import Path
from typing import TypeAlias

import numpy as np

from ml.moods.lexicon import fold_words
from ml.moods.recipe import MOODS, Floats
from ml.moods.text import STOP_WORDS, VideoText, read_stop_words

VERSION = 1  # of what is read of a text; with another one all spaces are fitted again

# Chosen on the videos of 2019, see docs/decisions/0009: how many of a video's ten nearest
# are of its group, and how many of the others are of its mood.
TITLE_WEIGHT, TAGS_WEIGHT, DESCRIPTION_WEIGHT = 0.7, 0.5, 0.7
LABEL_SHARE = 0.5  # of the moods of a video that a person labelled

DESCRIPTION_CHARS = 3000  # are read; of them so many in lines without links:
KEPT_CHARS = 1000
LINK_MARK = re.compile(r"://|www\.|\.com|@")
UNINFORMATIVE_FILE = Path(__file__).with_name("neighbours_words.txt")

Weights: TypeAlias = dict[str, float]


UNINFORMATIVE = STOP_WORDS | read_stop_words(UNINFORMATIVE_FILE)


def weigh_words(text: VideoText) -> Weights:
    """Weigh the words that tell a video from others.

    Parameters
    ----------
    text : VideoText
        Lines of the description that hold a link or an address are not read.

    Returns
    -------
    dict of str to float
        Lower-case words; the squares of the weights add up to 1. Empty where there is
        nothing but stop words, numbers and what all such videos say (`UNINFORMATIVE`).
    """
    total: Weights = {}
    for part, block_weight in (
        (text.title, TITLE_WEIGHT),
        (" ".join(text.tags), TAGS_WEIGHT),
        (read_description(text.description), DESCRIPTION_WEIGHT),
    ):
        counts = Counter(informative_words(part)).items()
        weights = {word: 1 + log(n) for word, n in counts}
        length = _length(weights)
        for word, weight in weights.items():
            total[word] = total.get(word, 0.0) + block_weight * weight / length
    length = _length(total)
    return {word: weight / length for word, weight in total.items()}


def mood_mix(scores: Mapping[str, float] | None, label: str | None) -> Floats:
    """Share 1 out over the six moods: the prediction, and a human label.

    Parameters
    ----------
    scores : mapping of str to float, or None
        Probabilities by the names of ``ml.moods.recipe.MOODS``.
    label : str or None
        The mood a person gave; it weighs as much as all the scores.

    Returns
    -------
    float64 array, shape (6,)
        In the order of `MOODS`; sum 1, or zeros where neither is known.
    """
    predicted = np.array([max(0.0, (scores or {}).get(mood, 0.0)) for mood in MOODS])
    predicted /= predicted.sum() or 1
    if label is None:
        return predicted
    labelled = np.array([float(mood == label) for mood in MOODS])
    if not predicted.any():
        return labelled
    predicted += LABEL_SHARE * (labelled - predicted)
    return predicted


def mood_closeness(left: Floats, right: Floats) -> float | None:
    """Return how much of two `mood_mix` is the same: 0 to 1; None if one is unknown."""
    if not left.any() or not right.any():
        return None
    return float(np.minimum(left, right).sum())


def shared_words(left: Weights, right: Weights, *, most: int) -> list[str]:
    """Name the words of two videos that bring them together, the strongest first."""
    shared = left.keys() & right.keys()
    return sorted(shared, key=lambda word: (-left[word] * right[word], word))[:most]


def informative_words(text: str) -> list[str]:
    """Read the words that tell a video from others, in the order of the text."""
    return [
        word
        for word in fold_words(text)
        if word not in UNINFORMATIVE and len(word) > 1 and not word.isdecimal()
    ]


def read_description(description: str) -> str:
    """Read the beginning of a description, without the lines that hold a link."""
    lines = description[:DESCRIPTION_CHARS].splitlines()
    return "\n".join(line for line in lines if not LINK_MARK.search(line))[:KEPT_CHARS]


def _length(weights: Weights) -> float:
    return hypot(*weights.values())
