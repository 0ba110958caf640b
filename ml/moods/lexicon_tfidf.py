"""The default recipe: what a lexicon says of a video, corrected by its own words.

A multinomial logistic model over the words of title and description and six columns of
the lexicon, whose scores are also the prior. Linear, so that it can tell exactly why.
Predicting is plain numpy: SciPy is imported by the functions that fit, and by no other.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from ml.moods.lexicon import Lexicon, read_lexicon, split_words
from ml.moods.recipe import (
    MOODS,
    Codes,
    Floats,
    Parameters,
    Recipe,
    TermContribution,
    strongest,
)
from ml.moods.terms import (
    BLOCKS,
    DESCRIPTION_CHARS,
    DESCRIPTION_WEIGHT,
    TITLE_WEIGHT,
    LexiconScores,
    VideoWords,
    inverse_document_frequency,
    read_words,
    score_by_lexicon,
    tf_idf,
)
from ml.moods.text import VideoText

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Fixed, not tuned in training; chosen among the trials of docs/models/mood-trials.md. A
# temperature from inner folds is left out: the log-loss was the same with it, and the
# calibration error .056 instead of .049, since a model of an inner fold knows less.
C = 1.0
MAX_WORDS = 20_000  # stored; those with the largest weights
MAX_ITERATIONS = 200


class Vocabulary(NamedTuple):
    """The words of one block, in alphabetical order."""

    columns: dict[str, int]
    idf: Floats  # shape (n_words + 1,), last of unknown words


class Coefficients(NamedTuple):
    """A fitted model: logits = prior + features @ coefficients + intercepts."""

    words: Floats  # (n_words, n_moods), of the blocks one after the other
    lexicon: Floats  # (6, n_moods)
    intercepts: Floats  # (n_moods,)


class TrainingRows(NamedTuple):
    """What has been read of labelled videos, before anything is learned."""

    words: dict[str, list[list[str]]]  # of each block
    lexicon: LexiconScores
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
    moods, targets = np.unique(codes, return_inverse=True)
    rows = _read_rows([read_words(text) for text in texts], targets, moods)
    vocabularies = {name: _learn_words(rows.words[name]) for name in BLOCKS}
    fitted = _fit_coefficients(_features(rows, vocabularies), rows)
    parameters: Parameters = {
        "moods": moods,
        "intercepts": fitted.intercepts,
        "lexicon weights": fitted.lexicon,
    }
    return parameters | _strongest_words(vocabularies, fitted.words)


def predict_proba(parameters: Parameters, texts: Sequence[VideoText]) -> Floats:
    """Give the probability of each mood for each text.

    Parameters
    ----------
    parameters : dict of arrays
        As `fit` returns them.
    texts : sequence of VideoText, length n_videos
        May be empty.

    Returns
    -------
    float64 array, shape (n_videos, 6)
        0 to 1, rows sum to 1.
    """
    videos = [read_words(text) for text in texts]
    present = parameters["moods"]
    scores = score_by_lexicon(read_lexicon(), videos)
    logits = scores.prior[:, present] + parameters["intercepts"]
    logits += scores.columns @ parameters["lexicon weights"]
    for name in BLOCKS:
        words = [video.block(name) for video in videos]
        entries = tf_idf(words, _columns(parameters, name), parameters[f"{name} idf"])
        weights = parameters[f"{name} weights"][entries.columns]
        for column in range(len(present)):
            logits[:, column] += np.bincount(
                entries.rows, entries.values * weights[:, column], len(texts)
            )
    probabilities = np.zeros((len(texts), len(MOODS)))
    probabilities[:, present] = _softmax(logits)
    return probabilities


def explain(
    parameters: Parameters, text: VideoText, code: int
) -> list[TermContribution]:
    """Name the words and phrases that pushed a mood, the strongest first.

    Parameters
    ----------
    parameters : dict of arrays
        As `fit` returns them.
    text : VideoText
    code : int
        The mood, 0 to 5.

    Returns
    -------
    list of TermContribution
        In the text's own spelling. Weights are exact shares of the logit above its
        mean over the moods; only those above 0. Empty for a mood not learned.
    """
    learned = np.flatnonzero(parameters["moods"] == code)
    terms = _contributions(parameters, text)
    if not (len(learned) and terms):
        return []
    logits = np.array([logits for _, logits in terms])
    shares = logits[:, learned[0]] - logits.mean(axis=1)
    spelled: dict[str, str] = {}
    pushed: defaultdict[str, float] = defaultdict(float)
    for (phrase, _), share in zip(terms, shares.tolist(), strict=True):
        pushed[phrase.lower()] += share
        spelled.setdefault(phrase.lower(), phrase)
    return strongest(
        TermContribution(spelled[key], weight) for key, weight in pushed.items()
    )


def _read_rows(
    videos: Sequence[VideoWords], targets: Codes, moods: Codes
) -> TrainingRows:
    scores = score_by_lexicon(read_lexicon(), videos)
    words = {name: [video.block(name) for video in videos] for name in BLOCKS}
    scores = scores._replace(prior=scores.prior[:, moods])
    return TrainingRows(words, scores, targets)


def _learn_words(videos: list[list[str]]) -> Vocabulary:
    n_having = Counter(word for words in videos for word in set(words))
    known = sorted(n_having)
    counts = np.array([*(n_having[word] for word in known), 0], dtype=np.float64)
    columns = {word: column for column, word in enumerate(known)}
    return Vocabulary(columns, inverse_document_frequency(counts, len(videos)))


def _features(rows: TrainingRows, vocabularies: dict[str, Vocabulary]) -> "csr_matrix":
    from scipy.sparse import csr_matrix, hstack  # megabytes, for training only

    n_videos = len(rows.targets)
    blocks = []
    for name, (columns, idf) in vocabularies.items():
        entries = tf_idf(rows.words[name], columns, idf)
        positions = (entries.rows, entries.columns)
        blocks.append(csr_matrix((entries.values, positions), (n_videos, len(columns))))
    return hstack([*blocks, csr_matrix(rows.lexicon.columns)], format="csr")


def _fit_coefficients(features: "csr_matrix", rows: TrainingRows) -> Coefficients:
    """Minimise the class-balanced log-loss + |coefficients|^2 / 2C, by L-BFGS.

    scikit-learn's LogisticRegression has no prior (offset), hence these few lines.
    """
    from scipy.optimize import minimize  # as above

    n_videos, n_features = features.shape
    n_moods = rows.lexicon.prior.shape[1]
    truth = np.eye(n_moods)[rows.targets]
    counts = np.bincount(rows.targets, minlength=n_moods)
    balance = (1 / np.maximum(counts, 1))[rows.targets]
    balance *= n_videos / balance.sum()

    def loss(flat: Floats) -> tuple[float, Floats]:
        coefficients = flat[n_moods:].reshape(n_features, n_moods)
        logits = rows.lexicon.prior + features @ coefficients + flat[:n_moods]
        probabilities = _softmax(logits)
        of_truth = probabilities[np.arange(n_videos), rows.targets]
        errors = (probabilities - truth) * balance[:, None]
        slope = features.T @ errors + coefficients / C
        penalty = (coefficients**2).sum() / (2 * C)
        total = penalty - balance @ np.log(np.maximum(of_truth, 1e-300))
        return float(total), np.concatenate([errors.sum(axis=0), slope.ravel()])

    start = np.zeros(n_moods * (1 + n_features))
    options = {"maxiter": MAX_ITERATIONS, "gtol": 1e-3}
    with threadpool_limits(1):  # on arrays so small, threads wait for each other
        best = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    coefficients = best[n_moods:].reshape(n_features, n_moods)
    n_words = n_features - len(MOODS)
    return Coefficients(coefficients[:n_words], coefficients[n_words:], best[:n_moods])


def _strongest_words(
    vocabularies: dict[str, Vocabulary], weights: Floats
) -> Parameters:
    """Keep the words with the largest weights; the others count as unknown ones do."""
    sizes = np.linalg.norm(weights, axis=1)
    n_words = len(sizes)
    least = 0.0
    if n_words > MAX_WORDS:
        least = np.partition(sizes, n_words - MAX_WORDS)[-MAX_WORDS]
    parameters: Parameters = {}
    start = 0
    for name, (columns, idf) in vocabularies.items():
        end = start + len(columns)
        kept = np.flatnonzero(sizes[start:end] >= least)
        words = list(columns)
        parameters |= {
            f"{name} words": _pack_words([words[i] for i in kept]),
            f"{name} idf": idf[[*kept, -1]].astype(np.float32),
            f"{name} weights": weights[start:end][kept].astype(np.float32),
        }
        start = end
    return parameters


def _softmax(logits: Floats) -> Floats:
    """Turn logits into probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _pack_words(words: Sequence[str]) -> np.ndarray:
    """Turn words into an array of bytes, as `Parameters` hold them."""
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), np.uint8)


