"""The pages of recommenders: which there are, and what each is. What changes is POST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from background import worker
from datasets.models import Dataset
from pages.recommenders.context import api_url
from pages.recommenders.model import described, score_of, versions_of
from recommenders import tasks
from recommenders.models import Recommender, RecommenderVersion, TrainingState
from recommenders.training import edit, in_progress
from recommenders.versions.registry import RecommenderLedger
from songs.predictions.ledger import ChangeReason, PromotionError

DELETED = 0  # the key of no version
A_PAGE = 24


def visible(request: HttpRequest, slug: str) -> Recommender:
    """What the address names, if this person may see it; else there is nothing."""
    found = Recommender.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("dataset", "owner"), slug=slug)


def editable(request: HttpRequest, slug: str) -> Recommender:
    """The same, if this person may change it."""
    return get_object_or_404(Recommender.objects.editable_by(request.user), slug=slug)


@require_safe
def list_recommenders(request: HttpRequest) -> HttpResponse:
    """Those that are shared, and one's own."""
    live = RecommenderVersion.objects.filter(live=True).defer("report", "manifest")
    rows = Recommender.objects.visible_to(request.user).select_related("dataset")
    rows = rows.prefetch_related(Prefetch("versions", live, to_attr="live_versions"))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    entries = [_entry(row, request) for row in page]
    context = {"entries": entries, "page": page}
    return render(request, "recommenders/list.html", context)


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """What it was trained on, how good it is, and its versions."""
    recommender = visible(request, slug)
    mine = Recommender.objects.editable_by(request.user).filter(pk=recommender.pk)
    versions = _versions(recommender)
    begun = next((one for one in versions if one.state in in_progress.STATES), None)
    live = next((one for one in versions if one.live), None)
    failed = (
        versions[0] if versions and versions[0].state == TrainingState.FAILED else None
    )
    context = {
        "recommender": recommender,
        "tab": "model",
        "mine": mine.exists(),
        "dataset_is_visible": Dataset.objects.visible_to(request.user)
        .filter(pk=recommender.dataset_id)
        .exists(),
        "live": live,
        "failed": failed,
        "in_progress": begun,
        "progress_text": begun and _how_far(begun),
        "no_worker": begun and not worker.is_running() and worker.NO_WORKER,
        "versions": versions_of(versions),
        "history": recommender.promotions.select_related("version").order_by("-id")[
            :50
        ],
        "rollback_to": _before(recommender),
        "json": api_url(recommender),
    }
    return render(
        request, "recommenders/model.html", context | described(recommender, live)
    )


@require_safe
def progress(request: HttpRequest, slug: str) -> JsonResponse:
    """How far the training is, for the script that watches it."""
    recommender = visible(request, slug)
    versions = recommender.versions.filter(state__in=in_progress.STATES)
    one = versions.only("state", "step", "done", "total").first()
    if one is None or in_progress.fail_abandoned(recommender):
        return JsonResponse({"under_way": False})
    now = {"under_way": True, "text": _how_far(one), "done": one.done}
    return JsonResponse(now | {"total": one.total})


@require_POST
@login_required
def train(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the worker train a version on the newest rows."""
    recommender = editable(request, slug)
    start(request, recommender)
    return redirect("recommender", slug)


@require_POST
@login_required
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Let everybody ask it, or nobody else."""
    recommender = editable(request, slug)
    recommender.shared = bool(request.POST.get("shared"))
    recommender.save(update_fields=["shared"])
    messages.success(
        request, "It is shared." if recommender.shared else "Only you see it now."
    )
    return redirect("recommender", slug)


@require_POST
@login_required
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete it with all versions and files, for whoever ticked that this is meant."""
    recommender = editable(request, slug)
    if not request.POST.get("sure"):
        messages.error(request, "Nothing is deleted: say that you are sure.")
        return redirect("recommender", slug)
    edit.delete(recommender)
    messages.success(request, f"{recommender} is deleted.")
    return redirect("recommenders")


@require_POST
@login_required
def promote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make a version answer, whatever the rule says of it, for a reason."""
    recommender = editable(request, slug)
    version = get_object_or_404(recommender.versions, number=number)

    def change() -> int:
        who, why = request.user.get_username(), request.POST.get("reason", "")
        reason = ChangeReason(who, why[:500], forced=True)
        RecommenderLedger(recommender).promote(version.pk, reason)
        return version.pk

    return _changed(request, recommender, change)


@require_POST
@login_required
def roll_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Go back to the version before the one that the person saw."""
    recommender = editable(request, slug)
    number, seen = request.POST.get("of", ""), None
    if number.isascii() and number.isdigit():
        found = recommender.versions.filter(number=number)
        seen = found.values_list("pk", flat=True).first() or DELETED

    def change() -> int:
        return RecommenderLedger(recommender).roll_back(
            who=request.user.get_username(),
            reason=request.POST.get("reason", "")[:500],
            seen=seen,
        )

    return _changed(request, recommender, change)


def start(request: HttpRequest, recommender: Recommender) -> None:
    """Queue a training and say so, or why not."""
    try:
        version = tasks.start_training(recommender, who=request.user.get_username())
    except in_progress.TrainingFailed as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"Version {version.number} is in the queue.")


def _changed(
    request: HttpRequest, recommender: Recommender, change: Callable[[], int]
) -> HttpResponse:
    try:
        version = recommender.versions.get(pk=change())
    except PromotionError as exc:
        messages.error(request, f"Nothing changed: {exc}")
    else:
        messages.success(request, f"Version {version.number} answers now.")
    return redirect("recommender", recommender.slug)


def _versions(recommender: Recommender) -> list[RecommenderVersion]:
    """All, the newest first; none that looks under way and is not."""
    rows = recommender.versions.select_related("dataset_version")
    if any(one.state in in_progress.STATES for one in rows):
        in_progress.fail_abandoned(recommender)
    return list(rows.all())


def _before(recommender: Recommender) -> RecommenderVersion | None:
    ledger = RecommenderLedger(recommender)
    if not ledger.can_roll_back():
        return None
    return recommender.versions.get(pk=ledger.previous())


def _how_far(version: RecommenderVersion) -> str:
    if version.state == TrainingState.WAITING:
        return "It waits for its turn."
    part = f": {100 * version.done / version.total:.0f} %" if version.total else ""
    return f"{version.step.capitalize()}{part}"


def _entry(recommender: Recommender, request: HttpRequest) -> dict[str, Any]:
    live = next(iter(recommender.live_versions), None)
    page = "similar" if live else "recommender"
    return {
        "recommender": recommender,
        "live": live,
        "link": reverse(page, args=[recommender.slug]),
        "score": live and score_of(live.evaluation),
        "mine": recommender.owner_id == request.user.pk,
    }
