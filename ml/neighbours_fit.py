"""Fitting the space of words in which videos are compared; see
`ml.neighbours_space`."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from threadpoolctl import threadpool_limits

from ml.neighbours import Weights
from ml.neighbours_space import N_BUCKETS, N_WORD_DIMS, WordSpace, count_buckets

SPARE_DIMS = 20  # make the first ones exact
ROUNDS = 4


def fit_space(pages: Iterable[Sequence[Weights]], *, seed: int) -> WordSpace:
    """Find the directions in which the words of many videos differ most.

    Parameters
    ----------
    pages : iterable of sequences of dict, n_videos in all
        As ``ml.neighbours.weigh_words`` gives them; may be empty. A page at a time is in
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
        with threadpool_limits(
            1
        ):  # several threads wait for each other where others work
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
    found: NDArray[np.float32] = across.Vh[:n_dims]
    return found
