"""The standing searches."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from songs.models import IngestRun, SearchProfile


@admin.register(SearchProfile)
class SearchProfileAdmin(admin.ModelAdmin):
    list_display = ["name", "query", "enabled", "last_run", "last_found"]
    readonly_fields = ["cursor", "last_run", "last_found"]

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
