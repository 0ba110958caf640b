"""The standing searches."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse

from songs.admin.queue_button import queue, warn_without_worker
from songs.ingestion import transport
from songs.models import IngestRun, SearchProfile
from songs.tasks import pull_profile
from songs.youtube.client import KeyRefused


@admin.action(description="Pull now", permissions=["change"])
def pull_now(
    profiles: Any, request: HttpRequest, queryset: QuerySet[SearchProfile]
) -> None:
    try:
        transport.youtube_transport()
    except KeyRefused as exc:
        messages.error(request, f"Not queued: {exc}")
        return
    for profile in queryset:
        queue(request, pull_profile, profile.pk)


@admin.action(description="Start from the beginning", permissions=["change"])
def reset_cursor(
    profiles: Any, request: HttpRequest, queryset: QuerySet[SearchProfile]
) -> None:
    messages.success(
        request,
        f"{queryset.update(cursor={})} start from the beginning at the next run.",
    )


@admin.register(SearchProfile)
class SearchProfileAdmin(admin.ModelAdmin):
    list_display = ["name", "query", "enabled", "last_run", "last_found"]
    readonly_fields = ["cursor", "last_run", "last_found"]
    actions = [pull_now, reset_cursor]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "GET":
            warn_without_worker(request)
        return super().changelist_view(request, extra_context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SearchProfile]:
        newest = IngestRun.objects.filter(profile=OuterRef("pk")).order_by("-id")
        return (
            super()
            .get_queryset(request)
            .annotate(
                **{
                    f"run_{column}": Subquery(newest.values(column)[:1])
                    for column in ("started", "status", "found", "new")
                }
            )
        )

    @admin.display(description="last run", empty_value="never")
    def last_run(self, profile: SearchProfile) -> str | None:
        if not profile.run_started:
            return None
        status = IngestRun.Status(profile.run_status).label
        return f"{profile.run_started:%Y-%m-%d %H:%M} {status}"

    @admin.display(description="it found")
    def last_found(self, profile: SearchProfile) -> str | None:
        if profile.run_found is None:
            return None
        return f"{profile.run_found} videos, {profile.run_new} new"
