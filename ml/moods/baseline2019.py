"""The recipe of 2019, the baseline: hashed words, one logistic model for each mood.

Imported only when its recipe is asked for: it takes scikit-learn and nltk with it.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from nltk.tokenize.casual import EMOTICONS
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn import config_context
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from ml.moods.recipe import (
    MOODS,
    Codes,
    Floats,
    Parameters,
    Recipe,
    TermContribution,
    strongest,
)
from ml.moods.text import STOP_WORDS, VideoText

# A tag starts with a letter, "/" or "!": "<3" stays. "[^<>]" instead of "[^>]" keeps
# the search linear in a text of nothing but "<".
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")

# nltk's emoticons where they stand alone (glued to a word, "https:/" and "Download:"
# would be two), and the round faces of the 2019 recipe anywhere.
_EMOTICON = re.compile(rf"(?<!\S){EMOTICONS}(?!\S)|[:;=]-?[()]", re.VERBOSE)

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Clean a text as the 2019 recipe did and split it into words.

    HTML tags go, emoticons are kept without their nose, the rest is lower-cased and
    split at everything that is not a letter, a digit or an underscore; English stop
    words are dropped.

    Parameters
    ----------
    text : str
        Any length, any characters: NUL and lone surrogates separate words. The time
        is linear in the length.

    Returns
    -------
    list of str
        Words in the order of the text, then emoticons in theirs (``":)"``, ``":d"``).
        Empty when nothing is left. Every word can be encoded as UTF-8.

    Notes
    -----
    Source: the tokenizer of ``third_pass_training.ipynb`` in
    github.com/labs12-music-stream-selector/DS (MIT). It differs in three points, each
    a defect there: a tag separates words instead of joining them, ``<3`` is not taken
    for a tag, and ``:D`` is found although the text is lower-cased. Emoticons are
    those of nltk (``nltk.tokenize.casual``); see `STOP_WORDS_FILE` for the stop words.

    Examples
    --------
    >>> words("This is <b>the</b> Happy song :-)")
    ['happy', 'song', ':)']
    """
    if "<" in text:
        text = _TAG.sub(" ", text)
    cleaned = [word for word in _WORD.findall(text.lower()) if word not in STOP_WORDS]
    for match in _EMOTICON.finditer(text):
        cleaned.append(match.group().replace("-", "").lower())
    return cleaned


N_FEATURES = 2**21
N_FOLDS = 5
C_GRID = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)

_hasher = HashingVectorizer(n_features=N_FEATURES, analyzer=words)


def featurize(texts: Sequence[VideoText]) -> csr_matrix:
    """Hash the cleaned words of each description.

    Parameters
    ----------
    texts : sequence of VideoText, length n_videos
        May be empty, as may any description in it.

    Returns
    -------
    csr_matrix of float64, shape (n_videos, 2**21)
        Rows have Euclidean length 1, or 0 for a description without words.
    """
    if not texts:
        return csr_matrix((0, N_FEATURES))
    return _hasher.transform(text.description for text in texts)


def fit(texts: Sequence[VideoText], codes: Codes, seed: int) -> Parameters:
    """Fit one logistic model per mood; C is chosen by 5-fold cross-validation.

    Only columns in which some video has a word are fitted and stored: in all others
    the regularised optimum is exactly 0, so predictions are those of the full matrix
    at 1/100 of its size.

    Parameters
    ----------
    texts : sequence of VideoText, length n_videos
        At least one word in their descriptions.
    codes : int array, shape (n_videos,)
        Mood of each row, 0 to 5; two moods or more, 5 rows or more of each.
    seed : int
        Of the shuffle into folds.

    Returns
    -------
    dict of arrays
        ``columns`` int32 (n_active,) ascending; ``moods`` int64 (n_present,), the
        codes that occur; ``coefficients`` float64 (n_active, n_present);
        ``intercepts`` float64 (n_present,); ``c`` float64 (), the chosen C.
    """
    features = featurize(texts)
    columns = np.unique(features.indices)
    active = features[:, columns]
    c = choose_c(active, codes, seed)
    coefficients, intercepts = fit_one_vs_rest(active, codes, c)
    return {
        "columns": columns.astype(np.int32),
        "moods": np.unique(codes),
        "coefficients": coefficients,
        "intercepts": intercepts,
        "c": np.array(c),
    }


def choose_c(features: csr_matrix, codes: Codes, seed: int) -> float:
    """Return the C of `C_GRID` with the best 5-fold accuracy, the smallest of equals."""
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed)
    accuracy = np.zeros(len(C_GRID))
    for train, test in folds.split(features, codes):
        moods = np.unique(codes[train])
        for i, c in enumerate(C_GRID):
            coefficients, intercepts = fit_one_vs_rest(features[train], codes[train], c)
            best = np.argmax(features[test] @ coefficients + intercepts, axis=1)
            accuracy[i] += np.mean(moods[best] == codes[test])
    return C_GRID[int(np.argmax(accuracy))]


def fit_one_vs_rest(
    features: csr_matrix, codes: Codes, c: float
) -> tuple[Floats, Floats]:
    """Fit a logistic model for each mood that occurs against all others.

    Returns
    -------
    coefficients : float64 array, shape (n_features, n_present)
        Columns in ascending order of code.
    intercepts : float64 array, shape (n_present,)
    """
    # An evaluation fits some ten thousand small ones: checks would take half its time.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        fitted = [
            LogisticRegression(C=c, solver="liblinear").fit(features, codes == mood)
            for mood in np.unique(codes)
        ]
    coefficients = np.vstack([model.coef_ for model in fitted]).T
    return np.ascontiguousarray(coefficients), np.hstack([m.intercept_ for m in fitted])


def predict_proba(parameters: Parameters, texts: Sequence[VideoText]) -> Floats:
    """Give each mood's share of the six one-vs-rest probabilities.

    Parameters
    ----------
    parameters : dict of arrays
        As `fit` returns them.
    texts : sequence of VideoText, length n_videos
        May be empty.

    Returns
    -------
    float64 array, shape (n_videos, 6)
        0 to 1, rows sum to 1. A video without known words gets the same probabilities
        as any other such video.
    """
    active = featurize(texts)[:, parameters["columns"]]
    positive = expit(active @ parameters["coefficients"] + parameters["intercepts"])
    probabilities = np.zeros((len(texts), len(MOODS)))
    probabilities[:, parameters["moods"]] = positive
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return probabilities


def explain(
    parameters: Parameters, text: VideoText, code: int
) -> list[TermContribution]:
    """Name the words of the description that pushed a mood, the strongest first.

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
        Lower-case, as the recipe reads them; empty for a mood that was not learned.
    """
    learned = np.flatnonzero(parameters["moods"] == code)
    counts = Counter(words(text.description))
    if not len(learned) or not counts:
        return []
    weights = parameters["coefficients"]
    above_mean = weights[:, learned[0]] - weights.mean(axis=1)
    single = [VideoText(description=word) for word in counts]
    each = featurize(single)[:, parameters["columns"]] @ above_mean
    each *= list(counts.values())
    each /= np.sqrt(sum(count**2 for count in counts.values()))
    return strongest(map(TermContribution, counts, each.tolist()))


RECIPE = Recipe(
    name="seed2019",
    summary="Hashed words of the description (2**21 columns), one-vs-rest logistic "
    "regression, C by 5-fold cross-validation.",
    min_rows=N_FOLDS,
    has_words=lambda text: bool(words(text.description)),
    fit=fit,
    predict_proba=predict_proba,
    explain=explain,
)
