"""The interface behind which a recipe for mood models stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.text import VideoText

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Parameters: TypeAlias = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Recipe:
    """How features are made of texts, how a model is fitted, how it predicts.

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
    featurize : callable
        Texts, length n_videos, to a csr_matrix (n_videos, n_features) of float64. Must
        not learn from the texts: evaluation calls it once for all folds.
    fit : callable
        Features, codes (n_videos,) and a seed to `Parameters`. Codes are positions in
        ``ml.moods.MOODS``. The same input gives the same parameters.
    predict_proba : callable
        Parameters and features to float64 (n_videos, n_moods); rows sum to 1, a mood
        that was absent from training has probability 0.
    """

    name: str
    summary: str
    min_rows: int
    featurize: Callable[[Sequence[VideoText]], csr_matrix]
    fit: Callable[[csr_matrix, Codes, int], Parameters]
    predict_proba: Callable[[Parameters, csr_matrix], Floats]
