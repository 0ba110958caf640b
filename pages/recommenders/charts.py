"""The charts of a recommender: what is played most, and how that is distributed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ml.recommend.records import Item
from pages.recommenders.ask import with_live_version
from pages.recommenders.context import Links, api_url, item_column
from recommenders.answers import statistics
from recommenders.answers.statistics import ENOUGH_LISTENERS, ItemStatistic
from recommenders.models import Recommender
from recommenders.versions.loading import LiveVersion
from web.rate_limits import costly_page

N = 20


@require_safe
@costly_page
@with_live_version
def tops(
    request: HttpRequest, recommender: Recommender, live: LiveVersion
) -> HttpResponse:
    """The items with the most plays, listeners or plays a listener."""
    by = request.GET.get("by")
    figure = ItemStatistic(by) if by in list(ItemStatistic) else ItemStatistic.LISTENERS
    labels = _labels(recommender)
    links = Links(recommender, live)
    items = statistics.top(live.loaded, figure, N)
    few = f"Only those that {ENOUGH_LISTENERS} or more like: the average of one is chance."
    context = {
        "recommender": recommender,
        "tab": "tops",
        "live": True,
        "named": item_column(recommender),
        "heading": f"Charts of {recommender.name}",
        "facts": _facts(live, recommender),
        "orders": [
            {"value": one.value, "label": labels[one], "current": one == figure}
            for one in labels
        ],
        "by_label": labels[figure],
        "by_note": few if figure is ItemStatistic.AVERAGE else "",
        "columns": list(labels.values()),
        "tops": [_top(item, figure, labels, links) for item in items],
        "json": api_url(recommender, "statistics", by=figure.value),
        "distributions": [_distribution(live, one, labels[one]) for one in labels],
    }
    return render(request, "recommenders/tops.html", context)


def _labels(recommender: Recommender) -> dict[ItemStatistic, str]:
    """What the figures are called; without amounts a play is a row."""
    played = recommender.how_much or "rows"
    return {
        ItemStatistic.LISTENERS: "listeners",
        ItemStatistic.PLAYS: played,
        ItemStatistic.AVERAGE: f"{played} a listener",
    }


def _facts(live: LiveVersion, recommender: Recommender) -> list[tuple[str, str]]:
    manifest = live.loaded.manifest
    return [
        (f"different: {item_column(recommender)}", f"{manifest['n_items']:,}"),
        (f"different: {recommender.who}", f"{manifest['n_users']:,}"),
        ("likes", f"{manifest['n_likes']:,}"),
    ]


def _top(
    item: Item, figure: ItemStatistic, labels: dict[ItemStatistic, str], links: Links
) -> dict[str, Any]:
    figures = {
        ItemStatistic.LISTENERS: item.listeners,
        ItemStatistic.PLAYS: item.total,
        ItemStatistic.AVERAGE: item.average,
    }
    return {
        "name": item.name,
        "link": links.to(item),
        "values": [
            {
                "value": repr(figures[one]),
                "text": format_number(figures[one]),
                "charted": one == figure,
            }
            for one in labels
        ],
    }


def _distribution(
    live: LiveVersion, figure: ItemStatistic, label: str
) -> dict[str, Any]:
    bins = statistics.distribution(live.loaded, figure)
    return {
        "id": f"by-{figure.value}",
        "title": f"Distribution of {label}",
        "note": "Each column is wider than the one before by the same factor.",
        "names": label,
        "values": "items",
        "logarithmic": max((one.items for one in bins), default=0) > 1_000,
        "bins": [
            {
                "label": f"{format_number(one.low)} to {format_number(one.high)}",
                "count": one.items,
            }
            for one in bins
        ],
    }


def format_number(value: float) -> str:
    """A number for people: small ones with a digit behind the point, if they have one."""
    if value >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}"
