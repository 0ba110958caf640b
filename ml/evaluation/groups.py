"""Near-duplicate videos: the same track, channel or boilerplate twice."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import HashingVectorizer

from ml.moods.recipe import Codes, Floats
from ml.moods.text import VideoText

# Chosen on the labelled videos of 2019, so that the groups agree with the known
# list of their near-duplicates: 96 % of the pairs found are in it, 94 % of its pairs
# are found.
SHINGLE_WORDS = 5
MIN_SHINGLE_CONTAINMENT = 0.5
MIN_LINK_SIMILARITY = 0.5
MIN_TITLE_SIMILARITY = 0.8
MIN_TITLE_WORDS = 3

# Rows compared with all others at a time; bounds memory to ROWS x n_videos counts.
_ROWS = 512

_LINK = re.compile(r"(?:https?://(?:www\.)?|www\.)([^\s<>\"')\]]+)")
_WORD = re.compile(r"\w+")

Pairs = Iterable[tuple[Codes, Codes]]


def find_groups(texts: Sequence[VideoText]) -> Codes:
    """Put near-duplicates into one group, so that no fold can hold both sides.

    Two videos belong together if they come from the same channel, if half of the
    5-word shingles of the shorter description are in the other one (Broder's
    containment), if their sets of links are similar (Jaccard similarity of 0.5 or more),
    or their titles of three words or more are (0.8 or more), or by way of others.

    Parameters
    ----------
    texts : sequence of VideoText, length n_videos
        May be empty. Empty fields say nothing: they join no videos.

    Returns
    -------
    int64 array, shape (n_videos,)
        Group numbers from 0, in the order of their first video.

    Notes
    -----
    Source: A. Broder, "On the resemblance and containment of documents", 1997. Memory
    grows with the pairs that are similar, time with the pairs that share a word of a
    title: thousands of labelled videos, not millions.
    """
    if not texts:
        return np.zeros(0, dtype=np.int64)
    pairs = [
        *_similar_pairs(texts, _shingles, _containment, MIN_SHINGLE_CONTAINMENT),
        *_similar_pairs(texts, _links, _jaccard, MIN_LINK_SIMILARITY),
        *_similar_pairs(texts, _title_words, _jaccard, MIN_TITLE_SIMILARITY),
        _same_channel(texts),
    ]
    rows = np.concatenate([left for left, _ in pairs])
    columns = np.concatenate([right for _, right in pairs])
    n_videos = len(texts)
    joined = coo_matrix((np.ones(len(rows)), (rows, columns)), (n_videos, n_videos))
    _, groups = connected_components(joined, directed=False)
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse].astype(np.int64)


def _shingles(text: VideoText) -> set[str]:
    words = _WORD.findall(text.description.lower())
    starts = range(len(words) - SHINGLE_WORDS + 1)
    return {" ".join(words[start : start + SHINGLE_WORDS]) for start in starts}


def _links(text: VideoText) -> set[str]:
    links = _LINK.findall(text.description.lower())
    return {link.rstrip("/.,") for link in links}


def _title_words(text: VideoText) -> set[str]:
    words = set(_WORD.findall(text.title.lower()))
    return words if len(words) >= MIN_TITLE_WORDS else set()


def _containment(shared: Floats, left: Floats, right: Floats) -> Floats:
    return shared / np.minimum(left, right)


def _jaccard(shared: Floats, left: Floats, right: Floats) -> Floats:
    return shared / (left + right - shared)


def _similar_pairs(
    texts: Sequence[VideoText],
    parts: Callable[[VideoText], set[str]],
    similarity: Callable[..., Floats],
    at_least: float,
) -> Pairs:
    """Yield pairs of positions of texts whose parts are at least so similar."""
    hasher = HashingVectorizer(
        analyzer=parts, alternate_sign=False, norm=None, binary=True
    )
    sets: csr_matrix = hasher.transform(texts)
    sizes = np.asarray(sets.sum(axis=1)).ravel()
    for start in range(0, len(texts), _ROWS):
        shared = (sets[start : start + _ROWS] @ sets.T).tocoo()
        left = shared.row + start
        similar = similarity(shared.data, sizes[left], sizes[shared.col]) >= at_least
        yield left[similar], shared.col[similar]


def _same_channel(texts: Sequence[VideoText]) -> tuple[Codes, Codes]:
    """Return pairs that chain the videos of each channel."""
    named = sorted((text.channel, i) for i, text in enumerate(texts) if text.channel)
    pairs = [(a[1], b[1]) for a, b in pairwise(named) if a[0] == b[0]]
    chained = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return chained[:, 0], chained[:, 1]
