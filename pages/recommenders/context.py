"""What the templates show of a recommender's answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from ml.recommend.records import Item
from recommenders.answers import ask, item_map
from recommenders.answers.records import (
    CleanedEntry,
    NameMatch,
    Outcome,
    Recommendation,
    Unknown,
)
from recommenders.models import Recommender
from recommenders.versions.loading import LiveVersion

MAX_LABEL = 17  # characters of a name on the map
N_NEAR = 10  # of each neighbour, to see which of them are close to each other
GAP = 6  # units between a circle and its name
OUTCOMES = {
    Outcome.LIKED: "you like it",
    Outcome.UNDECIDED: "nothing speaks for or against it",
    Outcome.UNKNOWN: "not known here",
    Outcome.DISLIKED: "you dislike it",
    Outcome.CLOSER_TO_LIKES: "closer to what you like",
    Outcome.CLOSER_TO_DISLIKES: "closer to what you dislike",
}

Context = dict[str, Any]


class Links:
    """Addresses of the pages of one recommender."""

    def __init__(self, recommender: Recommender, live: LiveVersion) -> None:
        self.recommender, self.live = recommender, live
        self.page = reverse("similar", args=[recommender.slug])

    def to(self, item: Item) -> str:
        """What is like an item: by its name, or by its id where others bear the name."""
        code = self.live.loaded.find_item(item.name, 0).code
        key = {"item": item.name} if code == item.code else {"id": item.id}
        return f"{self.page}?{urlencode(key)}"

    def profile(self, item: Item) -> str:
        if not self.recommender.ask_lastfm:
            return ""
        page = reverse("profile", args=[self.recommender.slug])
        return f"{page}?{urlencode({'name': item.name})}"


def item_column(recommender: Recommender) -> str:
    """What people call an item: the column of its name, where it has an id beside."""
    return recommender.name_column or recommender.what


def api_url(recommender: Recommender, question: str = "", **query: str) -> str:
    """Where programs read the same."""
    root = f"/api/recommenders/{recommender.slug}/"
    return f"{root}{question}/?{urlencode(query)}" if question else root


def suggestions(results: Iterable[Recommendation], links: Links) -> list[Context]:
    return [
        {
            "name": one.item.name,
            "link": links.to(one.item),
            "closeness": format_closeness(one.closeness),
            "part": round(one.closeness / 100, 4),  # of the greatest there can be
            "evidence": evidence(one),
            "profile": links.profile(one.item),
        }
        for one in results
    ]


def format_closeness(closeness: float) -> str:
    """A closeness for people; only what is nothing is 0."""
    return "<1" if 0 < closeness < 0.5 else f"{closeness:.0f}"


def evidence(one: Recommendation) -> str:
    """How much stands behind a suggestion, in a line."""
    listeners = f"of {one.item.listeners:,} who like it"
    shared = f"{one.shared:,} {listeners}" if one.shared else ""
    if one.because:
        names = ", ".join(other.name for other in one.because)
        return f"because of {names}" + (f"; shared by {shared}" if shared else "")
    return f"shared by {shared}" if shared else f"{one.item.listeners:,} like it"


def neighbour_map(results: Sequence[Recommendation], links: Links) -> Context:
    """The neighbours on a map of them, and lines between those that are close."""
    items = {one.item.code: one.item for one in results}
    loaded = links.live.loaded
    near = {code: [one.item for one in loaded.similar(code, N_NEAR)] for code in items}
    laid_out = item_map.lay_out({one.item.code: one.closeness for one in results}, near)
    points = [_on_map(point, items[point.key], links) for point in laid_out.points]
    return {"points": points, "links": laid_out.links}


def _on_map(point: item_map.MapPoint, item: Item, links: Links) -> Context:
    away = point.size + GAP
    cut = len(item.name) > MAX_LABEL
    return {
        "name": item.name,
        "label": f"{item.name[: MAX_LABEL - 1]}…" if cut else item.name,
        "link": links.to(item),
        "text_x": round(point.x - away if point.left else point.x + away, 1),
        "at": point,
    }


def cleaned_rows(entries: Iterable[CleanedEntry], *, keep: bool) -> list[Context]:
    """The entries that are kept, or those that are not, with why."""
    return [
        {"name": entry.item.name if entry.item else entry.text, "why": _why(entry)}
        for entry in entries
        if entry.keep is keep
    ]


def _why(entry: CleanedEntry) -> str:
    names = [
        f"{one.name} ({one.shared:,} like both)" if one.shared else one.name
        for one in entry.because
    ]
    return ": ".join([OUTCOMES[entry.outcome], *([", ".join(names)] if names else [])])


def name_choices(matches: Iterable[NameMatch]) -> list[dict[str, str]]:
    """Names to choose while somebody types."""
    return [{"name": one.name, "detail": f"{one.listeners:,}"} for one in matches]


def unknown_name(unknown: Unknown, column: str) -> Context:
    """What a page says of a name that nobody bears."""
    text = unknown.text[: ask.MAX_SHOWN]
    more = "…" if len(unknown.text) > len(text) else ""
    return {
        "title": f"No {column} is called “{text}{more}” here",
        "suggestions": [one.name for one in unknown.suggestions],
    }
