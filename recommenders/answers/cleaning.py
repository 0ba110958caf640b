"""A list without what somebody would hate, by what they like and dislike.

Sources of the idea: what the people who like an item like, too, speaks for or against
it (item-item, see ml.recommend.algorithms.item_knn), here once from likes, once from dislikes.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ml.recommend.interface import best
from recommenders.answers.ask import because, find_items, taste_doubts
from recommenders.answers.records import Because, Cleaned, Doubt, Fate, Judged
from recommenders.versions.open import Opened

MOST_REASONS = 3


def clean(
    opened: Opened,
    entries: Sequence[str],
    *,
    liked: Sequence[str],
    disliked: Sequence[str],
) -> Cleaned:
    """Judge each entry of a list, and say which to keep.

    Out goes what is disliked, and what those who like the disliked things like more
    than those who like the liked ones do. What is liked stays; so does what is not
    known. If nothing would be left, only what is disliked outright goes.
    """
    named, unknown = find_items(opened, liked)
    dislikes, more = find_items(opened, disliked, n_unknown=len(unknown))
    likes = [code for code in named if code not in dislikes]
    judged = _judge_all(opened, entries, likes, dislikes)
    doubts = taste_doubts(named, dislikes) | {
        Doubt.NO_LIKES: not likes and not dislikes,
        Doubt.ONLY_LIKES: bool(likes) and not dislikes,
        Doubt.UNKNOWN_NAMES: bool(unknown or more)
        or any(entry.item is None for entry in judged),
        Doubt.NO_EVIDENCE: bool(judged)
        and all(entry.fate in (Fate.UNDECIDED, Fate.UNKNOWN) for entry in judged),
    }
    if judged and not any(entry.keep for entry in judged):
        doubts[Doubt.NOTHING_LEFT] = True
        judged = [
            replace(entry, keep=entry.fate is not Fate.DISLIKED) for entry in judged
        ]
    doubts[Doubt.OLD_VERSION] = bool(opened.trouble)
    holding = tuple(doubt for doubt, holds in doubts.items() if holds)
    return Cleaned(tuple(judged), holding, (*unknown, *more))


def _judge_all(
    opened: Opened, entries: Sequence[str], likes: list[int], dislikes: list[int]
) -> list[Judged]:
    found = {text: opened.served.find_item(text, 0).code for text in {*entries}}
    codes = sorted({code for code in found.values() if code is not None})
    place = {code: row for row, code in enumerate(codes)}
    known = np.array([*likes, *dislikes], np.int32)
    model = opened.served.model
    spoken = np.maximum(
        model.algorithm.affinities(model.arrays, np.array(codes, np.int32), known), 0
    )
    judged = []
    for text in entries:
        code = found[text]
        if code is None:
            judged.append(Judged(text, None, Fate.UNKNOWN, True, None))
        else:
            of_item = spoken[place[code]]
            judged.append(_judge(opened, text, code, of_item, likes, dislikes))
    return judged


def _judge(
    opened: Opened,
    text: str,
    code: int,
    spoken: np.ndarray,
    likes: list[int],
    dislikes: list[int],
) -> Judged:
    item, n_likes = opened.served.item(code), len(likes)
    pull, push = _mean(spoken[:n_likes]), _mean(spoken[n_likes:])
    score = round(100 * pull / (pull + push), 1) if pull + push > 0 else None
    if code in dislikes:
        return Judged(text, item, Fate.DISLIKED, False, 0.0)
    if code in likes:
        return Judged(text, item, Fate.LIKED, True, 100.0)
    if score is None:
        return Judged(text, item, Fate.UNDECIDED, True, None)
    if push > pull:
        reasons = _reasons(opened, code, spoken[n_likes:], dislikes)
        return Judged(text, item, Fate.CLOSER_TO_DISLIKES, False, score, reasons)
    reasons = _reasons(opened, code, spoken[:n_likes], likes)
    return Judged(text, item, Fate.CLOSER_TO_LIKES, True, score, reasons)


def _reasons(
    opened: Opened, code: int, spoken: np.ndarray, known: list[int]
) -> tuple[Because, ...]:
    """Those that spoke loudest, with how many people like both."""
    listeners = opened.served.model.listeners
    own = listeners.of(code)
    return tuple(
        because(
            opened,
            known[place],
            len(np.intersect1d(own, listeners.of(known[place]), assume_unique=True)),
        )
        for place in best(spoken, MOST_REASONS)
        if spoken[place] > 0
    )


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0
