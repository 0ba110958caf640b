"""What a mood model reads of a video, and the words that say nothing."""

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
    """Read a stop-word list: one word a line, lines that start with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


STOP_WORDS = read_stop_words()
