"""The text cleaning of 2019."""

import re

from nltk.tokenize.casual import EMOTICONS

from ml.text import STOP_WORDS

# A tag starts with a letter, "/" or "!": "<3" stays. "[^<>]" instead of "[^>]" keeps
# the search linear in a text of nothing but "<".
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")

# nltk's emoticons where they stand alone (glued to a word, "https:/" and "Download:"
# would be two), and the round faces of the 2019 recipe anywhere.
_EMOTICON = re.compile(rf"(?<!\S){EMOTICONS}(?!\S)|[:;=]-?[()]", re.VERBOSE)

_WORD = re.compile(r"\w+")


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
