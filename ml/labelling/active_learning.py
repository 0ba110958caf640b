"""Which videos to ask people about first: arrays in, scores or an order out.

The names are those of active learning: B. Settles, "Active Learning Literature
Survey", 2009. `benchmarks/catalogue/labelling.py` measures what each is worth here.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

import numpy as np

from ml.moods.recipe import MOODS, Codes, Floats

_WORD = re.compile(r"\w+")


def uncertainty(probabilities: Floats) -> Floats:
    """Return how close the two likeliest moods are (margin sampling).

    Parameters
    ----------
    probabilities : float64 array, shape (n_videos, 6)
        Rows sum to 1; may be empty.

    Returns
    -------
    float64 array, shape (n_videos,)
        1 where the two are equally likely, 0 where one mood is certain.
    """
    ranked = np.sort(probabilities, axis=1)
    close: Floats = 1 - (ranked[:, -1] - ranked[:, -2])
    return close


def weakness(probabilities: Floats, f1: Mapping[str, float]) -> Floats:
    """Return how likely each video is of a mood that the model knows badly.

    Parameters
    ----------
    probabilities : float64 array, shape (n_videos, 6)
        In the order of `MOODS`; may be empty.
    f1 : mapping of mood to float, 0 to 1
        How well the model finds each mood; one that is missing counts as 0.

    Returns
    -------
    float64 array, shape (n_videos,)
        The expected value of 1 - F1 over the moods, 0 to 1.
    """
    expected: Floats = probabilities @ [1 - f1.get(mood, 0.0) for mood in MOODS]
    return expected


def disagreement(probabilities: Floats, codes: Codes) -> Floats:
    """Return how much likelier than the label another mood is.

    Parameters
    ----------
    probabilities : float64 array, shape (n_videos, 6)
        By models that have not seen the video.
    codes : int array, shape (n_videos,)
        The labels, positions in `MOODS`.

    Returns
    -------
    float64 array, shape (n_videos,)
        -1 to 1, above 0 where the likeliest mood is not the label: the normalized
        margin of C. Northcutt et al., "Confident Learning", 2021, with its sign
        turned.
    """
    rows = np.arange(len(codes))
    others = probabilities.copy()
    others[rows, codes] = -np.inf
    margins: Floats = others.max(axis=1) - probabilities[rows, codes]
    return margins


def title_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of a video's title and tags, by which videos are compared."""
    return frozenset(_WORD.findall(" ".join(texts).lower()))


@dataclass(frozen=True)
class LabelledCounts:
    """In how many labelled videos each word and each channel is."""

    words: Counter[str] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)

    def add(self, words: Iterable[str], channel: str) -> None:
        """Count one more video; an empty channel is unknown and counts for nothing."""
        self.words.update(words)
        if channel:
            self.channels[channel] += 1


def most_useful(
    uncertain: Floats,
    words: Sequence[Collection[str]],
    channels: Sequence[str],
    *,
    known: LabelledCounts,
    n: int,
) -> list[int]:
    """Choose videos that the model is unsure of and that are unlike what is labelled.

    The worth of a video is its uncertainty, times the share of its words that no
    labelled video has, rare words weighing more, divided by one more than the number
    of labelled videos of its channel. A chosen video counts as labelled for the next,
    so neither a word nor a channel floods the choice.

    Parameters
    ----------
    uncertain : float64 array, shape (n_videos,)
        See `uncertainty`.
    words : sequence of collections of str, length n_videos
        See `title_words`; may be empty.
    channels : sequence of str, length n_videos
        Empty where unknown.
    known : LabelledCounts
        What is labelled already. It is changed: what is chosen is added.
    n : int
        How many to choose at most.

    Returns
    -------
    list of int, length min(n, n_videos)
        Positions, the most useful first; of equals the first.

    Notes
    -----
    Worth only falls while videos are chosen, so a candidate whose worth, computed
    again, is still the greatest is the best: M. Minoux, "Accelerated greedy algorithms
    for maximizing submodular set functions", 1978.
    """
    in_videos = Counter(word for each in words for word in each)
    rarity = {word: math.log1p(len(words) / k) for word, k in in_videos.items()}

    def worth(i: int) -> float:
        weights = sum(rarity[word] for word in words[i])
        new = sum(rarity[word] / (1 + known.words[word]) for word in words[i])
        unlike = new / weights if weights else 0.0
        return float(uncertain[i]) * unlike / (1 + known.channels[channels[i]])

    heap = [(-worth(i), i) for i in range(len(words))]
    heapify(heap)
    chosen: list[int] = []
    while heap and len(chosen) < n:
        _, i = heappop(heap)
        now = (-worth(i), i)
        if heap and now > heap[0]:
            heappush(heap, now)
            continue
        chosen.append(i)
        known.add(words[i], channels[i])
    return chosen
