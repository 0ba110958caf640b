"""The list where reported Content ID claims are reviewed, many at once."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from songs.licensing import content_claims
from songs.models import ContentClaim
from web.admin import BoundedPaginator, ChoiceFilter, ReadOnlyAdmin

Claims = QuerySet[ContentClaim]
Verdict = ContentClaim.Verdict
DAY = "j M Y"


class VerdictFilter(ChoiceFilter):
    """Shows what waits unless told otherwise."""

    title, parameter_name = "verdict", "show"
    conditions = {
        "waiting": ("Waiting", Q(verdict=None)),
        "accepted": ("Accepted", Q(verdict=Verdict.ACCEPTED)),
        "rejected": ("Rejected", Q(verdict=Verdict.REJECTED)),
        "all": ("All", Q()),
    }

    def value(self) -> str:
        asked = super().value()
        return asked if asked in self.conditions else "waiting"

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        yield from list(super().choices(changelist))[1:]  # not Django's own "All"


@admin.action(
    description="Accept: lowers the licence statement", permissions=["review"]
)
def accept(page: Any, request: HttpRequest, queryset: Claims) -> None:
    page.settle(request, queryset.waiting(), Verdict.ACCEPTED)


@admin.action(description="Reject: changes nothing for anybody", permissions=["review"])
def reject(page: Any, request: HttpRequest, queryset: Claims) -> None:
    page.settle(request, queryset.waiting(), Verdict.REJECTED)


@admin.action(description="Withdraw the acceptance", permissions=["review"])
def withdraw(page: Any, request: HttpRequest, queryset: Claims) -> None:
    """For a claim that was lifted, or accepted by mistake."""
    page.settle(request, queryset.accepted(), None)


@admin.register(ContentClaim)
class ContentClaimAdmin(ReadOnlyAdmin):
    """What people report, and whether it counts. Nothing is written here but verdicts."""

    list_display = ["about", "report", "reported", "state"]
    list_display_links = None
    list_filter = [VerdictFilter]
    list_select_related = ["video"]
    list_per_page = 50
    list_max_show_all = 100
    paginator = BoundedPaginator
    sortable_by = []  # always the latest first
    exclude = ["address"]
    actions = [accept, reject, withdraw]

    class Media:
        css = {"all": ["web/admin.css", "songs/claims.css"]}

    def get_queryset(self, request: HttpRequest) -> Claims:
        return super().get_queryset(request).defer("address", "video__search")

    def has_view_permission(
        self, request: HttpRequest, obj: ContentClaim | None = None
    ) -> bool:
        reviews = self.has_review_permission(request)
        return super().has_view_permission(request, obj) or reviews

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("songs.change_contentclaim")

    @admin.display(description="video")
    def about(self, claim: ContentClaim) -> SafeString:
        where = reverse("admin:songs_newvideo_change", args=[claim.video_id])
        return format_html(
            '<a href="{}">{}</a><a class="channel" href="{}" target="_blank" '
            'rel="noreferrer">on YouTube</a>',
            where,
            claim.video,
            claim.video.watch_url,
        )

    @admin.display(description="claimed by")
    def report(self, claim: ContentClaim) -> SafeString:
        words = '<strong>{}</strong><span class="details">{}</span>'
        return format_html(words, claim.claimant, claim.details)

    @admin.display(description="reported")
    def reported(self, claim: ContentClaim) -> str:
        return date_format(claim.at, DAY)

    @admin.display(description="verdict")
    def state(self, claim: ContentClaim) -> str:
        if not claim.verdict:
            return "Waiting"
        when = date_format(claim.reviewed_at, DAY)
        return f"{Verdict(claim.verdict).label} by {claim.reviewed_by}, {when}"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": "Content ID claims that people report"}
        return super().changelist_view(request, title | (extra_context or {}))

    def settle(
        self, request: HttpRequest, queryset: Claims, verdict: Verdict | None
    ) -> None:
        """Give the verdict (none: withdraw it) to the ticked claims in `queryset`.

        What somebody else has settled meanwhile is left alone, and reported.
        """
        ticked = len(request.POST.getlist("_selected_action"))
        who, word = request.user.get_username(), verdict or "withdrawn"
        with transaction.atomic():
            chosen = list(queryset.select_for_update(of=["self"]).order_by("pk"))
            ids = [claim.pk for claim in chosen]
            if verdict is None:
                done = content_claims.withdraw(ids, who=who)
            else:
                done = content_claims.review(ids, verdict, who=who)
            if chosen:
                LogEntry.objects.log_actions(
                    request.user.pk, chosen, CHANGE, change_message=word
                )
        messages.success(request, f"{done} {word}.")
        if left := max(0, ticked - done):
            messages.warning(request, f"{left} left alone: not in a state for that.")
