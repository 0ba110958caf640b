"""The same track uploaded twice: recognised by title, description and length."""

from dataclasses import dataclass
from functools import cached_property

from ml.moods.text import VideoText
from ml.similar.words import informative_words, read_description

# Tried on the titles of 2019: a title in another spelling, with "[NCS Release]" behind it
# or a label before it is found; the next track of an artist ("Artist - Fade", "Artist -
# Force") or of a series is not, although its description is often the same.
MIN_TITLE_SIMILARITY = 0.8
MIN_INSIDE_SIMILARITY = 0.6
MIN_INSIDE_WORDS = 2
HINTING_TITLE_SIMILARITY = 0.5
HINTING_TEXT_SIMILARITY = 0.8
MIN_TEXT_WORDS = 5
SAME_LENGTH = 2  # seconds: a copy is cut a little differently

Words = frozenset[str]


@dataclass(frozen=True)
class Track:
    """What tells whether two uploads are one track; words are read when needed."""

    text: VideoText
    seconds: int | None

    @cached_property
    def title(self) -> Words:
        return frozenset(informative_words(self.text.title))

    @cached_property
    def description(self) -> Words:
        return frozenset(informative_words(read_description(self.text.description)))


def same_track(left: Track, right: Track) -> bool:
    """Tell whether two uploads are likely one track.

    Parameters
    ----------
    left, right : Track
        A title of which no word tells anything is like no other.

    Returns
    -------
    bool
        True if the words of the titles are the same (Jaccard similarity of 0.8 or more,
        or 0.6 if all of one, two or more, are in the other), or if the lengths are
        (within 2 seconds) and half of the titles (0.5) or the descriptions (0.8, of
        five words or more) too.
    """
    titles = _jaccard(left.title, right.title)
    if titles >= MIN_TITLE_SIMILARITY:
        return True
    if titles >= MIN_INSIDE_SIMILARITY and _inside(left.title, right.title):
        return True
    if not _same_length(left.seconds, right.seconds):
        return False
    return titles >= HINTING_TITLE_SIMILARITY or _same_text(left, right)


def _jaccard(left: Words, right: Words) -> float:
    both = len(left & right)
    return both / (len(left) + len(right) - both) if both else 0.0


def _inside(left: Words, right: Words) -> bool:
    enough = min(len(left), len(right)) >= MIN_INSIDE_WORDS
    return enough and (left <= right or right <= left)


def _same_text(left: Track, right: Track) -> bool:
    enough = min(len(left.description), len(right.description)) >= MIN_TEXT_WORDS
    alike = _jaccard(left.description, right.description)
    return enough and alike >= HINTING_TEXT_SIMILARITY


def _same_length(left: int | None, right: int | None) -> bool:
    return left is not None and right is not None and abs(left - right) <= SAME_LENGTH
