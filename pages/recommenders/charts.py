"""The charts of a recommender: what is played most, and how that is distributed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ml.recommend.storage.store import Item
from pages.recommenders.ask import asks
from pages.recommenders.showing import Links, as_json, named
from recommenders.answers import statistics
from recommenders.answers.statistics import ENOUGH_LISTENERS, Figure
from recommenders.models import Recommender
from recommenders.versions.open import Opened
from web.rate_limits import costly_page

N = 20


@require_safe
@costly_page
@asks
def tops(
    request: HttpRequest, recommender: Recommender, opened: Opened
) -> HttpResponse:
    """The items with the most plays, listeners or plays a listener."""
    by = request.GET.get("by")
    figure = Figure(by) if by in list(Figure) else Figure.LISTENERS
    words = _words(recommender)
    links = Links(recommender, opened)
    items = statistics.top(opened.served, figure, N)
    few = f"Only those that {ENOUGH_LISTENERS} or more like: the average of one is chance."
    context = {
        "recommender": recommender,
        "tab": "tops",
        "live": True,
        "named": named(recommender),
        "heading": f"Charts of {recommender.name}",
        "facts": _facts(opened, recommender),
        "orders": [
            {"value": one.value, "label": words[one], "current": one == figure}
            for one in words
        ],
        "by_label": words[figure],
        "by_note": few if figure is Figure.AVERAGE else "",
        "columns": list(words.values()),
        "tops": [_top(item, figure, words, links) for item in items],
        "json": as_json(recommender, "statistics", by=figure.value),
        "distributions": [_distribution(opened, one, words[one]) for one in words],
    }
    return render(request, "recommenders/tops.html", context)


def _words(recommender: Recommender) -> dict[Figure, str]:
    """What the figures are called; without amounts a play is a row."""
    played = recommender.how_much or "rows"
    return {
        Figure.LISTENERS: "listeners",
        Figure.PLAYS: played,
        Figure.AVERAGE: f"{played} a listener",
    }


def _facts(opened: Opened, recommender: Recommender) -> list[tuple[str, str]]:
    manifest = opened.served.manifest
    return [
        (f"different: {named(recommender)}", f"{manifest['n_items']:,}"),
        (f"different: {recommender.who}", f"{manifest['n_users']:,}"),
        ("likes", f"{manifest['n_likes']:,}"),
    ]


def _top(
    item: Item, figure: Figure, words: dict[Figure, str], links: Links
) -> dict[str, Any]:
    figures = {
        Figure.LISTENERS: item.listeners,
        Figure.PLAYS: item.total,
        Figure.AVERAGE: item.average,
    }
    return {
        "name": item.name,
        "link": links.to(item),
        "values": [
            {
                "value": repr(figures[one]),
                "text": written(figures[one]),
                "charted": one == figure,
            }
            for one in words
        ],
    }


def _distribution(opened: Opened, figure: Figure, label: str) -> dict[str, Any]:
    bins = statistics.distribution(opened.served, figure)
    return {
        "id": f"by-{figure.value}",
        "title": f"Distribution of {label}",
        "note": "Each column is wider than the one before by the same factor.",
        "names": label,
        "values": "items",
        "logarithmic": max((one.items for one in bins), default=0) > 1_000,
        "bins": [
            {"label": f"{written(one.low)} to {written(one.high)}", "count": one.items}
            for one in bins
        ],
    }


def written(value: float) -> str:
    """A number for people: small ones with a digit behind the point, if they have one."""
    if value >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}"
