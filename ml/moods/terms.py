"""What the default recipe reads of a video: its words, weighed, and what they say.

Plain numpy: predicting needs neither scikit-learn nor SciPy.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

import numpy as np

from ml.moods.lexicon import Lexicon, fold_words
from ml.moods.recipe import MOODS, Codes, Floats
from ml.moods.text import STOP_WORDS, VideoText

DESCRIPTION_CHARS = 1000  # what follows is links, thanks and licences
TITLE_WEIGHT = 0.5  # logits for each point of the lexicon
DESCRIPTION_WEIGHT = 1.0  # logits, shared out over the moods

BLOCKS = ("title", "description")


class VideoWords(NamedTuple):
    """The words of one video, lower-case, in the order of its text."""

    title: list[str]
    description: list[str]

    def block(self, name: str) -> list[str]:
        """Return the words of a block that are weighed.

        Stop words of a title count: titles are short, and "I Miss You" is mostly that.
        """
        if name == "title":
            return self.title
        return [word for word in self.description if word not in STOP_WORDS]


class LexiconScores(NamedTuple):
    """What the lexicon says of videos; float64 arrays, shape (n_videos, 6)."""

    prior: Floats  # logits before anything is learned
    columns: Floats  # features to learn from


class Entries(NamedTuple):
    """The entries of a sparse matrix, row after row, no two at one position."""

    rows: Codes
    columns: Codes
    values: Floats


def read_words(text: VideoText) -> VideoWords:
    """Split the title and the beginning of the description into words."""
    return VideoWords(
        fold_words(text.title), fold_words(text.description[:DESCRIPTION_CHARS])
    )


def score_by_lexicon(lexicon: Lexicon, videos: Sequence[VideoWords]) -> LexiconScores:
    """Look up what the words of each video say about mood.

    Parameters
    ----------
    lexicon : Lexicon
    videos : sequence of VideoWords, length n_videos

    Returns
    -------
    LexiconScores
        The prior adds up the points of the title, and the shares of the moods in the
        description, which is too long to add up. The columns are the square roots of
        the title's points: the tenth word of love says less than the first.
    """
    n_videos = len(videos)
    titles = np.zeros((n_videos, len(MOODS)))
    descriptions = np.zeros_like(titles)
    for row, words in enumerate(videos):
        titles[row] = lexicon.score(words.title)
        descriptions[row] = lexicon.score(words.description)
    totals = descriptions.sum(axis=1, keepdims=True)
    shares = np.divide(descriptions, totals, out=descriptions, where=totals > 0)
    return LexiconScores(
        TITLE_WEIGHT * titles + DESCRIPTION_WEIGHT * shares, np.sqrt(titles)
    )


def inverse_document_frequency(n_having: Floats | float, n_videos: int) -> Floats:
    """Weigh words by their rarity: ln((1 + n_videos) / (1 + n_having)) + 1."""
    return np.log((1 + n_videos) / (1 + np.asarray(n_having))) + 1


def tf_idf(
    videos: Sequence[Sequence[str]], columns: Mapping[str, int], idf: Floats
) -> Entries:
    """Weigh the known words of each video in one block.

    Parameters
    ----------
    videos : sequence of sequences of str, length n_videos
    columns : mapping of str to int
        The known words and their columns, from 0.
    idf : float array, shape (n_columns + 1,)
        Of each known word, and last of a word that is not known.

    Returns
    -------
    Entries
        (1 + ln count) x idf, a row divided by the Euclidean length that it has with its
        unknown words: a text that is mostly unknown stays near 0.

    Notes
    -----
    Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval",
    2008, chapter 6 (``ltc`` weighting).
    """
    weights = idf.tolist()
    unknown = len(weights) - 1
    rows: list[int] = []
    known: list[int] = []
    values: list[float] = []
    for row, words in enumerate(videos):
        squares = 0.0
        start = len(known)
        for word, count in Counter(words).items():
            column = columns.get(word, unknown)
            value = weights[column]
            if count > 1:
                value *= 1 + log(count)
            squares += value * value
            if column != unknown:
                known.append(column)
                values.append(value)
        length = squares**0.5
        values[start:] = [value / length for value in values[start:]]
        rows += [row] * (len(known) - start)
    return Entries(
        np.array(rows, dtype=np.int64),
        np.array(known, dtype=np.int64),
        np.array(values),
    )
