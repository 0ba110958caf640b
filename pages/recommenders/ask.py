"""The pages that ask a recommender something."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from ml.recommend.algorithms.registry import find_algorithm
from pages.recommenders import showing
from pages.recommenders.list import visible
from pages.recommenders.showing import Links
from recommenders import tasks
from recommenders.answers import ask, cleaning
from recommenders.answers import map as neighbourhood
from recommenders.answers.ask import UnknownName
from recommenders.answers.records import DOUBTS, Doubt, Unknown
from recommenders.models import Recommender
from recommenders.versions.open import Damaged, NotTrained, Opened, open_live
from web.rate_limits import costly_page

N = 10
MOST_CHOICES = 60  # who that are offered as a list
SUITS = (
    "Closeness is 0 to 100: 0 suits as well as most do, 100 as well as what suits best."
)
NOT_APART = "The table says too little to tell which of them suits best."
MOST_NAMES = 500  # of a taste or a playlist

Context = dict[str, Any]
Ask = Callable[[HttpRequest, Recommender, Opened], HttpResponse]


def asks(view: Ask) -> Callable[..., HttpResponse]:
    """Open what the address names; where nothing answers, go and say why."""

    @wraps(view)
    def asked(request: HttpRequest, slug: str) -> HttpResponse:
        recommender = visible(request, slug)
        try:
            opened = open_live(recommender)
        except (NotTrained, Damaged) as exc:
            messages.warning(request, str(exc))
            return redirect("recommender", slug)
        return view(request, recommender, opened)

    return asked


@require_safe
@costly_page
@asks
def similar(
    request: HttpRequest, recommender: Recommender, opened: Opened
) -> HttpResponse:
    """The items closest to one, and a map of them."""
    by = "id" if request.GET.get("id") else "item"  # an id for the second of a name
    text = request.GET.get(by, "").strip()

    def answer() -> Context:
        found = ask.similar(opened, text, N, by_id=by == "id")
        return _likeness(found, Links(recommender, opened)) | {
            "asked": found.item.name if by == "id" else text,
            "json": showing.as_json(recommender, "similar", **{by: text}),
        }

    context = _about_one(showing.named(recommender), text, answer)
    return _page(request, "similar", recommender, context)


@require_safe
@costly_page
@asks
def recommended(
    request: HttpRequest, recommender: Recommender, opened: Opened
) -> HttpResponse:
    """What suits somebody of the table: a genre, a listener."""
    text = request.GET.get("for", "").strip()

    def answer() -> Context:
        found, links = ask.recommend(opened, text, N), Links(recommender, opened)
        return _answered(found.results, found.doubts, links) | {
            "who": found.who,
            "answer": found,
            "known": [{"name": one.name, "link": links.to(one)} for one in found.known],
            "json": showing.as_json(recommender, "recommend", **{"for": found.who}),
        }

    context = _about_one(recommender.who, text, answer)
    context |= {"choices": _choices(opened), "suggest_of": "who"}
    return _page(request, "recommended", recommender, context)


@require_safe
@costly_page
@asks
def taste(
    request: HttpRequest, recommender: Recommender, opened: Opened
) -> HttpResponse:
    """What suits somebody who names what they like."""
    likes, dislikes = (lines(request.GET.get(name)) for name in ("likes", "dislikes"))
    context = _texts(request.GET.get, "likes", "dislikes")
    if likes or dislikes:
        try:
            answer = ask.recommend_for(opened, likes, N, disliked=dislikes)
        except UnknownName as exc:
            context["not_known"] = _unknown([exc.unknown, *exc.more])
        else:
            context |= {"answered": True, "not_known": _unknown(answer.unknown)}
            links = Links(recommender, opened)
            context |= _answered(answer.results, answer.doubts, links)
    return _page(request, "taste", recommender, context)


@require_http_methods(["GET", "HEAD", "POST"])
@costly_page
@asks
def clean(
    request: HttpRequest, recommender: Recommender, opened: Opened
) -> HttpResponse:
    """A list without what somebody would hate. POST, for a list is long, and private."""
    names = ("likes", "dislikes", "playlist")
    context = _texts(request.POST.get, *names)
    likes, dislikes, playlist = (lines(request.POST.get(name)) for name in names)
    if playlist:
        cleaned = cleaning.clean(opened, playlist, liked=likes, disliked=dislikes)
        context |= {
            "cleaned": True,
            "said": _said(cleaned.doubts),
            "kept": showing.verdicts(cleaned.entries, keep=True),
            "hated": showing.verdicts(cleaned.entries, keep=False),
            "not_known": _unknown(cleaned.unknown),
        }
    return _page(request, "clean", recommender, context)


@require_safe
@asks
def suggest(
    request: HttpRequest, recommender: Recommender, opened: Opened
) -> HttpResponse:
    """Names that begin as somebody types, for the script of the field."""
    text = request.GET.get("q", "")[:300]
    find = ask.suggest
    if request.GET.get("of") == "who":
        find = ask.suggest_who
    return JsonResponse({"results": showing.choices(find(opened, text))})


@require_safe
@costly_page
@asks
def profile(
    request: HttpRequest, recommender: Recommender, opened: Opened
) -> HttpResponse:
    """What Last.fm says of an artist of the table, as a part of a page.

    Asks nobody outside; what is no name of the table is never asked about at all.
    """
    code = opened.served.find_item(request.GET.get("name", "").strip(), 0).code
    if code is None:
        raise Http404("There is no artist of this name in the table.")
    name = opened.served.item(code).name
    known = tasks.show_profiles([name]) if recommender.ask_lastfm else {}
    found = known.get(name)
    context = {
        "name": name,
        "profile": found,
        # Cleaned when it was fetched (recommenders.answers.lastfm).
        "biography": mark_safe(found.biography) if found else "",
        "recommender": recommender,
    }
    part = request.headers.get("X-Requested-With") == "fetch"
    template = "profile_part" if part else "profile"
    return render(request, f"recommenders/{template}.html", context)


def lines(text: str | None) -> list[str]:
    """The names of a field, one a line."""
    found = [line.strip() for line in (text or "").splitlines()]
    return [line for line in found if line][:MOST_NAMES]


def _about_one(called: str, text: str, answer: Callable[[], Context]) -> Context:
    """A page with one field; with an answer once something was typed into it."""
    context: Context = {"asked": text, "ask_label": f"Name: {called}"}
    if not text:
        return context
    try:
        return context | answer()
    except UnknownName as exc:
        return context | {"unknown": showing.not_known(exc.unknown, called)}


def _likeness(answer: Any, links: Links) -> Context:
    places, near = showing.neighbours(answer.results, links)
    algorithm = find_algorithm(links.opened.served.manifest["algorithm"])
    return _answered(answer.results, answer.doubts, links) | {
        "item": answer.item,
        "facts": _facts(answer.item, links.recommender),
        "closeness_is": f"Closeness is 0 to 100: {algorithm.closeness_is}.",
        "map": {"places": places, "links": near} if places else None,
        "map_width": neighbourhood.WIDTH,
        "map_height": neighbourhood.HEIGHT,
        "middle": (neighbourhood.WIDTH / 2, neighbourhood.HEIGHT / 2),
    }


def _facts(item: Any, recommender: Recommender) -> list[tuple[str, str]]:
    if not recommender.how_much:
        return []
    named = recommender.how_much
    return [(named, f"{item.total:,.0f}"), ("on average", f"{item.average:,.1f}")]


def _answered(results: Any, doubts: Any, links: Links) -> Context:
    said = _said(doubts)
    if results and not any(found.closeness for found in results):
        said = f"{said} {NOT_APART}".strip()
    shown = showing.shown(results, links)
    return {"suggestions": shown, "said": said, "closeness_is": SUITS}


def _said(doubts: tuple[Doubt, ...]) -> str:
    return " ".join(DOUBTS[doubt] for doubt in doubts)


def _choices(opened: Opened) -> list[str]:
    """All there are, where they are few enough to be read."""
    who = opened.served.who
    return sorted(who.to_pylist()) if len(who) <= MOST_CHOICES else []


def _texts(get: Callable[[str, str], str], *names: str) -> Context:
    return {f"{name}_text": get(name, "") for name in names}


def _unknown(unknown: Any) -> list[dict[str, Any]]:
    found: list[Unknown] = list(unknown)
    return [
        {"name": one.text, "suggestions": [other.name for other in one.suggestions]}
        for one in found
    ]


def _page(
    request: HttpRequest, name: str, recommender: Recommender, context: Context
) -> HttpResponse:
    of = context.get("suggest_of", "what")
    suggest_at = f"{reverse('suggest', args=[recommender.slug])}?of={of}"
    shared = {
        "recommender": recommender,
        "tab": name,
        "live": True,
        "suggest": suggest_at,
    }
    return render(request, f"recommenders/{name}.html", shared | context)
