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
from pages.recommenders import context as contexts
from pages.recommenders.context import Context, Links
from pages.recommenders.views import visible
from recommenders import tasks
from recommenders.answers import ask, cleaning, item_map
from recommenders.answers.ask import UnknownName
from recommenders.answers.records import CAVEATS, Caveat, Unknown
from recommenders.models import Recommender
from recommenders.versions.loading import Damaged, LiveVersion, NotTrained, open_live
from web.rate_limits import costly_page

N = 10
MAX_CHOICES = 60  # users that are offered as a list
CLOSENESS_FOR_A_TASTE = (
    "Closeness is 0 to 100: 0 suits as well as most do, 100 as well as what suits best."
)
NO_DIFFERENCE = "The table says too little to tell which of them suits best."
MAX_NAMES = 500  # of a taste or a playlist

Ask = Callable[[HttpRequest, Recommender, LiveVersion], HttpResponse]


def with_live_version(view: Ask) -> Callable[..., HttpResponse]:
    """Open what the address names; where nothing answers, go and say why."""

    @wraps(view)
    def opened(request: HttpRequest, slug: str) -> HttpResponse:
        recommender = visible(request, slug)
        try:
            live = open_live(recommender)
        except (NotTrained, Damaged) as exc:
            messages.warning(request, str(exc))
            return redirect("recommender", slug)
        return view(request, recommender, live)

    return opened


@require_safe
@costly_page
@with_live_version
def similar(
    request: HttpRequest, recommender: Recommender, live: LiveVersion
) -> HttpResponse:
    """The items closest to one, and a map of them."""
    by = "id" if request.GET.get("id") else "item"  # an id for the second of a name
    text = request.GET.get(by, "").strip()

    def answer() -> Context:
        found = ask.similar(live, text, N, by_id=by == "id")
        return _similar_context(found, Links(recommender, live)) | {
            "asked": found.item.name if by == "id" else text,
            "json": contexts.api_url(recommender, "similar", **{by: text}),
        }

    context = _one_name_context(contexts.item_column(recommender), text, answer)
    return _page(request, "similar", recommender, context)


@require_safe
@costly_page
@with_live_version
def recommended(
    request: HttpRequest, recommender: Recommender, live: LiveVersion
) -> HttpResponse:
    """What suits somebody of the table: a genre, a listener."""
    text = request.GET.get("for", "").strip()

    def answer() -> Context:
        found, links = ask.recommend(live, text, N), Links(recommender, live)
        return _answer_context(found.results, found.caveats, links) | {
            "who": found.user,
            "answer": found,
            "known": [{"name": one.name, "link": links.to(one)} for one in found.known],
            "json": contexts.api_url(recommender, "recommend", **{"for": found.user}),
        }

    context = _one_name_context(recommender.who, text, answer)
    context |= {"choices": _choices(live), "suggest_of": "who"}
    return _page(request, "recommended", recommender, context)


@require_safe
@costly_page
@with_live_version
def taste(
    request: HttpRequest, recommender: Recommender, live: LiveVersion
) -> HttpResponse:
    """What suits somebody who names what they like."""
    likes, dislikes = (lines(request.GET.get(name)) for name in ("likes", "dislikes"))
    context = _texts(request.GET.get, "likes", "dislikes")
    if likes or dislikes:
        try:
            answer = ask.recommend_for(live, likes, N, disliked=dislikes)
        except UnknownName as exc:
            context["not_known"] = _unknown([exc.unknown, *exc.more])
        else:
            context |= {"answered": True, "not_known": _unknown(answer.unknown)}
            links = Links(recommender, live)
            context |= _answer_context(answer.results, answer.caveats, links)
    return _page(request, "taste", recommender, context)


