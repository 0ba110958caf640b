"""Fitting the default recipe; see `ml.moods.lexicon_tfidf`."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from threadpoolctl import threadpool_limits

from ml.moods.lexicon import read_lexicon
from ml.moods.lexicon_tfidf import pack_words, softmax
from ml.moods.recipe import Codes, Floats, Parameters
from ml.moods.terms import (
    BLOCKS,
    Said,
    Words,
    ask_lexicon,
    inverse_document_frequency,
    read_words,
    tf_idf,
)
from ml.moods.text import VideoText

# Fixed, not tuned in training; chosen among the trials of docs/models/mood-trials.md. A
# temperature from inner folds is left out: the log-loss was the same with it, and the
# calibration error .056 instead of .049, since a model of an inner fold knows less.
C = 1.0
MOST_WORDS = 20_000  # stored; those with the largest weights
MAX_ITERATIONS = 200


class Vocabulary(NamedTuple):
    """The words of one block, in alphabetical order."""

    columns: dict[str, int]
    idf: Floats  # shape (n_words + 1,), last of unknown words


class Weights(NamedTuple):
    """A fitted model: logits = prior + features @ coefficients + intercepts."""

    coefficients: Floats  # (n_features, n_moods), words of the blocks, then lexicon
    intercepts: Floats  # (n_moods,)


class Rows(NamedTuple):
    """What has been read of labelled videos, before anything is learned."""

    words: dict[str, list[list[str]]]  # of each block
    said: Said
    targets: Codes  # 0 to n_moods - 1


def fit(texts: Sequence[VideoText], codes: Codes, seed: int) -> Parameters:
    """Fit a multinomial logistic model over the words and the lexicon's columns.

    Parameters
    ----------
    texts : sequence of VideoText, length n_videos
    codes : int array, shape (n_videos,)
        Mood of each row, 0 to 5; two moods or more.
    seed : int
        Ignored: nothing is chosen here.

    Returns
    -------
    dict of arrays
        ``moods`` int64 (n_moods,), the codes that occur; for both blocks ``words``
        uint8, ``idf`` float32 (n_words + 1,), ``weights`` float32 (n_words, n_moods);
        ``lexicon weights`` (6, n_moods), ``intercepts`` (n_moods,).
    """
    with threadpool_limits(1):  # on arrays so small, threads wait for each other
        return _fit(texts, codes)


def _fit(texts: Sequence[VideoText], codes: Codes) -> Parameters:
    moods, targets = np.unique(codes, return_inverse=True)
    videos = [read_words(text) for text in texts]
    rows = _read(videos, targets, moods)
    vocabularies = {name: _learn_words(rows.words[name]) for name in BLOCKS}
    features = _features(rows, vocabularies)
    weights = _fit_weights(features, rows)
    parameters: Parameters = {
        "moods": moods,
        "intercepts": weights.intercepts,
        "lexicon weights": weights.coefficients[-rows.said.columns.shape[1] :],
    }
    return parameters | _stored(vocabularies, weights)


def _read(videos: Sequence[Words], targets: Codes, moods: Codes) -> Rows:
    said = ask_lexicon(read_lexicon(), videos)
    words = {name: [video.block(name) for video in videos] for name in BLOCKS}
    return Rows(words, Said(said.prior[:, moods], said.columns), targets)


def _learn_words(videos: list[list[str]]) -> Vocabulary:
    n_having = Counter(word for words in videos for word in set(words))
    known = sorted(n_having)
    counts = np.array([*(n_having[word] for word in known), 0], dtype=np.float64)
    columns = {word: column for column, word in enumerate(known)}
    return Vocabulary(columns, inverse_document_frequency(counts, len(videos)))


def _features(rows: Rows, vocabularies: dict[str, Vocabulary]) -> csr_matrix:
    n_videos = len(rows.said.prior)
    blocks = []
    for name, (columns, idf) in vocabularies.items():
        entries = tf_idf(rows.words[name], columns, idf)
        places = (entries.rows, entries.columns)
        blocks.append(csr_matrix((entries.values, places), (n_videos, len(columns))))
    return hstack([*blocks, csr_matrix(rows.said.columns)], format="csr")


def _fit_weights(features: csr_matrix, rows: Rows) -> Weights:
    """Minimise the class-balanced log-loss + |coefficients|^2 / 2C, by L-BFGS.

    scikit-learn's LogisticRegression has no prior (offset), hence these few lines.
    """
    n_videos, n_features = features.shape
    n_moods = rows.said.prior.shape[1]
    truth = np.eye(n_moods)[rows.targets]
    counts = np.bincount(rows.targets, minlength=n_moods)
    balance = (1 / np.maximum(counts, 1))[rows.targets]
    balance *= n_videos / balance.sum()

    def loss(flat: Floats) -> tuple[float, Floats]:
        coefficients = flat[n_moods:].reshape(n_features, n_moods)
        logits = rows.said.prior + features @ coefficients + flat[:n_moods]
        probabilities = softmax(logits)
        of_truth = probabilities[np.arange(n_videos), rows.targets]
        errors = (probabilities - truth) * balance[:, None]
        slope = features.T @ errors + coefficients / C
        penalty = (coefficients**2).sum() / (2 * C)
        total = penalty - balance @ np.log(np.maximum(of_truth, 1e-300))
        return float(total), np.concatenate([errors.sum(axis=0), slope.ravel()])

    start = np.zeros(n_moods * (1 + n_features))
    options = {"maxiter": MAX_ITERATIONS, "gtol": 1e-3}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    return Weights(found[n_moods:].reshape(n_features, n_moods), found[:n_moods])


def _stored(vocabularies: dict[str, Vocabulary], weights: Weights) -> Parameters:
    """Keep the words with the largest weights; the others count as unknown ones do."""
    sizes = np.linalg.norm(weights.coefficients, axis=1)
    n_words = sum(len(vocabulary.columns) for vocabulary in vocabularies.values())
    least = 0.0
    if n_words > MOST_WORDS:
        least = np.partition(sizes[:n_words], n_words - MOST_WORDS)[-MOST_WORDS]
    parameters: Parameters = {}
    start = 0
    for name, (columns, idf) in vocabularies.items():
        end = start + len(columns)
        kept = np.flatnonzero(sizes[start:end] >= least)
        words = list(columns)
        parameters |= {
            f"{name} words": pack_words([words[i] for i in kept]),
            f"{name} idf": idf[[*kept, -1]].astype(np.float32),
            f"{name} weights": weights.coefficients[start:end][kept].astype(np.float32),
        }
        start = end
    return parameters
