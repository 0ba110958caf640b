"""The default recipe: what a lexicon says of a video, corrected by its own words.

A multinomial logistic model over the words of title and description and six columns of
the lexicon, whose say is also the prior. Linear, so that it can tell exactly why.
Predicting is plain numpy; fitting, in `ml.moods.lexicon_tfidf_fit`, needs SciPy.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from ml.moods.lexicon import Lexicon, read_lexicon, split_words
from ml.moods.predict import MOODS
from ml.moods.recipe import Codes, Floats, Parameters, Reason, Recipe
from ml.moods.terms import (
    BLOCKS,
    DESCRIPTION_READ,
    DESCRIPTION_SAYS,
    TITLE_SAYS,
    ask_lexicon,
    read_words,
    tf_idf,
)
from ml.moods.text import VideoText


def fit(texts: Sequence[VideoText], codes: Codes, seed: int) -> Parameters:
    """Fit the model; see `ml.moods.lexicon_tfidf_fit.fit`, which this imports when called."""
    from ml.moods import lexicon_tfidf_fit  # SciPy: megabytes for training only

    return lexicon_tfidf_fit.fit(texts, codes, seed)


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
    said = ask_lexicon(read_lexicon(), videos)
    logits = said.prior[:, present] + parameters["intercepts"]
    logits += said.columns @ parameters["lexicon weights"]
    for name in BLOCKS:
        words = [video.block(name) for video in videos]
        entries = tf_idf(words, _columns(parameters, name), parameters[f"{name} idf"])
        weights = parameters[f"{name} weights"][entries.columns]
        for column in range(len(present)):
            logits[:, column] += np.bincount(
                entries.rows, entries.values * weights[:, column], len(texts)
            )
    probabilities = np.zeros((len(texts), len(MOODS)))
    probabilities[:, present] = softmax(logits)
    return probabilities


def explain(parameters: Parameters, text: VideoText, code: int) -> list[Reason]:
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
    list of Reason
        In the text's own spelling. Weights are exact shares of the logit above its
        mean over the moods; only those above 0. Empty for a mood not learned.
    """
    place = np.flatnonzero(parameters["moods"] == code)
    found = _contributions(parameters, text)
    if not (len(place) and found):
        return []
    logits = np.array([logits for _, logits in found])
    shares = logits[:, place[0]] - logits.mean(axis=1)
    spelled: dict[str, str] = {}
    pushed: defaultdict[str, float] = defaultdict(float)
    for (phrase, _), share in zip(found, shares.tolist(), strict=True):
        pushed[phrase.lower()] += share
        spelled.setdefault(phrase.lower(), phrase)
    reasons = [Reason(spelled[key], weight) for key, weight in pushed.items()]
    return sorted((r for r in reasons if r.weight > 0), key=lambda r: -r.weight)


def softmax(logits: Floats) -> Floats:
    """Turn logits into probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def pack_words(words: Sequence[str]) -> np.ndarray:
    """Turn words into an array of bytes, as `Parameters` hold them."""
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), np.uint8)


def _columns(parameters: Parameters, block: str) -> dict[str, int]:
    return _unpacked(parameters[f"{block} words"].tobytes())


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> dict[str, int]:
    words = packed.decode("utf-8", "surrogatepass").split("\n") if packed else []
    return {word: column for column, word in enumerate(words)}


def _contributions(parameters: Parameters, text: VideoText) -> list[tuple[str, Floats]]:
    """Each word and phrase as it is spelled, with what it adds to each logit."""
    found = []
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
                found.append((written[start:end], logits_of[column]))
    return found + _said(parameters, text)


def _said(parameters: Parameters, text: VideoText) -> list[tuple[str, Floats]]:
    """The phrases of the lexicon; a square root is shared out over its summands."""
    lexicon, present = read_lexicon(), parameters["moods"]
    title = _phrases(lexicon, text.title)
    points = np.sum([weights for _, weights in title], axis=0)
    roots = np.sqrt(np.where(points > 0, points, 1))
    found = [
        (
            spelled,
            TITLE_SAYS * weights[present]
            + (weights / roots) @ parameters["lexicon weights"],
        )
        for spelled, weights in title
    ]
    description = _phrases(lexicon, text.description[:DESCRIPTION_READ])
    total = np.sum([weights for _, weights in description])
    return found + [
        (spelled, DESCRIPTION_SAYS * weights[present] / total)
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
