"""The questions that a recommender answers.

Names are found whatever their case, accents, punctuation and leading "the"; a name that
is not known raises UnknownName, which carries those most like it.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from ml.recommend.index.name_search import Match, find_exact
from ml.recommend.interface import best
from ml.recommend.model import Answer, Suggestion
from ml.recommend.storage.store import Item
from recommenders.answers.records import (
    Because,
    Doubt,
    Found,
    Named,
    Recommended,
    Similar,
    Unknown,
)
from recommenders.versions.open import Opened

N = 10  # unless somebody asks for more
MOST = 50  # as many similar items are stored
N_SUGGESTIONS = 10
MOST_CORRECTED = 20  # names of a list
MAX_SHOWN = 200  # characters of a name that is repeated in an error
ENOUGH_LISTENERS = 10  # for their taste to be more than chance
ENOUGH_LIKES = 3


class UnknownName(Exception):
    """No name here is like the one that was given; `unknown` has those nearest to it.

    `more` are others that were given and are not known.
    """

    def __init__(self, what: str, unknown: Unknown, *more: Unknown) -> None:
        self.unknown, self.more = unknown, more
        shown = unknown.text[:MAX_SHOWN]
        more = "..." if len(unknown.text) > MAX_SHOWN else ""
        super().__init__(f"No {what} is called “{shown}{more}” here.")


def similar(opened: Opened, text: str, n: int = N, *, by_id: bool = False) -> Similar:
    """The items closest to the one named; raises UnknownName.

    With `by_id`, `text` is an id as answers have it, for names that several items bear.
    """
    code = find_id(opened, text) if by_id else find_item(opened, text)
    item = opened.served.item(code)
    found = opened.served.similar(item.code, n)
    few = item.listeners < ENOUGH_LISTENERS
    return Similar(
        item, _found(opened, found), _doubts(opened, {Doubt.FEW_LISTENERS: few})
    )


def recommend(opened: Opened, who: str, n: int = N) -> Recommended:
    """Items for somebody of the table, without those that they know.

    Raises UnknownName.
    """
    served = opened.served
    match = served.find_who(who, N_SUGGESTIONS)
    if match.code is None:
        raise UnknownName(_role(opened, "who"), _unknown_who(opened, who, match))
    answer = served.recommend(match.code, n)
    likes = served.model.pairs.likes[match.code]
    most = likes.indices[best(likes.data, N)]
    doubts = {
        Doubt.NO_LIKES: not answer.n_liked,
        Doubt.FEW_LIKES: 0 < answer.n_liked < ENOUGH_LIKES,
        Doubt.NO_EVIDENCE: lacks_evidence(answer),
    }
    return Recommended(
        results=_found(opened, answer.suggestions),
        doubts=_doubts(opened, doubts),
        known=tuple(served.item(int(code)) for code in most),
        n_known=answer.n_left_out,
        who=served.who[match.code].as_py(),
    )


def recommend_for(
    opened: Opened, liked: Sequence[str], n: int = N, *, disliked: Sequence[str] = ()
) -> Recommended:
    """Items for somebody who names what they like, and what they do not.

    Neither is recommended. Names that are not known are told apart, and the others
    count; raises UnknownName if of several likes none is known.
    """
    likes, unknown = find_items(opened, liked)
    dislikes, more = find_items(opened, disliked, n_unknown=len(unknown))
    if liked and not likes:
        raise UnknownName(_role(opened, "what"), *unknown, *more)
    answer = opened.served.recommend_for(likes, n, disliked=dislikes)
    doubts = taste_doubts(likes, dislikes) | {
        Doubt.NO_LIKES: not answer.n_liked,
        Doubt.NO_EVIDENCE: lacks_evidence(answer),
        Doubt.UNKNOWN_NAMES: bool(unknown or more),
    }
    known = [opened.served.item(code) for code in likes if code not in dislikes]
    return Recommended(
        results=_found(opened, answer.suggestions),
        doubts=_doubts(opened, doubts),
        known=tuple(known[:N]),
        n_known=answer.n_left_out,
        unknown=(*unknown, *more),
    )


def suggest(opened: Opened, text: str, n: int = N_SUGGESTIONS) -> list[Named]:
    """Complete the name of an item while somebody types it."""
    return [_named(opened, code) for code in opened.served.suggest(text, n)]


def suggest_who(opened: Opened, text: str, n: int = N_SUGGESTIONS) -> list[Named]:
    """Complete the name of a who."""
    return [_named_who(opened, code) for code in opened.served.suggest_who(text, n)]


def find_item(opened: Opened, text: str) -> int:
    """The code of the item named; raises UnknownName."""
    match = opened.served.find_item(text, N_SUGGESTIONS)
    if match.code is None:
        unknown = _unknown_item(opened, text, match)
        raise UnknownName(_role(opened, "what"), unknown)
    return match.code


def find_id(opened: Opened, text: str) -> int:
    """The code of the item with this id; raises UnknownName."""
    index = opened.served.by_id
    code = find_item(opened, text) if index is None else find_exact(index, text)
    if code is None:
        raise UnknownName(_role(opened, "what"), Unknown(text, ()))
    return code


def find_items(
    opened: Opened, texts: Iterable[str], *, n_unknown: int = 0
) -> tuple[list[int], tuple[Unknown, ...]]:
    """Codes of the items named, each once, and the names that are not known.

    The first `MOST_CORRECTED` of those come with the names most like them, which take
    milliseconds each; `n_unknown` of another list are among them already.
    """
    codes, unknown = [], []
    for text in dict.fromkeys(texts):
        corrected = n_unknown + len(unknown) < MOST_CORRECTED
        match = opened.served.find_item(text, N_SUGGESTIONS if corrected else 0)
        if match.code is None:
            unknown.append(_unknown_item(opened, text, match))
        else:
            codes.append(match.code)
    return list(dict.fromkeys(codes)), tuple(unknown)


def taste_doubts(likes: Sequence[int], dislikes: Sequence[int]) -> dict[Doubt, bool]:
    """What is doubtful about a taste, by the codes of what is known of it."""
    wanted = set(likes) - set(dislikes)
    return {
        Doubt.CONTRADICTION: bool(set(likes) & set(dislikes)),
        Doubt.ONLY_DISLIKES: bool(dislikes) and not wanted,
        Doubt.FEW_LIKES: 0 < len(wanted) < ENOUGH_LIKES,
    }


def lacks_evidence(answer: Answer) -> bool:
    """Whether likes are known, and none of them speaks for anything that was found."""
    found = answer.suggestions
    return bool(answer.n_liked and found) and not any(one.reasons for one in found)


def because(opened: Opened, code: int, shared: int) -> Because:
    served = opened.served
    return Because(served.ids[code].as_py(), served.names[code].as_py(), shared)


def _doubts(opened: Opened, doubts: dict[Doubt, bool]) -> tuple[Doubt, ...]:
    holding = [doubt for doubt, holds in doubts.items() if holds]
    return (*holding, *([Doubt.OLD_VERSION] if opened.trouble else []))


def _found(opened: Opened, suggestions: Iterable[Suggestion]) -> tuple[Found, ...]:
    return tuple(
        Found(
            item=opened.served.item(found.item),
            closeness=found.closeness,
            shared=found.shared,
            because=tuple(because(opened, r.item, r.shared) for r in found.reasons),
        )
        for found in suggestions
    )


def _unknown_item(opened: Opened, text: str, match: Match) -> Unknown:
    return Unknown(text, tuple(_named(opened, code) for code in match.suggestions))


def _unknown_who(opened: Opened, text: str, match: Match) -> Unknown:
    return Unknown(text, tuple(_named_who(opened, code) for code in match.suggestions))


def _named(opened: Opened, code: int) -> Named:
    item: Item = opened.served.item(code)
    return Named(item.id, item.name, item.listeners)


def _named_who(opened: Opened, code: int) -> Named:
    name = opened.served.who[code].as_py()
    starts = opened.served.model.pairs.likes.indptr
    return Named(name, name, int(np.diff(starts[code : code + 2])[0]))


def _role(opened: Opened, role: str) -> str:
    """What the dataset calls it: “artist_name”, “genre”."""
    return opened.version.recipe["roles"][role]
