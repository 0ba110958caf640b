"""The six moods, and the interface behind which a recipe for mood models stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ml.moods.text import VideoText

MOODS = ("ANGRY", "CHILL", "CONFIDENT-SASSY", "HAPPY", "IN-LOVE", "SAD")

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Parameters: TypeAlias = dict[str, NDArray[Any]]


class TermContribution(NamedTuple):
    """A word or phrase that pushed a mood, spelled as the video spells it."""

    phrase: str
    weight: float  # log-odds that it adds to the mood, beside the mean of the six


@dataclass(frozen=True)
class Recipe:
    """How a model is fitted, how it predicts and how it explains itself.

    A fitted model is nothing but `Parameters`, arrays by name; so any recipe's models
    are stored, compared and loaded the same way.

    Attributes
    ----------
    name : str
        Stored with each model; never reused for a recipe that predicts otherwise.
    summary : str
        One sentence for people.
    min_rows : int
        Rows that each mood needs before the recipe can learn it.
    has_words : callable
        Whether a VideoText holds anything that the recipe reads.
    fit : callable
        Texts, length n_videos, codes (n_videos,) and a seed to `Parameters`. Codes are
        positions in `MOODS`. Choices, such as C, are made inside, on folds of these
        rows. The same input gives the same parameters.
    predict_proba : callable
        Parameters and texts to float64 (n_videos, n_moods); rows sum to 1, a mood
        that was absent from training has probability 0.
    explain : callable
        Parameters, a VideoText and a code to contributions, the strongest first: what
        in this text pushed that mood; empty where nothing did.
    """

    name: str
    summary: str
    min_rows: int
    has_words: Callable[[VideoText], bool]
    fit: Callable[[Sequence[VideoText], Codes, int], Parameters]
    predict_proba: Callable[[Parameters, Sequence[VideoText]], Floats]
    explain: Callable[[Parameters, VideoText, int], list[TermContribution]]


def strongest(terms: Iterable[TermContribution]) -> list[TermContribution]:
    """Return the contributions above 0, the largest first."""
    return sorted((t for t in terms if t.weight > 0), key=lambda t: -t.weight)
