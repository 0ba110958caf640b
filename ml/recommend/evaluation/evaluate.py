"""Metrics of a recommender on held-out likes, beside those of popularity."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from ml.recommend.algorithms.registry import BASELINE
from ml.recommend.data.pairs import row_of
from ml.recommend.evaluation.ranking import FIGURES, Ranking, rank_one
from ml.recommend.evaluation.splitting import Split
from ml.recommend.interface import Run
from ml.recommend.model import Model, fit_model

BATCH_SIZE = 128  # users whose scores are in memory at a time
MAX_USERS = 5000  # with more the metrics are no more precise, only slower


@dataclass(frozen=True)
class RankingEvaluation:
    """The figures of an algorithm and of popularity on the same split."""

    algorithm: str
    settings: dict[str, float | str]
    ranking: Ranking
    baseline: Ranking  # popularity
    split: str
    split_seed: int | None
    seed: int
    n_train: int  # likes
    n_test: int

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as JSON-able values."""
        return asdict(self)


def evaluate(
    name: str,
    split: Split,
    settings: Mapping[str, float | str] | None = None,
    *,
    run: Run = Run(),  # noqa: B008 - frozen
    max_users: int = MAX_USERS,
) -> RankingEvaluation:
    """Fit an algorithm to one part of a table and judge it on the other.

    Parameters
    ----------
    name : str
        A key of `ml.recommend.algorithms.registry.ALGORITHMS`.
    split : Split
    settings : mapping, optional
        As `fit_model` takes them.
    run : Run
        Its seed is that of the fit.
    max_users : int
        Of more, so many are judged, drawn by the split's seed.

    Returns
    -------
    RankingEvaluation

    Raises
    ------
    What `fit_model` raises.
    """
    model = fit_model(name, split.train, settings, run=run)
    baseline = fit_model(BASELINE, split.train, run=replace(run, progress=None))
    return RankingEvaluation(
        algorithm=name,
        settings=dict(model.settings),
        ranking=judge(model, split, max_users=max_users),
        baseline=judge(baseline, split, max_users=max_users),
        split=split.how,
        split_seed=split.seed,
        seed=run.seed,
        n_train=int(split.train.likes.nnz),
        n_test=int(split.test.nnz),
    )


def judge(model: Model, split: Split, *, max_users: int = MAX_USERS) -> Ranking:
    """Judge a model on the likes that were held out from it.

    Parameters
    ----------
    model : Model
        Fitted to ``split.train``.
    split : Split
    max_users : int

    Returns
    -------
    Ranking
        What users of the training part know is neither recommended nor counted.
    """
    users = np.flatnonzero(np.diff(split.test.indptr)).astype(np.int32)
    if len(users) > max_users:
        rng = np.random.default_rng(split.seed)
        users = np.sort(rng.choice(users, max_users, replace=False))
    figures, recommended = [], np.zeros(split.test.shape[1], bool)
    for start in range(0, len(users), BATCH_SIZE):
        batch = users[start : start + BATCH_SIZE]
        scores = model.algorithm.score(model.arrays, split.train.likes[batch], batch)
        for user, of_user in zip(batch, scores, strict=True):
            known = np.union1d(*(m.indices[row_of(m, user)] for m in split.train[:2]))
            held_out = split.test.indices[row_of(split.test, user)]
            top, found = rank_one(of_user, known, held_out)
            figures.append(found)
            recommended[top] = True
    means = zip(FIGURES, np.mean(figures, axis=0).tolist(), strict=True)
    return Ranking(
        **dict(means), coverage=float(recommended.mean()), n_users=len(users)
    )
