"""Pages about the mood model beside the list of its versions. What changes it is POST."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from songs.admin.mood_models.progress import progress
from songs.admin.queue_button import queue
from songs.models import MoodModel, NewVideo
from songs.predictions import releases
from songs.predictions.ledger import ChangeReason, PromotionError
from songs.predictions.registry import mood_ledger
from songs.predictions.releases import SHIPPED
from songs.predictions.report import render_report
from songs.tasks import predict_moods, promote_moods, retrain_moods

LIST = "admin:songs_moodmodel_changelist"

View = Callable[..., HttpResponse]


class ReasonForm(forms.Form):
    """Why somebody changes the live model; kept in its history."""

    reason = forms.CharField(
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Kept in the history of promotions.",
    )


def may_view(request: HttpRequest) -> bool:
    permissions = ("songs.view_moodmodel", "songs.change_moodmodel")
    return any(request.user.has_perm(permission) for permission in permissions)


def may_change(request: HttpRequest) -> bool:
    return request.user.has_perm("songs.change_moodmodel")


def allowed(test: Callable[[HttpRequest], bool]) -> Callable[[View], View]:
    """Refuse a request that does not pass the test."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if not test(request):
                raise PermissionDenied
            return view(request, **arguments)

        return guarded

    return decorate


@require_safe
@allowed(may_view)
def show_progress(request: HttpRequest) -> JsonResponse:
    """How far the work on the model is, for the script that watches it."""
    now = progress()
    return JsonResponse({**asdict(now), "under_way": now.under_way})


@require_safe
@allowed(may_view)
def report(request: HttpRequest, version: str) -> HttpResponse:
    """The page of `evaluate_moods --report` about one version."""
    figures = _report_on(version)
    if not figures:
        raise Http404("There is no report on this version.")
    ids = [mistake["video_id"] for mistake in figures["mistakes"]]
    titles = NewVideo.objects.filter(pk__in=ids).exclude(video_title=None)
    versions = [
        {
            "version": release.version,
            "created": release.created.isoformat(timespec="seconds"),
            "live": release.live,
            "metrics": release.manifest.get("metrics", {}),
        }
        for release in releases.every()
    ]
    page = render_report(
        figures,
        versions,
        titles=dict(titles.values_list("pk", "video_title")),
        back_to=reverse(LIST),
    )
    return HttpResponse(page)


def _report_on(version: str) -> dict[str, Any] | None:
    if version == SHIPPED:
        return releases.shipped_report()
    row = get_object_or_404(MoodModel.objects.only("report"), pk=version)
    return row.report if row.report and "metrics" in row.report else None


@require_POST
@allowed(may_change)
def retrain(request: HttpRequest) -> HttpResponse:
    """Have the worker train on today's labels and apply the rule."""
    queue(request, retrain_moods, request.user.get_username())
    return redirect(LIST)


@require_http_methods(["GET", "POST"])
@allowed(may_change)
def promote(request: HttpRequest, version: str) -> HttpResponse:
    """Ask the rule about a version, or promote it against the rule with a reason."""
    row = get_object_or_404(releases.stored(), pk=version)
    who = request.user.get_username()
    if "_rule" in request.POST:
        queue(request, promote_moods, version, who)
        return redirect(LIST)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = ChangeReason(who, form.cleaned_data["reason"], forced=True)
        return _change(request, lambda: mood_ledger.promote(version, reason))
    context = {"title": f"Promote {version}", "form": form}
    return _page(request, "promote", context | {"release": releases.Release.of(row)})


@require_http_methods(["GET", "POST"])
@allowed(may_change)
def rollback(request: HttpRequest) -> HttpResponse:
    """Go back to the version before, after asking."""
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason, seen = form.cleaned_data["reason"], request.POST.get("live", "")
        who = request.user.get_username()
        return _change(
            request, lambda: mood_ledger.roll_back(who=who, reason=reason, seen=seen)
        )
    try:
        before = mood_ledger.previous()
    except PromotionError as exc:
        messages.error(request, str(exc))
        return redirect(LIST)
    context = {"title": "Roll back the mood model", "form": form, "before": before}
    return _page(request, "rollback", context | {"live": mood_ledger.live_version()})


def _change(request: HttpRequest, change: Callable[[], object]) -> HttpResponse:
    """Change the live model and have the worker predict with it."""
    try:
        change()
    except PromotionError as exc:
        messages.error(request, f"Nothing changed: {exc}")
    else:
        name = mood_ledger.live_version() or "The shipped model"
        messages.success(request, f"{name} is live now.")
        queue(request, predict_moods)
    return redirect(LIST)


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    shared = admin.site.each_context(request) | {"opts": MoodModel._meta}
    template = f"admin/songs/moodmodel/{name}.html"
    return render(request, template, shared | context)
