"""What words of music say about mood: a list made by hand, and where a text has them."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ml.moods.recipe import MOODS, Floats

LEXICON_FILE = Path(__file__).with_name("mood_lexicon.txt")

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

Phrase = tuple[str, ...]


class BadLexicon(ValueError):
    """A line of the lexicon is not understood; the message names it."""


class Word(NamedTuple):
    """A word as it is compared, and where it stands in its text."""

    folded: str
    start: int
    end: int


class Hit(NamedTuple):
    """Words of a text, from `first` up to `last`, that are a phrase of the lexicon."""

    phrase: Phrase
    first: int
    last: int


class Lexicon:
    """Phrases and their weights, ready to be looked for.

    Attributes
    ----------
    weights : dict of tuple of str to float64 array, shape (6,)
        In the order of ``ml.moods.recipe.MOODS``, 0 or more.
    """

    def __init__(self, weights: dict[Phrase, Floats]) -> None:
        self.weights = weights
        written = {phrase: phrase for phrase in weights}
        for phrase in weights:
            if len(phrase) == 1:
                written.setdefault((phrase[0] + "s",), phrase)
        self._by_first_word: dict[str, list[tuple[Phrase, Phrase]]] = {}
        for words in sorted(written, key=len, reverse=True):
            entry = (words, written[words])
            self._by_first_word.setdefault(words[0], []).append(entry)

    def find(self, words: list[str]) -> list[Hit]:
        """Find the phrases in a text's words, from left to right.

        Parameters
        ----------
        words : list of str
            As `fold_words` gives them.

        Returns
        -------
        list of Hit
            The longest phrase at each place; no two share a word. A word that is not
            in the lexicon may be there without its final "s".
        """
        hits = []
        free_from = 0
        for place, word in enumerate(words):
            if place < free_from or word not in self._by_first_word:
                continue
            for written, phrase in self._by_first_word[word]:
                last = place + len(written)
                if last == place + 1 or tuple(words[place:last]) == written:
                    hits.append(Hit(phrase, place, last))
                    free_from = last
                    break
        return hits

    def score(self, words: list[str]) -> Floats:
        """Add up the weights of the different phrases in a text's words.

        Returns
        -------
        float64 array, shape (6,)
            0 where no phrase speaks of the mood.
        """
        total = np.zeros(len(MOODS))
        for phrase in dict.fromkeys(hit.phrase for hit in self.find(words)):
            total += self.weights[phrase]
        return total


def fold_words(text: str) -> list[str]:
    """Split a text into words, which may hold an apostrophe.

    Parameters
    ----------
    text : str
        Any length, any characters.

    Returns
    -------
    list of str
        Lower-case, with straight apostrophes, in the order of the text.
    """
    return [word.lower() for word in _WORD.findall(text.replace("’", "'"))]


def split_words(text: str) -> list[Word]:
    """Split a text as `fold_words` does, and tell where each word stands."""
    return [
        Word(match.group().lower(), *match.span())
        for match in _WORD.finditer(text.replace("’", "'"))
    ]


@lru_cache(maxsize=1)
def read_lexicon(path: Path = LEXICON_FILE) -> Lexicon:
    """Read a lexicon.

    Parameters
    ----------
    path : Path
        Lines ``MOOD WEIGHT [MOOD WEIGHT ...]: phrase, phrase``; ``= WORD: spelling,
        spelling`` gives other spellings of a word in every phrase; ``#`` comments.

    Returns
    -------
    Lexicon
        A phrase that is named twice has the weights of its first line.

    Raises
    ------
    BadLexicon
        Naming the line.
    """
    weights: dict[Phrase, Floats] = {}
    spellings: dict[str, list[Phrase]] = {}
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        head, colon, listed = line.partition(":")
        if line.startswith("#") or not line.strip():
            continue
        phrases = [tuple(fold_words(phrase)) for phrase in listed.split(",")]
        if not colon or not all(phrases):
            raise BadLexicon(f"{path}:{number}: phrases are missing")
        if head.startswith("="):
            spellings[head[1:].strip()] = phrases
            continue
        profile = _profile(head.split(), f"{path}:{number}")
        for phrase in phrases:
            weights.setdefault(phrase, profile)
    return Lexicon(_with_spellings(weights, spellings))


def _profile(head: list[str], where: str) -> Floats:
    profile = np.zeros(len(MOODS))
    try:
        for mood, weight in zip(head[::2], head[1::2], strict=True):
            profile[MOODS.index(mood)] = float(weight)
    except ValueError as exc:
        raise BadLexicon(f"{where}: not a list of moods and weights") from exc
    return profile


def _with_spellings(
    weights: dict[Phrase, Floats], spellings: dict[str, list[Phrase]]
) -> dict[Phrase, Floats]:
    spelled = dict(weights)
    for phrase, profile in weights.items():
        for place, word in enumerate(phrase):
            for other in spellings.get(word, ()):
                again = phrase[:place] + other + phrase[place + 1 :]
                spelled.setdefault(again, profile)
    return spelled
