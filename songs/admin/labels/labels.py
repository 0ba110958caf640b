"""The history of labels, with the pages about who gave them and who agrees."""

from itertools import islice
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path

from songs.admin.labels.frame import label_page, may_revert, tabs
from songs.admin.labels.revert import revert_labels
from songs.labelling import agreement, record
from songs.labelling.labellers import labellers
from songs.labelling.record import LabelConflict, LabelState
from songs.models import Mood, MoodLabel, NewVideo
from web.admin import BoundedPaginator, ReadOnlyAdmin

DISPUTES = 50  # named on the page; all of them are counted
Votes = dict[Mood, int]
NAMES = 100  # to filter by; more are found by searching


class WhoFilter(admin.SimpleListFilter):
    title = parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = MoodLabel.objects.order_by("who").values_list("who", flat=True)
        return [(name, name) for name in names.distinct()[:NAMES]]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[MoodLabel]
    ) -> QuerySet[MoodLabel]:
        return queryset.filter(who=self.value()) if self.value() else queryset


class WithTakenBack:
    """Mixed into an admin or inline of acts: the column `stands`."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[MoodLabel]:
        return super().get_queryset(request).with_taken_back()

    @admin.display(description="counts", boolean=True)
    def stands(self, event: MoodLabel) -> bool | None:
        """No where it was taken back; None for a note of a revert, which never counts."""
        return None if event.source == MoodLabel.Source.REVERT else not event.taken_back


@admin.register(MoodLabel)
class MoodLabelAdmin(WithTakenBack, ReadOnlyAdmin):
    list_display = ["at", "video_id", "action", "mood", "who", "source", "stands"]
    list_filter = ["action", "mood", "source", WhoFilter]
    search_fields = ["=video__video_id", "=who"]
    ordering = ["-id"]
    raw_id_fields = ["video"]
    paginator = BoundedPaginator

    class Media:
        css = {"all": ["songs/labels.css"]}

    def get_urls(self) -> list[URLPattern]:
        def page(view: Any) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("agreement/", page(self.agreement), name="songs_agreement"),
            path("people/", page(self.people), name="songs_labellers"),
            path("take-back/", page(revert_labels), name="songs_take_back"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"title": "History of labels", "tabs": tabs(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def people(self, request: HttpRequest) -> HttpResponse:
        """Everybody who labelled videos: how many, how, and who agrees."""
        self.check_may_see(request)
        context = {
            "labellers": labellers(),
            "moods": list(Mood),
            "may_revert": may_revert(request),
        }
        return label_page(request, "labellers", "People and imports", context)

    def agreement(self, request: HttpRequest) -> HttpResponse:
        """How far people agree, and the videos that they dispute."""
        self.check_may_see(request)
        if request.method == "POST":
            resolve_dispute(request)
            return HttpResponseRedirect(f"{request.path}#disputed")
        disputed = agreement.disputed()
        context = {
            "agreement": agreement.measure(agreement.ratings()),
            "enough": agreement.ENOUGH,
            "moods": list(Mood),
            "n_disputed": len(disputed),
            "disputes": _with_videos(dict(islice(disputed.items(), DISPUTES))),
            "may_decide": may_decide(request),
        }
        return label_page(request, "agreement", "Agreement", context)

    def check_may_see(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def may_decide(request: HttpRequest) -> bool:
    return request.user.has_perm("songs.change_newvideo")


def resolve_dispute(request: HttpRequest) -> None:
    """Resolve a dispute; the button holds the mood, and the label that was shown."""
    if not may_decide(request):
        raise PermissionDenied
    try:
        video_id, mood, seen = request.POST["decide"].split()
        mood, expected = Mood(mood), LabelState(Mood(seen), True)
        video = NewVideo.objects.only("video_title").get(pk=video_id)
    except (KeyError, ValueError, NewVideo.DoesNotExist) as exc:
        raise BadRequest("This is no list of disputes that we sent.") from exc
    try:
        who = request.user.get_username()
        record.resolve_dispute(video_id, mood, who=who, expected=expected)
    except LabelConflict as exc:
        messages.error(request, f"{exc} Not saved; look again.")
    else:
        messages.success(request, f"Decided: “{video}” is {mood.label}.")


def _with_videos(votes: dict[str, Votes]) -> list[tuple[NewVideo, Votes]]:
    videos = NewVideo.objects.only("video_id", "video_title", "moods").in_bulk(votes)
    return [(videos[video_id], votes[video_id]) for video_id in votes]
