"""A blend of two algorithms: alternating least squares and shared listeners.

One knows what goes with what at a distance, the other who shares whom exactly; their
mistakes differ, so that both together rank better than either.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from ml.recommend.algorithms import als
from ml.recommend.algorithms.factors import closeness, closest
from ml.recommend.algorithms.item_knn import COSINE, cosine_matrix
from ml.recommend.arrays import Floats32, Ints
from ml.recommend.interface import Algorithm, Arrays, Neighbours, Run, Settings

STEPS = 100  # of progress, for each of the two


def _fit(likes: Any, settings: Settings, run: Run) -> Arrays:
    arrays: Arrays = {"weight": np.array(settings["cosine_weight"], np.float32)}
    for place, part in enumerate((als.ALGORITHM, COSINE)):
        own = {key: settings[key] for key in part.settings}
        fitted = part.fit(likes, own, _part_of(run, place))
        arrays |= {f"{part.name}_{key}": array for key, array in fitted.items()}
    return arrays


def _part_of(run: Run, place: int) -> Run:
    def progress(done: int, of: int) -> None:
        run.report(STEPS * place + STEPS * done // of, 2 * STEPS)

    return replace(run, progress=progress)


def _of(name: str, arrays: Arrays) -> Arrays:
    start = f"{name}_"
    return {k.removeprefix(start): a for k, a in arrays.items() if k.startswith(start)}


def _score(arrays: Arrays, profiles: Any, users: Ints | None) -> Floats32:
    scores = _standardise(als.score(_of("als", arrays), profiles, users))
    others = _standardise(COSINE.score(_of("cosine", arrays), profiles, users))
    others *= arrays["weight"]
    scores += others
    return scores


def _standardise(scores: Floats32) -> Floats32:
    """Bring each row to mean 0 and standard deviation 1; where all is equal, to 0."""
    scores = scores - scores.mean(axis=1, keepdims=True)
    deviations = scores.std(axis=1, keepdims=True)
    scores /= np.where(deviations > 0, deviations, 1)
    return scores


def _neighbours(arrays: Arrays, items: Ints, n: int) -> Neighbours:
    """Return the closest by the mean of both closenesses."""
    cosines = closeness(_of("als", arrays), items)
    cosines += cosine_matrix(_of("cosine", arrays))[items].toarray()
    cosines /= 2
    return closest(cosines, n)


def _affinities(arrays: Arrays, items: Ints, known: Ints) -> Floats32:
    """Return what shared listeners say: that is what can be shown to people."""
    return COSINE.affinities(_of("cosine", arrays), items, known)


ALGORITHM = Algorithm(
    name="blend",
    summary="Alternating least squares and shared listeners, together.",
    settings={
        **als.ALGORITHM.settings,
        **COSINE.settings,
        "cosine_weight": 0.25,
    },
    bounds={**als.ALGORITHM.bounds, **COSINE.bounds, "cosine_weight": (0, 100)},
    closeness_is="the mean of the cosines of the two items' listeners and places",
    fit=_fit,
    score=_score,
    neighbours=_neighbours,
    affinities=_affinities,
)
