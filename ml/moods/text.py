"""What a mood model reads of a video, and the words that say nothing."""

from itertools import chain
from pathlib import Path
from typing import NamedTuple

STOP_WORDS_FILE = Path(__file__).with_name("stopwords_english.txt")


class VideoText(NamedTuple):
    """The text of one video; what is missing is empty, never None."""

    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    channel: str = ""


def read_stop_words(path: Path = STOP_WORDS_FILE) -> frozenset[str]:
    """Read words apart by blanks or lines; lines that start with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    words = (line.split() for line in lines if not line.startswith("#"))
    return frozenset(chain.from_iterable(words))


STOP_WORDS = read_stop_words()
