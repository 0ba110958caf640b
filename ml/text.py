"""What a mood model reads of a video, and the text cleaning of 2019."""

import re
from pathlib import Path
from typing import NamedTuple

from nltk.tokenize.casual import EMOTICONS

STOP_WORDS_FILE = Path(__file__).with_name("stopwords_english.txt")

# A tag starts with a letter, "/" or "!": "<3" stays. "[^<>]" instead of "[^>]" keeps
# the search linear in a text of nothing but "<".
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")

# nltk's emoticons where they stand alone (glued to a word, "https:/" and "Download:"
# would be two), and the round faces of the 2019 recipe anywhere.
_EMOTICON = re.compile(rf"(?<!\S){EMOTICONS}(?!\S)|[:;=]-?[()]", re.VERBOSE)

_WORD = re.compile(r"\w+")


class VideoText(NamedTuple):
    """The text of one video; what is missing is empty, never None."""

    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    channel: str = ""


def read_stop_words(path: Path = STOP_WORDS_FILE) -> frozenset[str]:
    """Read a stop-word list: one word a line, lines that start with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


STOP_WORDS = read_stop_words()


def words(text: str) -> list[str]:
    """Clean a text as the 2019 recipe did and split it into words.

    HTML tags go, emoticons are kept without their nose, the rest is lower-cased and
    split at everything that is not a letter, a digit or an underscore; English stop
    words are dropped.

    Parameters
    ----------
    text : str
        Any length, any characters: NUL and lone surrogates separate words. The time
        is linear in the length.

    Returns
    -------
    list of str
        Words in the order of the text, then emoticons in theirs (``":)"``, ``":d"``).
        Empty when nothing is left. Every word can be encoded as UTF-8.

    Notes
    -----
    Source: the tokenizer of ``third_pass_training.ipynb`` in
    github.com/labs12-music-stream-selector/DS (MIT). It differs in three points, each
    a defect there: a tag separates words instead of joining them, ``<3`` is not taken
    for a tag, and ``:D`` is found although the text is lower-cased. Emoticons are
    those of nltk (``nltk.tokenize.casual``); see `STOP_WORDS_FILE` for the stop words.

    Examples
    --------
    >>> words("This is <b>the</b> Happy song :-)")
    ['happy', 'song', ':)']
    """
    if "<" in text:
        text = _TAG.sub(" ", text)
    cleaned = [word for word in _WORD.findall(text.lower()) if word not in STOP_WORDS]
    for match in _EMOTICON.finditer(text):
        cleaned.append(match.group().replace("-", "").lower())
    return cleaned
