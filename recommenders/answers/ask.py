"""The questions that a recommender answers.

Names are found whatever their case, accents, punctuation and leading "the"; a name that
is not known raises UnknownName, which carries those most like it.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from ml.recommend.arrays import best
from ml.recommend.records import Match, Ranked, Suggestion
from recommenders.answers.records import (
    Caveat,
    Explanation,
    NameMatch,
    Recommendation,
    Recommendations,
    Similar,
    Unknown,
)
from recommenders.versions.loading import LiveVersion

N = 10  # unless somebody asks for more
MOST = 50  # as many similar items are stored
N_SUGGESTIONS = 10
MAX_CORRECTED = 20  # names of a list
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


def similar(
    live: LiveVersion, text: str, n: int = N, *, by_id: bool = False
) -> Similar:
    """The items closest to the one named; raises UnknownName.

    With `by_id`, `text` is an id as answers have it, for names that several items bear.
    """
    code = find_id(live, text) if by_id else find_item(live, text)
    item = live.loaded.item(code)
    found = live.loaded.similar(item.code, n)
    few = item.listeners < ENOUGH_LISTENERS
    return Similar(
        item,
        _recommendations(live, found),
        caveats_that_hold(live, {Caveat.FEW_LISTENERS: few}),
    )


def recommend(live: LiveVersion, who: str, n: int = N) -> Recommendations:
    """Items for a user of the table, without those that they know.

    Raises UnknownName.
    """
    loaded = live.loaded
    match = loaded.find_user(who, N_SUGGESTIONS)
    if match.code is None:
        raise UnknownName(_role(live, "who"), _unknown_user(live, who, match))
    answer = loaded.model.recommend(match.code, n)
    likes = loaded.model.pairs.likes[match.code]
    most = likes.indices[best(likes.data, N)]
    caveats = {
        Caveat.NO_LIKES: not answer.n_liked,
        Caveat.FEW_LIKES: 0 < answer.n_liked < ENOUGH_LIKES,
        Caveat.NO_EVIDENCE: lacks_evidence(answer),
    }
    return Recommendations(
        results=_recommendations(live, answer.suggestions),
        caveats=caveats_that_hold(live, caveats),
        known=tuple(loaded.item(int(code)) for code in most),
        n_known=answer.n_left_out,
        user=loaded.users[match.code].as_py(),
    )


def recommend_for(
    live: LiveVersion, liked: Sequence[str], n: int = N, *, disliked: Sequence[str] = ()
) -> Recommendations:
    """Items for somebody who names what they like, and what they do not.

    Neither is recommended. Names that are not known are told apart, and the others
    count; raises UnknownName if of several likes none is known.
    """
    likes, unknown = find_items(live, liked)
    dislikes, more = find_items(live, disliked, n_unknown=len(unknown))
    if liked and not likes:
        raise UnknownName(_role(live, "what"), *unknown, *more)
    answer = live.loaded.model.recommend_for(likes, n, disliked=dislikes)
    caveats = taste_caveats(likes, dislikes) | {
        Caveat.NO_LIKES: not answer.n_liked,
        Caveat.NO_EVIDENCE: lacks_evidence(answer),
        Caveat.UNKNOWN_NAMES: bool(unknown or more),
    }
    known = [live.loaded.item(code) for code in likes if code not in dislikes]
    return Recommendations(
        results=_recommendations(live, answer.suggestions),
        caveats=caveats_that_hold(live, caveats),
        known=tuple(known[:N]),
        n_known=answer.n_left_out,
        unknown=(*unknown, *more),
    )


def suggest(live: LiveVersion, text: str, n: int = N_SUGGESTIONS) -> list[NameMatch]:
    """Complete the name of an item while somebody types it."""
    return [_item_match(live, code) for code in live.loaded.suggest(text, n)]


def suggest_users(
    live: LiveVersion, text: str, n: int = N_SUGGESTIONS
) -> list[NameMatch]:
    """Complete the name of a user."""
    return [_user_match(live, code) for code in live.loaded.suggest_users(text, n)]


def find_item(live: LiveVersion, text: str) -> int:
    """The code of the item named; raises UnknownName."""
    match = live.loaded.find_item(text, N_SUGGESTIONS)
    if match.code is None:
        unknown = _unknown_item(live, text, match)
        raise UnknownName(_role(live, "what"), unknown)
    return match.code


def find_id(live: LiveVersion, text: str) -> int:
    """The code of the item with this id; raises UnknownName."""
    code = live.loaded.find_id(text)
    if code is None:
        raise UnknownName(_role(live, "what"), Unknown(text, ()))
    return code


def find_items(
    live: LiveVersion, texts: Iterable[str], *, n_unknown: int = 0
) -> tuple[list[int], tuple[Unknown, ...]]:
    """Codes of the items named, each once, and the names that are not known.

    The first `MAX_CORRECTED` of those come with the names most like them, which take
    milliseconds each; `n_unknown` of another list are among them already.
    """
    codes, unknown = [], []
    for text in dict.fromkeys(texts):
        corrected = n_unknown + len(unknown) < MAX_CORRECTED
        match = live.loaded.find_item(text, N_SUGGESTIONS if corrected else 0)
        if match.code is None:
            unknown.append(_unknown_item(live, text, match))
        else:
            codes.append(match.code)
    return list(dict.fromkeys(codes)), tuple(unknown)


def taste_caveats(likes: Sequence[int], dislikes: Sequence[int]) -> dict[Caveat, bool]:
    """The caveats of a taste, by the codes of likes and dislikes."""
    wanted = set(likes) - set(dislikes)
    return {
        Caveat.CONTRADICTION: bool(set(likes) & set(dislikes)),
        Caveat.ONLY_DISLIKES: bool(dislikes) and not wanted,
        Caveat.FEW_LIKES: 0 < len(wanted) < ENOUGH_LIKES,
    }


def lacks_evidence(answer: Ranked) -> bool:
    """Whether likes are known, and none of them speaks for anything that was found."""
    found = answer.suggestions
    return bool(answer.n_liked and found) and not any(one.reasons for one in found)


def because(live: LiveVersion, code: int, shared: int) -> Explanation:
    loaded = live.loaded
    return Explanation(loaded.ids[code].as_py(), loaded.names[code].as_py(), shared)


def caveats_that_hold(
    live: LiveVersion, caveats: dict[Caveat, bool]
) -> tuple[Caveat, ...]:
    holding = [caveat for caveat, holds in caveats.items() if holds]
    return (*holding, *([Caveat.OLD_VERSION] if live.fallback_reason else []))


def _recommendations(
    live: LiveVersion, suggestions: Iterable[Suggestion]
) -> tuple[Recommendation, ...]:
    return tuple(
        Recommendation(
            item=live.loaded.item(found.item),
            closeness=found.closeness,
            shared=found.shared,
            because=tuple(because(live, r.item, r.shared) for r in found.reasons),
        )
        for found in suggestions
    )


def _unknown_item(live: LiveVersion, text: str, match: Match) -> Unknown:
    return Unknown(text, tuple(_item_match(live, code) for code in match.suggestions))


def _unknown_user(live: LiveVersion, text: str, match: Match) -> Unknown:
    return Unknown(text, tuple(_user_match(live, code) for code in match.suggestions))


def _item_match(live: LiveVersion, code: int) -> NameMatch:
    item = live.loaded.item(code)
    return NameMatch(item.id, item.name, item.listeners)


def _user_match(live: LiveVersion, code: int) -> NameMatch:
    name = live.loaded.users[code].as_py()
    starts = live.loaded.model.pairs.likes.indptr
    return NameMatch(name, name, int(np.diff(starts[code : code + 2])[0]))


def _role(live: LiveVersion, role: str) -> str:
    """What the dataset calls it: “artist_name”, “genre”."""
    return live.version.recipe["roles"][role]
