"""A fitted recommender: similar items and recommendations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy

from ml.recommend.algorithms.registry import find_algorithm
from ml.recommend.arrays import Floats32, Ints, best
from ml.recommend.data.pairs import Listeners, Pairs, find_listeners, row_of
from ml.recommend.interface import Algorithm, Arrays, NotFinite, Run
from ml.recommend.records import MAX_REASONS, ItemContribution, Ranked, Suggestion


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted recommender.

    Attributes
    ----------
    algorithm : Algorithm
    settings : mapping
        All of the algorithm's, as they were when it was fitted.
    seed : int
    arrays : Arrays
        What the algorithm learned.
    pairs : Pairs
        What it learned from: known items and shared listeners come from there.
    stored_listeners : Listeners, optional
        Of the same pairs, if they are at hand; else found when first asked for.
    """

    algorithm: Algorithm
    settings: Mapping[str, float | str]
    seed: int
    arrays: Arrays
    pairs: Pairs

    stored_listeners: Listeners | None = None

    @cached_property
    def listeners(self) -> Listeners:
        """Who likes each item."""
        return self.stored_listeners or find_listeners(self.pairs.likes)

    def similar(self, item: int, n: int = 10) -> list[Suggestion]:
        """Name the items closest to an item.

        Parameters
        ----------
        item : int
            Its code, 0 to n_items - 1.
        n : int

        Returns
        -------
        list of Suggestion, length at most n
            The closest first. Closeness is 100 times what `Algorithm.closeness_is`
            says; items without any are left out.

        Raises
        ------
        IndexError
            If there is no such item.
        """
        self._check(item)
        asked = np.array([item], np.int32)
        found = self.algorithm.neighbours(self.arrays, asked, max(n, 0))
        items = found.items[0][found.items[0] >= 0]
        return [
            Suggestion(
                item=int(other),
                closeness=round(100 * float(close), 2),
                listeners=self.listeners.count(other),
                shared=self.listeners.share(item, [int(other)])[1],
            )
            for other, close in zip(items, found.closeness[0], strict=False)
        ]

    def recommend(self, user: int, n: int = 10) -> Ranked:
        """Name items that a user of the table does not know and may like.

        Parameters
        ----------
        user : int
            Their code, 0 to n_users - 1.
        n : int

        Returns
        -------
        Ranked
            The best first, without what they are known to like or dislike. Closeness
            tells where an item's score lies between that of the item in the middle
            (0) and that of the item which suits best, known ones included (100).

        Raises
        ------
        IndexError
            If there is no such user.
        """
        if not 0 <= user < self.pairs.likes.shape[0]:
            raise IndexError(f"there is no user {user}")
        likes, dislikes, _ = self.pairs
        part = row_of(likes, user)
        profile = self._profile(likes.indices[part], likes.data[part])
        disliked = dislikes.indices[row_of(dislikes, user)]
        return self._answer(profile, disliked, np.array([user], np.int32), n)

    def recommend_for(
        self, items: Sequence[int], n: int = 10, *, disliked: Sequence[int] = ()
    ) -> Ranked:
        """Name items for somebody who is not in the table, from what they like.

        Parameters
        ----------
        items : sequence of int
            What they like; may be empty, what repeats counts once. An item that they
            dislike too is not liked.
        n : int
        disliked : sequence of int
            What is not to be recommended either.

        Returns
        -------
        Ranked
            As `recommend`.

        Raises
        ------
        IndexError
            If there is no such item.
        """
        for item in (*items, *disliked):
            self._check(item)
        liked = np.array(sorted(set(items) - set(disliked)), np.int32)
        profile = self._profile(liked, np.ones(len(liked), np.float32))
        return self._answer(profile, np.array(disliked, np.int32), None, n)

    def _profile(self, liked: Ints, amounts: Floats32) -> Any:
        shape = (1, self.pairs.likes.shape[1])
        return scipy.sparse.csr_matrix((amounts, liked, [0, len(liked)]), shape)

    def _answer(
        self, profile: Any, disliked: Ints, users: Ints | None, n: int
    ) -> Ranked:
        liked = profile.indices
        if len(liked):
            scores = self.algorithm.score(self.arrays, profile, users)[0]
        else:
            scores = np.diff(self.listeners.starts).astype(np.float32)
        known, n = {*liked.tolist(), *disliked.tolist()}, max(n, 0)
        found = best(scores, n + len(known)).tolist()
        items = np.array([i for i in found if i not in known][:n], np.int32)
        closeness = _rescale(scores, items)
        return Ranked(self._explain(items, liked, closeness), len(liked), len(known))

    def _explain(
        self, items: Ints, liked: Ints, closeness: Floats32
    ) -> list[Suggestion]:
        contributions = self.algorithm.affinities(self.arrays, items, liked)
        strongest = np.argsort(-contributions, axis=1, kind="stable")[:, :MAX_REASONS]
        suggestions = []
        for row, item in enumerate(items.tolist()):
            speakers = strongest[row][contributions[row, strongest[row]] > 0]
            because = liked[speakers].tolist()
            each, together = self.listeners.share(item, because)
            suggestions.append(
                Suggestion(
                    item=item,
                    closeness=round(float(closeness[row]), 2),
                    listeners=self.listeners.count(item),
                    shared=together,
                    reasons=tuple(map(ItemContribution, because, each)),
                )
            )
        return suggestions

    def _check(self, item: int) -> None:
        if not 0 <= item < self.pairs.likes.shape[1]:
            raise IndexError(f"there is no item {item}")


def fit_model(
    name: str,
    pairs: Pairs,
    settings: Mapping[str, float | str] | None = None,
    *,
    run: Run = Run(),  # noqa: B008 - frozen
) -> Model:
    """Fit a recommender.

    Parameters
    ----------
    name : str
        A key of `ml.recommend.algorithms.registry.ALGORITHMS`.
    pairs : Pairs
        May be empty.
    settings : mapping, optional
        Those that are not to be as `Algorithm.settings` has them.
    run : Run

    Returns
    -------
    Model

    Raises
    ------
    UnknownAlgorithm
    BadSetting
    Unavailable, NotFinite
        Of `ml.recommend.interface`.
    """
    algorithm = find_algorithm(name)
    complete = algorithm.complete_settings(settings or {})
    arrays = algorithm.fit(pairs.likes, complete, run)
    for key, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise NotFinite(f"{name}: {key} is not finite with {complete}")
    return Model(algorithm, complete, run.seed, arrays, pairs)


def _rescale(scores: Floats32, items: Ints) -> Floats32:
    """Bring the scores of items to 0 to 100, from the middle to the highest of all."""
    middle, highest = _find_middle(scores), scores.max()
    if highest <= middle:
        return np.zeros(len(items), np.float32)
    scaled: Floats32 = 100 * (scores[items] - middle) / (highest - middle)
    return np.clip(scaled, 0, 100)


def _find_middle(scores: Floats32) -> Any:
    """Return the median; at once where most scores are 0, as of a sparse model."""
    if 2 * np.count_nonzero(scores > 0) < len(scores) and scores.min() >= 0:
        return scores.dtype.type(0)
    return np.median(scores)
