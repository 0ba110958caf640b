"""A list without what somebody would hate, by what they like and dislike.

Sources of the idea: what the people who like an item like, too, speaks for or against
it (item-item, see ml.recommend.algorithms.item_knn), here once from likes, once from dislikes.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ml.recommend.arrays import best
from ml.recommend.records import MAX_REASONS
from recommenders.answers.ask import (
    because,
    caveats_that_hold,
    find_items,
    taste_caveats,
)
from recommenders.answers.records import (
    Caveat,
    CleanedEntry,
    CleanedList,
    Explanation,
    Outcome,
)
from recommenders.versions.loading import LiveVersion


def clean(
    live: LiveVersion,
    entries: Sequence[str],
    *,
    liked: Sequence[str],
    disliked: Sequence[str],
) -> CleanedList:
    """Judge each entry of a list, and say which to keep.

    Out goes what is disliked, and what those who like the disliked things like more
    than those who like the liked ones do. What is liked stays; so does what is not
    known. If nothing would be left, only what is disliked outright goes.
    """
    named, unknown = find_items(live, liked)
    dislikes, more = find_items(live, disliked, n_unknown=len(unknown))
    likes = [code for code in named if code not in dislikes]
    judged = _judge_all(live, entries, likes, dislikes)
    caveats = taste_caveats(named, dislikes) | {
        Caveat.NO_LIKES: not likes and not dislikes,
        Caveat.ONLY_LIKES: bool(likes) and not dislikes,
        Caveat.UNKNOWN_NAMES: bool(unknown or more)
        or any(entry.item is None for entry in judged),
        Caveat.NO_EVIDENCE: bool(judged)
        and all(
            entry.outcome in (Outcome.UNDECIDED, Outcome.UNKNOWN) for entry in judged
        ),
    }
    if judged and not any(entry.keep for entry in judged):
        caveats[Caveat.NOTHING_LEFT] = True
        judged = [
            replace(entry, keep=entry.outcome is not Outcome.DISLIKED)
            for entry in judged
        ]
    return CleanedList(
        tuple(judged), caveats_that_hold(live, caveats), (*unknown, *more)
    )


def _judge_all(
    live: LiveVersion, entries: Sequence[str], likes: list[int], dislikes: list[int]
) -> list[CleanedEntry]:
    found = {text: live.loaded.find_item(text, 0).code for text in {*entries}}
    codes = sorted({code for code in found.values() if code is not None})
    place = {code: row for row, code in enumerate(codes)}
    known = np.array([*likes, *dislikes], np.int32)
    model = live.loaded.model
    contributions = np.maximum(
        model.algorithm.affinities(model.arrays, np.array(codes, np.int32), known), 0
    )
    judged = []
    for text in entries:
        code = found[text]
        if code is None:
            judged.append(CleanedEntry(text, None, Outcome.UNKNOWN, True, None))
        else:
            of_item = contributions[place[code]]
            judged.append(_judge(live, text, code, of_item, likes, dislikes))
    return judged


def _judge(
    live: LiveVersion,
    text: str,
    code: int,
    contributions: np.ndarray,
    likes: list[int],
    dislikes: list[int],
) -> CleanedEntry:
    item, n_likes = live.loaded.item(code), len(likes)
    pull, push = _mean(contributions[:n_likes]), _mean(contributions[n_likes:])
    score = round(100 * pull / (pull + push), 1) if pull + push > 0 else None
    if code in dislikes:
        return CleanedEntry(text, item, Outcome.DISLIKED, False, 0.0)
    if code in likes:
        return CleanedEntry(text, item, Outcome.LIKED, True, 100.0)
    if score is None:
        return CleanedEntry(text, item, Outcome.UNDECIDED, True, None)
    if push > pull:
        reasons = _reasons(live, code, contributions[n_likes:], dislikes)
        return CleanedEntry(
            text, item, Outcome.CLOSER_TO_DISLIKES, False, score, reasons
        )
    reasons = _reasons(live, code, contributions[:n_likes], likes)
    return CleanedEntry(text, item, Outcome.CLOSER_TO_LIKES, True, score, reasons)


def _reasons(
    live: LiveVersion, code: int, contributions: np.ndarray, known: list[int]
) -> tuple[Explanation, ...]:
    """Those that spoke loudest, with how many people like both."""
    strongest = [
        known[row] for row in best(contributions, MAX_REASONS) if contributions[row] > 0
    ]
    shared, _ = live.loaded.model.listeners.share(code, strongest)
    return tuple(because(live, *pair) for pair in zip(strongest, shared, strict=True))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0