@require_http_methods(["GET", "HEAD", "POST"])
@costly_page
@with_live_version
def clean(
    request: HttpRequest, recommender: Recommender, live: LiveVersion
) -> HttpResponse:
    """A list without what somebody would hate. POST, for a list is long, and private."""
    names = ("likes", "dislikes", "playlist")
    context = _texts(request.POST.get, *names)
    likes, dislikes, playlist = (lines(request.POST.get(name)) for name in names)
    if playlist:
        cleaned = cleaning.clean(live, playlist, liked=likes, disliked=dislikes)
        context |= {
            "cleaned": True,
            "said": _caveat_text(cleaned.caveats),
            "kept": contexts.cleaned_rows(cleaned.entries, keep=True),
            "hated": contexts.cleaned_rows(cleaned.entries, keep=False),
            "not_known": _unknown(cleaned.unknown),
        }
    return _page(request, "clean", recommender, context)


@require_safe
@with_live_version
def suggest(
    request: HttpRequest, recommender: Recommender, live: LiveVersion
) -> HttpResponse:
    """Names that begin as somebody types, for the script of the field."""
    text = request.GET.get("q", "")[:300]
    find = ask.suggest
    if request.GET.get("of") == "who":
        find = ask.suggest_users
    return JsonResponse({"results": contexts.name_choices(find(live, text))})


@require_safe
@costly_page
@with_live_version
def profile(
    request: HttpRequest, recommender: Recommender, live: LiveVersion
) -> HttpResponse:
    """What Last.fm says of an artist of the table, as a part of a page.

    Asks nobody outside; what is no name of the table is never asked about at all.
    """
    code = live.loaded.find_item(request.GET.get("name", "").strip(), 0).code
    if code is None:
        raise Http404("There is no artist of this name in the table.")
    name = live.loaded.item(code).name
    known = tasks.show_profiles([name]) if recommender.ask_lastfm else {}
    found = known.get(name)
    context = {
        "name": name,
        "profile": found,
        # CleanedList when it was fetched (recommenders.answers.lastfm).
        "biography": mark_safe(found.biography) if found else "",
        "recommender": recommender,
    }
    part = request.headers.get("X-Requested-With") == "fetch"
    template = "profile_part" if part else "profile"
    return render(request, f"recommenders/{template}.html", context)


def lines(text: str | None) -> list[str]:
    """The names of a field, one a line."""
    found = [line.strip() for line in (text or "").splitlines()]
    return [line for line in found if line][:MAX_NAMES]


def _one_name_context(called: str, text: str, answer: Callable[[], Context]) -> Context:
    """A page with one field; with an answer once something was typed into it."""
    context: Context = {"asked": text, "ask_label": f"Name: {called}"}
    if not text:
        return context
    try:
        return context | answer()
    except UnknownName as exc:
        return context | {"unknown": contexts.unknown_name(exc.unknown, called)}


def _similar_context(answer: Any, links: Links) -> Context:
    algorithm = find_algorithm(links.live.loaded.manifest["algorithm"])
    return _answer_context(answer.results, answer.caveats, links) | {
        "item": answer.item,
        "facts": _facts(answer.item, links.recommender),
        "closeness_is": f"Closeness is 0 to 100: {algorithm.closeness_is}.",
        "map": contexts.neighbour_map(answer.results, links)
        if answer.results
        else None,
        "map_width": item_map.WIDTH,
        "map_height": item_map.HEIGHT,
        "middle": (item_map.WIDTH / 2, item_map.HEIGHT / 2),
    }


def _facts(item: Any, recommender: Recommender) -> list[tuple[str, str]]:
    if not recommender.how_much:
        return []
    named = recommender.how_much
    return [(named, f"{item.total:,.0f}"), ("on average", f"{item.average:,.1f}")]


def _answer_context(results: Any, caveats: Any, links: Links) -> Context:
    said = _caveat_text(caveats)
    if results and not any(found.closeness for found in results):
        said = f"{said} {NO_DIFFERENCE}".strip()
    shown = contexts.suggestions(results, links)
    return {"suggestions": shown, "said": said, "closeness_is": CLOSENESS_FOR_A_TASTE}


def _caveat_text(caveats: tuple[Caveat, ...]) -> str:
    return " ".join(CAVEATS[caveat] for caveat in caveats)


def _choices(live: LiveVersion) -> list[str]:
    """All there are, where they are few enough to be read."""
    users = live.loaded.users
    return sorted(users.to_pylist()) if len(users) <= MAX_CHOICES else []


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
