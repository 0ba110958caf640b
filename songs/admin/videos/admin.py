"""The list of videos, where people label them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import F, QuerySet
from django.forms import BaseModelFormSet, Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from songs.admin.labels.labels import WithTakenBack
from songs.admin.queue_button import queue
from songs.admin.videos.actions import LABELLING, export_csv
from songs.admin.videos.display import LONG_COLUMNS, likeliest_moods, thumbnail_url
from songs.admin.videos.filters import VIDEO_FILTERS
from songs.admin.videos.form import LabelForm
from songs.admin.videos.search import find_videos
from songs.labelling import record
from songs.labelling.record import LabelConflict, LabelState
from songs.models import Mood, MoodLabel, NewVideo
from songs.tasks import predict_moods
from web.admin import BoundedPaginator, ReadOnly


class History(WithTakenBack, ReadOnly, admin.TabularInline):
    """The label events of this video, latest first."""

    model = MoodLabel
    verbose_name_plural = "history of labels"
    fields = readonly_fields = ["at", "who", "source", "action", "mood", "stands"]
    ordering = ["-at", "-id"]


def chip(mood: str, confidence: float) -> SafeString:
    return format_html(
        '<span class="mood" data-mood="{}">{}</span> {}&nbsp;%',
        mood,
        Mood(mood).label,
        round(100 * confidence),
    )


@admin.register(NewVideo)
class NewVideoAdmin(admin.ModelAdmin):
    form = LabelForm
    list_display = ["thumbnail", "video_id", "title", "moods", "labeled", "prediction"]
    list_display_links = ["video_id"]
    list_editable = ["moods", "labeled"]
    list_filter = VIDEO_FILTERS
    list_per_page = 50
    list_max_show_all = 100
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["video_id"]  # shows the box; get_search_results does the work
    search_help_text = "An id, a mood, or words of the title, the tags or the channel."
    sortable_by = []  # always the newest first, as an index has them
    ordering = [F("published_at").desc(nulls_last=True), "video_id"]
    inlines = [History]
    actions = [*LABELLING, export_csv]

    class Media:
        css = {"all": ["web/admin.css"]}
        js = ["songs/admin.js"]

    # --- what is shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[NewVideo]:
        return super().get_queryset(request).defer(*LONG_COLUMNS)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[NewVideo], bool]:
        matches = find_videos(queryset, search_term) if search_term else queryset
        return matches, False

    def get_readonly_fields(
        self, request: HttpRequest, obj: NewVideo | None = None
    ) -> list[str]:
        hidden = {"moods", "labeled", "search", "predicted_moods", "mood_scores"}
        columns = [field.name for field in NewVideo._meta.fields]
        return ["thumbnail", "scores", *(c for c in columns if c not in hidden)]

    def get_fields(
        self, request: HttpRequest, obj: NewVideo | None = None
    ) -> list[str]:
        return ["moods", "labeled", *self.get_readonly_fields(request, obj)]

    @admin.display(description="video")
    def thumbnail(self, video: NewVideo) -> SafeString:
        url = thumbnail_url(video)
        image = format_html('<img src="{}" alt="" loading="lazy">', url) if url else ""
        return format_html(
            '<a class="thumbnail" href="{}" target="_blank" rel="noreferrer" '
            'aria-label="{} on YouTube">{}</a>',
            video.watch_url,
            video,
            image,
        )

    @admin.display(description="title")
    def title(self, video: NewVideo) -> SafeString:
        return format_html(
            '<span class="title">{}</span><a class="channel" href="?channel={}">{}</a>',
            video.video_title or "—",
            video.channel_id or "",
            video.channel_title or "",
        )

    @admin.display(description="predicted mood")
    def prediction(self, video: NewVideo) -> SafeString | None:
        mood = video.predicted_moods
        return chip(mood, video.mood_scores.get(mood, 0)) if mood else None

    @admin.display(description="predicted moods")
    def scores(self, video: NewVideo) -> SafeString | None:
        scores = likeliest_moods(video.mood_scores)
        return format_html_join(" ", "{}", ((chip(*item),) for item in scores)) or None

    # --- what people may do

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: NewVideo | None = None
    ) -> bool:
        return False  # labels are never lost

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> NewVideo | None:
        if (
            request.method == "POST"
        ):  # what the form compares must still hold when saved
            NewVideo.objects.select_for_update().filter(pk=object_id).first()
        return super().get_object(request, object_id, from_field)

    def save_model(
        self, request: HttpRequest, obj: NewVideo, form: Form, change: bool
    ) -> None:
        if form.has_changed():
            self.set_label(request, obj.pk, form.label, expected=form.seen)

    def log_change(self, request: HttpRequest, obj: NewVideo, message: Any) -> None:
        """Nothing: the history has the act, and the log would keep the title for ever."""

    def set_label(
        self,
        request: HttpRequest,
        video_id: str,
        label: LabelState,
        *,
        expected: LabelState | None,
    ) -> bool:
        return record.set_label(
            video_id,
            label,
            who=request.user.get_username(),
            source=MoodLabel.Source.ADMIN,
            expected=expected,
        )

    # --- the editable list

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[Form]:
        return super().get_changelist_form(request, form=LabelForm, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        exporting = request.POST.get("action") == export_csv.__name__
        if not exporting and not self.has_change_permission(request):
            raise PermissionDenied
        if "_save" in request.POST:
            return self.save_list(request)
        if "_predict" in request.POST:
            queue(request, predict_moods)
            return HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    def save_list(self, request: HttpRequest) -> HttpResponse:
        """Save each changed row by itself; show the page again if some are refused."""
        formset = self.posted_rows(request)
        changed = [form for form in formset.forms if form.has_changed()]
        saved = sum(self.save_row(request, form) for form in changed)
        if saved:
            messages.success(request, f"{saved} saved.")
        if saved == len(changed):
            return HttpResponseRedirect(request.get_full_path())
        messages.error(
            request, f"{len(changed) - saved} not saved: the reason stands in the row."
        )
        return self.list_with_rows(request, formset)

    def seen_on_page(self, request: HttpRequest) -> dict[str, LabelState | None]:
        """What the page showed, by video id, when an action was chosen on it."""
        rows = self.posted_rows(request).forms
        return {form.instance.pk: form.seen for form in rows}

    def posted_rows(self, request: HttpRequest) -> BaseModelFormSet:
        formset_class = self.get_changelist_formset(request)
        videos = self._get_list_editable_queryset(
            request, formset_class.get_default_prefix()
        )
        formset = formset_class(request.POST, queryset=videos)
        if any(form.instance._state.adding for form in formset.forms):
            raise BadRequest("This is not a list of videos that we sent.")
        return formset

    def save_row(self, request: HttpRequest, form: LabelForm) -> bool:
        if not form.is_valid():
            return False
        video_id = form.instance.pk
        try:
            self.set_label(request, video_id, form.label, expected=form.seen)
        except LabelConflict:  # since the form looked, a moment ago
            current = LabelState.of(NewVideo.objects.get(pk=video_id))
            form.add_error(None, form.conflict(current))
            form.show(current)
            return False
        form.show(form.label)
        return True

    def list_with_rows(
        self, request: HttpRequest, formset: BaseModelFormSet
    ) -> HttpResponse:
        """The list as it was posted, in its order: the page may have moved on."""
        request.method = "GET"
        response = super().changelist_view(request)
        changes = response.context_data["cl"]
        changes.formset = formset
        changes.result_list = [form.instance for form in formset.forms]
        return response
