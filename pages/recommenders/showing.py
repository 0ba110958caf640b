"""Answers of a recommender as its pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from ml.recommend.storage.store import Item
from recommenders.answers import ask
from recommenders.answers import map as neighbourhood
from recommenders.answers.records import Because, Fate, Found, Judged, Named, Unknown
from recommenders.models import Recommender
from recommenders.versions.open import Opened

MOST_LABEL = 17  # characters of a name on the map
NEAR = 10  # of each neighbour, to see which of them are close to each other
GAP = 6  # units between a circle and its name
FATES = {
    Fate.LIKED: "you like it",
    Fate.UNDECIDED: "nothing speaks for or against it",
    Fate.UNKNOWN: "not known here",
    Fate.DISLIKED: "you dislike it",
    Fate.CLOSER_TO_LIKES: "closer to what you like",
    Fate.CLOSER_TO_DISLIKES: "closer to what you dislike",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion in a list."""

    name: str
    link: str  # to what is like it
    closeness: str  # 0 to 100
    part: float  # of the greatest closeness there can be
    evidence: str
    profile: str  # where its profile is; "" where none is to be had


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbour on the map."""

    name: str
    label: str
    link: str
    x: float
    y: float
    size: float
    text_x: float
    left: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """An entry of a list that was cleaned."""

    name: str
    why: str


class Links:
    """Addresses of the pages of one recommender."""

    def __init__(self, recommender: Recommender, opened: Opened) -> None:
        self.recommender, self.opened = recommender, opened
        self.page = reverse("similar", args=[recommender.slug])

    def to(self, item: Item) -> str:
        """What is like an item: by its name, or by its id where others bear the name."""
        found = self.opened.served.find_item(item.name, 0).code
        key = {"item": item.name} if found == item.code else {"id": item.id}
        return f"{self.page}?{urlencode(key)}"

    def profile(self, item: Item) -> str:
        if not self.recommender.ask_lastfm:
            return ""
        page = reverse("profile", args=[self.recommender.slug])
        return f"{page}?{urlencode({'name': item.name})}"


def named(recommender: Recommender) -> str:
    """What people call an item: the column of its name, where it has an id beside."""
    return recommender.name_column or recommender.what


def as_json(recommender: Recommender, what: str = "", **query: str) -> str:
    """Where programs read the same."""
    place = f"/api/recommenders/{recommender.slug}/"
    return f"{place}{what}/?{urlencode(query)}" if what else place


def shown(results: Iterable[Found], links: Links) -> list[Shown]:
    return [
        Shown(
            name=found.item.name,
            link=links.to(found.item),
            closeness=written(found.closeness),
            part=round(found.closeness / 100, 4),
            evidence=evidence(found),
            profile=links.profile(found.item),
        )
        for found in results
    ]


def written(closeness: float) -> str:
    """A closeness for people; only what is nothing is 0."""
    return "<1" if 0 < closeness < 0.5 else f"{closeness:.0f}"


def evidence(found: Found) -> str:
    """How much stands behind a suggestion, in a line."""
    listeners = f"of {found.item.listeners:,} who like it"
    shared = f"{found.shared:,} {listeners}" if found.shared else ""
    if found.because:
        names = ", ".join(one.name for one in found.because)
        return f"because of {names}" + (f"; shared by {shared}" if shared else "")
    return f"shared by {shared}" if shared else f"{found.item.listeners:,} like it"


def neighbours(
    results: Sequence[Found], links: Links
) -> tuple[list[Place], list[neighbourhood.Link]]:
    """The neighbours on a map of them, and lines between those that are close."""
    opened = links.opened
    items = {found.item.code: found.item for found in results}
    near = {
        code: [one.item for one in opened.served.similar(code, NEAR)] for code in items
    }
    closeness = {found.item.code: found.closeness for found in results}
    laid = neighbourhood.lay_out(closeness, near)
    return [
        _on_map(place, items[place.key], links) for place in laid.places
    ], laid.links


def _on_map(place: neighbourhood.Place, item: Item, links: Links) -> Place:
    away = place.size + GAP
    return Place(
        name=item.name,
        label=_clipped(item.name),
        link=links.to(item),
        x=place.x,
        y=place.y,
        size=place.size,
        text_x=round(place.x - away if place.left else place.x + away, 1),
        left=place.left,
    )


def verdicts(entries: Iterable[Judged], *, keep: bool) -> list[Verdict]:
    """The entries that are kept, or those that are not, with why."""
    return [
        Verdict(entry.item.name if entry.item else entry.text, why(entry))
        for entry in entries
        if entry.keep is keep
    ]


def why(entry: Judged) -> str:
    if not entry.because:
        return FATES[entry.fate]
    return f"{FATES[entry.fate]}: {reasons(entry.because)}"


def reasons(because: Sequence[Because]) -> str:
    return ", ".join(
        f"{one.name} ({one.shared:,} like both)" if one.shared else one.name
        for one in because
    )


def choices(found: Iterable[Named]) -> list[dict[str, str]]:
    """Names to choose while somebody types."""
    return [{"name": one.name, "detail": f"{one.listeners:,}"} for one in found]


def not_known(unknown: Unknown, what: str) -> dict[str, object]:
    """What a page says of a name that nobody bears."""
    text = unknown.text[: ask.MAX_SHOWN]
    more = "…" if len(unknown.text) > len(text) else ""
    return {
        "title": f"No {what} is called “{text}{more}” here",
        "suggestions": [
            {"name": one.name, "query": one.name} for one in unknown.suggestions
        ],
    }


def _clipped(name: str) -> str:
    return name if len(name) <= MOST_LABEL else f"{name[: MOST_LABEL - 1]}…"
