"""How good a recipe is on labelled videos, beside the majority class.

Protocol: labelled rows only; five folds, five shuffles (seeds 0 to 4). The primary
folds keep near-duplicates together (StratifiedGroupKFold), the secondary ones do not
(StratifiedKFold). A recipe makes its choices, such as C, on the training part alone.
Each shuffle is scored over all its rows, every one predicted once; scores are means
over the shuffles.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from ml.groups import find_groups
from ml.moods import DEFAULT_RECIPE, MOODS, find_recipe
from ml.recipe import Codes, Floats, Recipe
from ml.text import VideoText
from ml.training import LengthMismatch, TrainingError, check_trainable, encode_moods

N_FOLDS = 5
SEEDS = (0, 1, 2, 3, 4)
N_BINS = 10

_HEADER = (
    f"{'folds':<12}{'model':<12}{'accuracy':>9}{'macro-F1':>9}{'top-2':>7}"
    f"{'log-loss':>9}{'cal. err.':>10}"
)

Fold = tuple[Codes, Codes]


class GroupLeak(ValueError):
    """A fold has one near-duplicate group in both its training and its test part."""


class TooFewGroups(TrainingError):
    """There are fewer near-duplicate groups than folds. Label more varied videos."""


@dataclass(frozen=True)
class Scores:
    """How well probabilities fit the labels; all but `log_loss` from 0 to 1."""

    accuracy: float
    macro_f1: float  # mean over the moods that occur
    top2: float  # share of videos whose mood is among the two likeliest
    log_loss: float  # nats; smaller is better
    calibration_error: float  # expected, ten equal bins; smaller is better
    f1: dict[str, float]  # per mood that occurs


@dataclass(frozen=True)
class ProtocolResult:
    """One protocol: the recipe beside the majority class, in the same folds."""

    folds: str
    recipe: Scores
    majority: Scores
    accuracy_sd: float  # standard deviation over the shuffles
    macro_f1_sd: float


@dataclass(frozen=True)
class Evaluation:
    """A recipe judged by both protocols."""

    recipe: str
    n_videos: int
    n_groups: int
    seeds: tuple[int, ...]
    grouped: ProtocolResult  # primary
    stratified: ProtocolResult

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as JSON-able values."""
        return asdict(self) | {"seeds": list(self.seeds)}


def evaluate(
    texts: Sequence[VideoText],
    moods: Sequence[str],
    groups: Sequence[int] | Codes | None = None,
    *,
    recipe: str = DEFAULT_RECIPE,
    seeds: Sequence[int] = SEEDS,
    n_jobs: int = 1,
) -> Evaluation:
    """Judge a recipe on labelled videos by both protocols.

    Parameters
    ----------
    texts : sequence of VideoText, length n_videos
        Of videos that a person labelled, and of no others.
    moods : sequence of str, length n_videos
        Each one of `ml.moods.MOODS`.
    groups : sequence of int, length n_videos, optional
        Near-duplicate group of each video; `ml.groups.find_groups` unless given.
    recipe : str
        A key of `ml.moods.RECIPES`.
    seeds : sequence of int
        One shuffle each. Same rows and seeds: same result, whatever `n_jobs`.
    n_jobs : int
        Shuffles judged at the same time, each in its process.

    Returns
    -------
    Evaluation

    Raises
    ------
    TrainingError
        As `ml.training.train`; TooFewGroups if there are fewer than five groups.
    """
    chosen = find_recipe(recipe)
    codes = encode_moods(texts, moods)
    check_trainable(chosen, texts, codes, min_rows=N_FOLDS)
    known = np.asarray(find_groups(texts) if groups is None else groups)
    if len(known) != len(texts):
        raise LengthMismatch(f"{len(texts)} texts, but {len(known)} groups")
    n_groups = len(np.unique(known))
    if n_groups < N_FOLDS:
        raise TooFewGroups(f"{n_groups} near-duplicate groups, {N_FOLDS} are needed")
    runs = Parallel(n_jobs=n_jobs)(
        delayed(_run)(recipe, texts, codes, known, seed=seed, together=together)
        for together in (True, False)
        for seed in seeds
    )
    return Evaluation(
        recipe=recipe,
        n_videos=len(texts),
        n_groups=n_groups,
        seeds=tuple(seeds),
        grouped=_summary("grouped", runs[: len(seeds)]),
        stratified=_summary("stratified", runs[len(seeds) :]),
    )


