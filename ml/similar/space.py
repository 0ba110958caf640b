"""Vectors of videos, so that a database can search for those that are near each other.

A vector is the words, projected into a space of a few directions (`WordSpace`), and the
six moods.
"""

import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from threadpoolctl import threadpool_limits

from ml.moods.recipe import MOODS, Floats
from ml.similar.words import Weights

N_DIMS = 128
N_WORD_DIMS = N_DIMS - len(MOODS)
N_BUCKETS = 2**15  # words share one by chance: 1 of 30 in a catalogue of 1,000 words
MOOD_SHARE = 0.5  # of a squared length of 1; see docs/decisions/0009
SPARE_DIMS = 20  # of a fit, make the first ones exact
ROUNDS = 4
EPSILON = 1e-6  # the length of a row that only rounding has filled

Vectors: TypeAlias = NDArray[np.float32]


class WordSpace(NamedTuple):
    """Directions that words point in: float16, shape (N_BUCKETS, at most N_WORD_DIMS)."""

    directions: NDArray[np.float16]

    def to_bytes(self) -> bytes:
        packed = io.BytesIO()
        np.savez_compressed(packed, directions=self.directions)
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "WordSpace":
        """Read what `to_bytes` wrote; never executes anything."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return cls(arrays["directions"])


def count_buckets(weighed: Sequence[Weights]) -> csr_matrix:
    """Put weighed words into N_BUCKETS columns; float32, shape (n_videos, N_BUCKETS)."""
    starts = np.cumsum([0, *map(len, weighed)])
    hashed = [crc32(word.encode()) for words in weighed for word in words]
    columns = np.array(hashed, int) % N_BUCKETS
    values = np.array([v for words in weighed for v in words.values()], np.float32)
    return csr_matrix((values, columns, starts), (len(weighed), N_BUCKETS))


def embed(space: WordSpace, weighed: Sequence[Weights], moods: Floats) -> Vectors:
    """Embed videos so that those with similar words and moods are near each other.

    Parameters
    ----------
    space : WordSpace
    weighed : sequence of dict, length n_videos
        As `weigh_words` gives them; may be empty.
    moods : float64 array, shape (n_videos, 6)
        As `mood_mix` gives them, rows of zeros where nothing is known.

    Returns
    -------
    float32 array, shape (n_videos, 128)
        Rows of length 1: compare them by cosine. A video of which neither words nor
        moods are known is a row of zeros, and near nothing.

    Notes
    -----
    Of the moods the square roots are taken, whose inner product is the Bhattacharyya
    coefficient: A. Bhattacharyya, "On a measure of divergence between two statistical
    populations defined by their probability distributions", 1943.
    """
    vectors = np.zeros((len(weighed), N_DIMS), np.float32)
    words = count_buckets(weighed) @ space.directions.astype(np.float32)
    vectors[:, : words.shape[1]] = _of_length_1(words) * (1 - MOOD_SHARE) ** 0.5
    vectors[:, N_WORD_DIMS:] = np.sqrt(moods) * MOOD_SHARE**0.5
    return _of_length_1(vectors)


def _of_length_1(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    lengths[lengths < EPSILON] = np.inf
    unit: Vectors = (rows / lengths).astype(np.float32)
    return unit


def fit_space(pages: Iterable[Sequence[Weights]], *, seed: int) -> WordSpace:
    """Find the directions in which the words of many videos differ most.

    Parameters
    ----------
    pages : iterable of sequences of dict, n_videos in all
        As ``ml.similar.words.weigh_words`` gives them; may be empty. A page at a time is in
        memory, the rest as numbers.
    seed : int
        The same texts and seed give the same space on the same machine.

    Returns
    -------
    WordSpace
        122 directions, or fewer where the videos or their words are fewer; words that
        no text has point nowhere.

    Notes
    -----
    Latent semantic analysis: S. Deerwester et al., "Indexing by latent semantic
    analysis", 1990.
    """
    counts = vstack([count_buckets([]), *map(count_buckets, pages)], format="csr")
    known = np.unique(counts.indices)
    n_dims = min(counts.shape[0], len(known), N_WORD_DIMS)
    directions = np.zeros((N_BUCKETS, n_dims), np.float16)
    if n_dims:
        with threadpool_limits(1):  # several wait for each other where others work
            leading = _leading(counts[:, known], n_dims, np.random.default_rng(seed))
        directions[known] = leading.T
    return WordSpace(directions)


def _leading(
    rows: csr_matrix, n_dims: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Right singular vectors of the largest singular values, shape (n_dims, n_columns).

    Algorithms 4.4 and 5.1 of N. Halko et al., "Finding structure with randomness", 2009.
    """
    n_tried = min(*rows.shape, n_dims + SPARE_DIMS)
    tried = rng.standard_normal((rows.shape[1], n_tried), np.float32)
    for _ in range(ROUNDS):
        basis = np.linalg.qr(rows @ tried).Q
        tried = np.linalg.qr(rows.T @ basis).Q
    basis = np.linalg.qr(rows @ tried).Q
    across = np.linalg.svd((rows.T @ basis).T, full_matrices=False)
    leading: NDArray[np.float32] = across.Vh[:n_dims]
    return leading
