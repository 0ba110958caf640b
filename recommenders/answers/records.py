"""Answers of a recommender: records, whose items have ids, names and evidence."""

from dataclasses import dataclass, field
from enum import StrEnum

from ml.recommend.records import Item


class Caveat(StrEnum):
    """Why an answer deserves little confidence; the values are for programs."""

    FEW_LISTENERS = "few_listeners"
    FEW_LIKES = "few_likes"
    NO_LIKES = "no_likes"
    CONTRADICTION = "contradiction"
    ONLY_DISLIKES = "only_dislikes"
    ONLY_LIKES = "only_likes"
    UNKNOWN_NAMES = "unknown_names"
    NO_EVIDENCE = "no_evidence"
    NOTHING_LEFT = "nothing_left"
    OLD_VERSION = "old_version"


CAVEATS = {
    Caveat.FEW_LISTENERS: "Few people stand behind this: their taste may be chance.",
    Caveat.FEW_LIKES: "One or two likes say little about a taste.",
    Caveat.NO_LIKES: "Nothing is known that is liked, so this is what most people like.",
    Caveat.CONTRADICTION: "Something is both liked and disliked: it counts as disliked.",
    Caveat.ONLY_DISLIKES: "Only dislikes are known: they say what to leave out, no more.",
    Caveat.ONLY_LIKES: "No dislikes are known, so nothing could be recognised as hated.",
    Caveat.UNKNOWN_NAMES: "Some names are not known here and were not considered.",
    Caveat.NO_EVIDENCE: "Nobody here likes any of this together with what is liked.",
    Caveat.NOTHING_LEFT: "By that rule nothing would be left, so only what is disliked "
    "outright was taken out.",
    Caveat.OLD_VERSION: "The newest version is damaged; the one before it answers.",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A known item that contributed to a recommendation."""

    id: str
    name: str
    shared: int  # users who like both


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommended or similar item.

    `closeness` is 0 to 100; `listeners` like it, and `shared` of them like the item
    asked about, or one of the reasons, too.
    """

    item: Item
    closeness: float
    shared: int
    because: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name to choose."""

    id: str
    name: str
    listeners: int  # of an item; of a who the items that they like


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that is not known, and those most like it, the likest first."""

    text: str
    suggestions: tuple[NameMatch, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """The items closest to one, the closest first."""

    item: Item
    results: tuple[Recommendation, ...]
    caveats: tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class Recommendations:
    """Items that somebody does not know and may like, the best first."""

    results: tuple[Recommendation, ...]
    caveats: tuple[Caveat, ...]
    known: tuple[Item, ...]  # what they like, most first, and is left out; the top
    n_known: int  # of items left out, liked or not
    user: str = ""  # of the table; "" where likes were named
    unknown: tuple[Unknown, ...] = ()


class Outcome(StrEnum):
    """Whether an entry of a list is kept, and why."""

    LIKED = "liked"
    CLOSER_TO_LIKES = "closer_to_likes"
    UNDECIDED = "undecided"
    UNKNOWN = "unknown"
    CLOSER_TO_DISLIKES = "closer_to_dislikes"
    DISLIKED = "disliked"


@dataclass(frozen=True, slots=True)
class CleanedEntry:
    """An entry of a list, as it was given.

    `score` is the share of what likes and dislikes say that likes say: 100 likes alone,
    0 dislikes alone; None where neither says anything.
    """

    text: str
    item: Item | None  # None: the name is not known
    outcome: Outcome
    keep: bool
    score: float | None
    because: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class CleanedList:
    """A list without what somebody would hate; every entry is in it, in its order."""

    entries: tuple[CleanedEntry, ...]
    caveats: tuple[Caveat, ...]
    unknown: tuple[Unknown, ...] = field(default=())  # of the likes and dislikes

    @property
    def kept(self) -> list[str]:
        """The entries that stay, as they were given."""
        return [entry.text for entry in self.entries if entry.keep]