def cross_validate(
    recipe: Recipe,
    texts: Sequence[VideoText],
    codes: Codes,
    groups: Codes,
    folds: Iterable[Fold],
    *,
    seed: int,
    together: bool,
) -> tuple[Floats, Floats]:
    """Predict each row by a model that has not seen it.

    A mood with too few rows in a training part is not learned there and gets
    probability 0. Where no two moods can be learned, or no part of the text, the
    recipe says what the majority class says.

    Parameters
    ----------
    recipe : Recipe
    texts : sequence of VideoText, length n_videos
    codes : int array, shape (n_videos,)
    groups : int array, shape (n_videos,)
        Near-duplicate groups, for the recipe's own folds.
    folds : iterable of (train, test), int arrays of positions
        Their test parts cover every row once.
    seed : int
        Of the recipe's own choices.
    together : bool
        No fold may split a group.

    Returns
    -------
    recipe, majority : float64 arrays, shape (n_videos, 6)
        Probabilities by the recipe, and the moods' shares in the training part.

    Raises
    ------
    GroupLeak
        If a group is on both sides of a fold.
    """
    predicted = np.zeros((len(codes), len(MOODS)))
    majority = np.zeros_like(predicted)
    for train, test in folds:
        if together:
            refuse_leak(groups[train], groups[test])
        counts = np.bincount(codes[train], minlength=len(MOODS))
        majority[test] = counts / counts.sum()
        train = train[counts[codes[train]] >= recipe.min_rows]
        seen = [texts[i] for i in train]
        try:
            check_trainable(recipe, seen, codes[train])
        except TrainingError:
            predicted[test] = majority[test]
            continue
        parameters = recipe.fit(seen, codes[train], groups[train], seed)
        unseen = [texts[i] for i in test]
        predicted[test] = recipe.predict_proba(parameters, unseen)
    return predicted, majority


def refuse_leak(train_groups: Codes, test_groups: Codes) -> None:
    """Raise GroupLeak if a group is on both sides."""
    shared = np.intersect1d(train_groups, test_groups)
    if len(shared):
        raise GroupLeak(f"group {shared[0]} is in the training and the test part")


def score(codes: Codes, probabilities: Floats) -> Scores:
    """Compare probabilities with labels.

    Parameters
    ----------
    codes : int array, shape (n_videos,), not empty
        True moods, positions in `ml.moods.MOODS`.
    probabilities : float64 array, shape (n_videos, 6)
        Rows sum to 1.

    Returns
    -------
    Scores
        The calibration error is that of Naeini et al., "Obtaining Well Calibrated
        Probabilities Using Bayesian Binning", 2015, of the likeliest mood.
    """
    best = probabilities.argmax(axis=1)
    present = np.unique(codes)
    f1 = f1_score(codes, best, labels=present, average=None, zero_division=0)
    of_truth = probabilities[np.arange(len(codes)), codes]
    top2 = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
    return Scores(
        accuracy=float(np.mean(best == codes)),
        macro_f1=float(np.mean(f1)),
        top2=float(np.mean((top2 == codes[:, None]).any(axis=1))),
        log_loss=float(-np.mean(np.log(np.maximum(of_truth, 1e-15)))),
        calibration_error=_calibration_error(probabilities.max(axis=1), best == codes),
        f1={MOODS[code]: float(f) for code, f in zip(present, f1, strict=True)},
    )


def format_table(evaluation: Evaluation) -> str:
    """Return the evaluation as a plain-text table, the recipe beside the majority."""
    n_shuffles = len(evaluation.seeds)
    rows = f"{evaluation.n_videos} labelled videos, {evaluation.n_groups} groups"
    lines = [f"{rows}; {N_FOLDS} folds, {n_shuffles} shuffles", _HEADER]
    for result in (evaluation.grouped, evaluation.stratified):
        models = {"majority": result.majority, evaluation.recipe: result.recipe}
        for name, s in models.items():
            lines.append(
                f"{result.folds:<12}{name:<12}{s.accuracy:>9.3f}{s.macro_f1:>9.3f}"
                f"{s.top2:>7.3f}{s.log_loss:>9.3f}{s.calibration_error:>10.3f}"
            )
    return "\n".join(lines)


def _run(
    recipe: str,
    texts: Sequence[VideoText],
    codes: Codes,
    groups: Codes,
    *,
    seed: int,
    together: bool,
) -> tuple[Scores, Scores]:
    """Score the recipe and the majority class on one shuffle."""
    splitter = StratifiedGroupKFold if together else StratifiedKFold
    folds = splitter(N_FOLDS, shuffle=True, random_state=seed)
    predicted, majority = cross_validate(
        find_recipe(recipe),
        texts,
        codes,
        groups,
        folds.split(codes, codes, groups if together else None),
        seed=seed,
        together=together,
    )
    return score(codes, predicted), score(codes, majority)


def _summary(folds: str, runs: Sequence[tuple[Scores, Scores]]) -> ProtocolResult:
    recipe = [scores for scores, _ in runs]
    return ProtocolResult(
        folds=folds,
        recipe=_mean(recipe),
        majority=_mean([scores for _, scores in runs]),
        accuracy_sd=float(np.std([scores.accuracy for scores in recipe])),
        macro_f1_sd=float(np.std([scores.macro_f1 for scores in recipe])),
    )


def _mean(runs: Sequence[Scores]) -> Scores:
    return Scores(
        accuracy=float(np.mean([run.accuracy for run in runs])),
        macro_f1=float(np.mean([run.macro_f1 for run in runs])),
        top2=float(np.mean([run.top2 for run in runs])),
        log_loss=float(np.mean([run.log_loss for run in runs])),
        calibration_error=float(np.mean([run.calibration_error for run in runs])),
        f1={m: float(np.mean([run.f1[m] for run in runs])) for m in runs[0].f1},
    )


def _calibration_error(confidence: Floats, correct: Codes) -> float:
    bins = np.minimum((confidence * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(bins, weights=confidence - correct, minlength=N_BINS)
    return float(np.abs(gaps).sum() / len(confidence))
