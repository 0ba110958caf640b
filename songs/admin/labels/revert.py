"""Reverting many label events of one person: chosen, previewed, confirmed, undone."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import pluralize
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from songs.admin.labels.frame import label_page, may_revert, may_see_reverts, tabs
from songs.labelling import revert
from songs.labelling.revert import Selection
from songs.models import LabelRevert, MoodLabel
from web.admin import ReadOnlyAdmin

LARGEST_ID = 2**63 - 1
SOURCES = [
    (value, label)
    for value, label in MoodLabel.Source.choices
    if value != MoodLabel.Source.REVERT
]
LATER = "This is earlier than the time from which on events are taken back."
REVERTS = "admin:songs_labelrevert_changelist"


class Moment(forms.DateTimeField):
    """A time in UTC, as browsers ask for it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})


class ChoiceForm(forms.Form):
    """Whose events, and which of them."""

    whose = forms.ChoiceField(label="Who")
    source = forms.ChoiceField(
        label="Given by way of", choices=[("", "any way"), *SOURCES], required=False
    )
    since = Moment(label="From (UTC)", required=False)
    until = Moment(label="Until (UTC), included", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = MoodLabel.objects.exclude(source=MoodLabel.Source.REVERT)
        names = events.order_by("who").values_list("who", flat=True).distinct()
        self.fields["whose"].choices = [(name, name) for name in names]

    def clean_until(self) -> Any:
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until < since:
            raise ValidationError(LATER)
        return until

    @property
    def selection(self) -> Selection:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return Selection(**given)


class ConfirmForm(forms.Form):
    """What the preview showed: the newest of the events."""

    last_act = forms.IntegerField(min_value=1, max_value=LARGEST_ID)


@require_http_methods(["GET", "HEAD", "POST"])
def revert_labels(request: HttpRequest) -> HttpResponse:
    """Choose events, see what becomes of the labels without them, and confirm."""
    if not may_revert(request):
        raise PermissionDenied
    if request.method == "POST":
        return _confirmed(request)
    form = ChoiceForm(request.GET if "whose" in request.GET else None)
    preview = revert.preview(form.selection) if form.is_valid() else None
    context = {"form": form, "preview": preview, "shown": revert.SHOWN}
    return label_page(request, "take_back", "Take labels back", context)


def _confirmed(request: HttpRequest) -> HttpResponse:
    chosen, seen = ChoiceForm(request.POST), ConfirmForm(request.POST)
    if not (chosen.is_valid() and seen.is_valid()):
        raise BadRequest("This is no preview that we sent.")
    events = revert.revert(
        chosen.selection,
        last_act=seen.cleaned_data["last_act"],
        who=request.user.get_username(),
    )
    if events:
        text = f"{events:,} event{pluralize(events)} of {chosen.selection.whose} taken back."
        messages.success(request, text)
    else:
        messages.warning(request, "Nothing changed: they had been taken back before.")
    return HttpResponseRedirect(reverse(REVERTS))


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """See what becomes of the labels if the events count again, and confirm."""
    if not may_revert(request):
        raise PermissionDenied
    row = get_object_or_404(LabelRevert, pk=pk)
    if request.method == "POST":
        if revert.undo(row, who=request.user.get_username()):
            messages.success(request, f"The events of {row.whose} count again.")
        else:
            messages.warning(request, "Nothing changed: it had been undone before.")
        return HttpResponseRedirect(reverse(REVERTS))
    preview = None if row.undone_at else revert.preview_undo(row)
    context = {"revert": row, "preview": preview, "shown": revert.SHOWN}
    return label_page(request, "undo", "Let labels count again", context)


@admin.register(LabelRevert)
class LabelRevertAdmin(ReadOnlyAdmin):
    """What was taken back, by whom, and whether it still is."""

    list_display = ["at", "who", "whose", "given_by", "when", "n_acts", "undone"]
    list_display_links = None
    list_select_related = False
    exclude = ["acts"]  # there may be a hundred thousand

    class Media:
        css = {"all": ["songs/labels.css"]}

    def has_view_permission(
        self, request: HttpRequest, obj: LabelRevert | None = None
    ) -> bool:
        return may_see_reverts(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LabelRevert]:
        return super().get_queryset(request).annotate(n_acts=Count("acts"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(undo)
        return [
            path("<int:pk>/undo/", view, name="songs_labelrevert_undo"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "title": "Labels taken back",
            "tabs": tabs(request),
            "may_revert": may_revert(request),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.display(description="given by way of", empty_value="any way")
    def given_by(self, revert: LabelRevert) -> str | None:
        return revert.get_source_display()

    @admin.display(description="from and until")
    def when(self, revert: LabelRevert) -> str:
        ends = [
            f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (revert.since, revert.until)
        ]
        return " – ".join(ends) if any(ends) else "always"

    @admin.display(description="acts", ordering=F("n_acts"))
    def n_acts(self, revert: LabelRevert) -> str:
        return f"{revert.n_acts:,}"

    @admin.display(description="")
    def undone(self, revert: LabelRevert) -> SafeString | str:
        if revert.undone_at:
            return f"undone {revert.undone_at:%Y-%m-%d %H:%M} by {revert.undone_by}"
        return format_html(
            '<a href="{}">Undo…</a>',
            reverse("admin:songs_labelrevert_undo", args=[revert.pk]),
        )
