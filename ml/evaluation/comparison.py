"""Is one recipe better than another, or was it chance? A paired cluster bootstrap."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ml.bootstrap import interval
from ml.moods.recipe import MOODS, Codes, Floats

N_RESAMPLES = 2000
_COUNTS = 3  # per mood: hits, named, true


class Resampled(NamedTuple):
    """Means over the shuffles in each resample, both of shape (n_resamples,)."""

    macro_f1: Floats
    accuracy: Floats


@dataclass(frozen=True)
class Difference:
    """By how much a recipe is better; its 95 % interval."""

    difference: float
    low: float
    high: float
    p_better: float  # share of the resamples in which it is


@dataclass(frozen=True)
class Comparison:
    """One recipe against another on the same folds of the same rows."""

    macro_f1: Difference
    accuracy: Difference
    n_resamples: int
    n_groups: int

    @property
    def better(self) -> bool:
        """Whether the interval of the macro-F1's difference lies above 0."""
        return self.macro_f1.low > 0

    @property
    def worse(self) -> bool:
        """Whether that interval lies below 0."""
        return self.macro_f1.high < 0


class Bootstrap:
    """Resamples whole near-duplicate groups; the same resamples for every model.

    Source: Field and Welsh, "Bootstrapping clustered data", 2007, and Koehn,
    "Statistical Significance Tests for Machine Translation Evaluation", 2004, for the
    pairing. What varies is which groups were labelled; the models are not refitted.

    Parameters
    ----------
    codes : int array, shape (n_videos,)
        True moods.
    groups : int array, shape (n_videos,)
        Near-duplicate groups.
    n_resamples : int
    seed : int
    """

    def __init__(
        self,
        codes: Codes,
        groups: Codes,
        *,
        n_resamples: int = N_RESAMPLES,
        seed: int = 0,
    ) -> None:
        self.codes = codes
        self.n_resamples = n_resamples
        self.group_of = np.unique(groups, return_inverse=True)[1]
        self.n_groups = int(self.group_of.max()) + 1
        share = np.full(self.n_groups, 1 / self.n_groups)
        draw = np.random.default_rng(seed).multinomial
        self.times = draw(self.n_groups, share, size=n_resamples)

    def figures(self, best: Codes) -> Resampled:
        """Score each resample.

        Parameters
        ----------
        best : int array, shape (n_shuffles, n_videos)
            The mood that was named, once in each shuffle.

        Returns
        -------
        Resampled
        """
        return _figures(self.times @ self._counts(best), len(best))

    def all_rows(self, best: Codes) -> Resampled:
        """Score the rows as they are; one element each."""
        return _figures(self._counts(best).sum(axis=0, keepdims=True), len(best))

    def _counts(self, best: Codes) -> Codes:
        """Hits, named and true per mood, shuffle and group."""
        of_mood = np.arange(len(MOODS))
        named = best.T[:, :, None] == of_mood  # (n_videos, n_shuffles, n_moods)
        true = np.broadcast_to(self.codes[:, None, None] == of_mood, named.shape)
        rows = np.stack([named & true, named, true], axis=2).astype(np.int64)
        counts = np.zeros((self.n_groups, rows[0].size), np.int64)
        np.add.at(counts, self.group_of, rows.reshape(len(best.T), -1))
        return counts


def compare(bootstrap: Bootstrap, ours: Floats, theirs: Floats) -> Comparison:
    """Compare the held-out predictions of two recipes.

    Parameters
    ----------
    bootstrap : Bootstrap
        Over the groups of the rows.
    ours, theirs : float64 arrays, shape (n_shuffles, n_videos, 6)
        Probabilities from the same folds, as `ml.evaluation.evaluate.Evaluation` holds them.

    Returns
    -------
    Comparison
        Above 0 is in favour of `ours`.
    """
    best, other = ours.argmax(axis=2), theirs.argmax(axis=2)
    resampled = bootstrap.figures(best), bootstrap.figures(other)
    as_is = bootstrap.all_rows(best), bootstrap.all_rows(other)
    return Comparison(
        macro_f1=_difference(
            as_is[0].macro_f1 - as_is[1].macro_f1,
            resampled[0].macro_f1 - resampled[1].macro_f1,
        ),
        accuracy=_difference(
            as_is[0].accuracy - as_is[1].accuracy,
            resampled[0].accuracy - resampled[1].accuracy,
        ),
        n_resamples=bootstrap.n_resamples,
        n_groups=bootstrap.n_groups,
    )


def _difference(as_is: Floats, resampled: Floats) -> Difference:
    tails = interval(resampled)
    p_better = np.mean(resampled > 0) + np.mean(resampled == 0) / 2
    return Difference(float(as_is[0]), tails.low, tails.high, float(p_better))


def _figures(counts: Codes, n_shuffles: int) -> Resampled:
    shaped = counts.reshape(len(counts), n_shuffles, _COUNTS, len(MOODS))
    hits, named, true = np.moveaxis(shaped, 2, 0)
    f1 = np.divide(2 * hits, named + true, out=np.zeros(hits.shape), where=true > 0)
    macro_f1 = f1.sum(axis=2) / (true > 0).sum(axis=2)
    accuracy = hits.sum(axis=2) / true.sum(axis=2)
    return Resampled(macro_f1.mean(axis=1), accuracy.mean(axis=1))