def _columns(parameters: Parameters, block: str) -> dict[str, int]:
    return _unpack_words(parameters[f"{block} words"].tobytes())


@lru_cache(maxsize=4)
def _unpack_words(packed: bytes) -> dict[str, int]:
    words = packed.decode("utf-8", "surrogatepass").split("\n") if packed else []
    return {word: column for column, word in enumerate(words)}


def _contributions(parameters: Parameters, text: VideoText) -> list[tuple[str, Floats]]:
    """Each word and phrase as it is spelled, with what it adds to each logit."""
    terms = []
    words = read_words(text)
    for name, written in zip(BLOCKS, (text.title, text.description), strict=True):
        columns = _columns(parameters, name)
        entries = tf_idf([words.block(name)], columns, parameters[f"{name} idf"])
        logits = (
            entries.values[:, None] * parameters[f"{name} weights"][entries.columns]
        )
        logits_of = dict(zip(entries.columns.tolist(), logits, strict=True))
        spelling = {w.folded: (w.start, w.end) for w in split_words(written)}
        for word, (start, end) in spelling.items():
            column = columns.get(word)
            if column in logits_of:
                terms.append((written[start:end], logits_of[column]))
    return terms + _lexicon_contributions(parameters, text)


def _lexicon_contributions(
    parameters: Parameters, text: VideoText
) -> list[tuple[str, Floats]]:
    """The phrases of the lexicon; a square root is shared out over its summands."""
    lexicon, present = read_lexicon(), parameters["moods"]
    title = _phrases(lexicon, text.title)
    points = np.sum([weights for _, weights in title], axis=0)
    roots = np.sqrt(np.where(points > 0, points, 1))
    terms = [
        (
            spelled,
            TITLE_WEIGHT * weights[present]
            + (weights / roots) @ parameters["lexicon weights"],
        )
        for spelled, weights in title
    ]
    description = _phrases(lexicon, text.description[:DESCRIPTION_CHARS])
    total = np.sum([weights for _, weights in description])
    return terms + [
        (spelled, DESCRIPTION_WEIGHT * weights[present] / total)
        for spelled, weights in description
    ]


def _phrases(lexicon: Lexicon, written: str) -> list[tuple[str, Floats]]:
    words = split_words(written)
    hits = {hit.phrase: hit for hit in lexicon.find([word.folded for word in words])}
    return [
        (
            written[words[hit.first].start : words[hit.last - 1].end],
            lexicon.weights[hit.phrase],
        )
        for hit in hits.values()
    ]


RECIPE = Recipe(
    name="lexicon-tfidf",
    summary="A hand-made lexicon of genres, instruments, themes and artists as prior "
    "and six columns, TF-IDF of the words of title and description, class-balanced "
    "multinomial logistic regression.",
    min_rows=5,
    has_words=lambda text: any(read_words(text)),
    fit=fit,
    predict_proba=predict_proba,
    explain=explain,
)
