"""What the jobs did and what they cost: to be read, never edited."""

from django.contrib import admin

from songs.models import Comment, IngestRun, QuotaDay, RefusedVideo
from web.admin import BoundedPaginator, ReadOnlyAdmin


@admin.register(IngestRun)
class IngestRunAdmin(ReadOnlyAdmin):
    list_display = [
        "started",
        "ended",
        "job",
        "profile",
        "status",
        "total",
        "found",
        "new",
        "updated",
        "unchanged",
        "refused",
        "calls",
        "error",
    ]
    list_filter = ["job", "status", "origin"]
    list_select_related = ["profile"]
    paginator = BoundedPaginator


@admin.register(QuotaDay)
class QuotaDayAdmin(ReadOnlyAdmin):
    list_display = ["day", "bucket", "origin", "used", "exhausted"]
    list_filter = ["origin", "bucket"]
    ordering = ["-day", "bucket"]


@admin.register(RefusedVideo)
class RefusedVideoAdmin(ReadOnlyAdmin):
    list_display = ["video_id", "reason", "origin", "refused_at"]
    search_fields = ["=video_id"]
    ordering = ["video_id"]
    paginator = BoundedPaginator


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["comment_id", "video_id", "author", "text", "published_at"]
    search_fields = ["=comment_id", "=video__video_id"]
    ordering = ["comment_id"]
    paginator = BoundedPaginator
