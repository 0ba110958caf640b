"""Whom the admin does not let in for now, and the form that it asks with."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from accounts.lockout import LOCKED_FOR, MAX_FAILURES, unlock
from accounts.login_form import AdminSignInForm
from accounts.models import FailedSignIns
from web.admin import BoundedPaginator, ReadOnlyAdmin

Failed = QuerySet[FailedSignIns]

admin.site.login_form = AdminSignInForm


@admin.register(FailedSignIns)
class FailedSignInsAdmin(ReadOnlyAdmin):
    """Names that passwords were tried for within the last minutes, each of one network.

    A name that nobody has is not kept: it may be a password in the wrong field.
    """

    list_display = ["whose", "failures", "latest", "state"]
    list_display_links = None
    list_select_related = ["user"]
    ordering = ["-latest"]
    sortable_by = []
    paginator = BoundedPaginator
    exclude = ["who"]
    actions = ["unlock"]

    class Media:
        css = {"all": ["web/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> Failed:
        recent = timezone.now() - LOCKED_FOR
        return super().get_queryset(request).filter(latest__gt=recent)

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.delete_failedsignins")

    @admin.display(description="name")
    def whose(self, failed: FailedSignIns) -> str:
        return str(failed.user or "a name that nobody has")

    @admin.display(description="state")
    def state(self, failed: FailedSignIns) -> str:
        ends = date_format(failed.latest + LOCKED_FOR, "H:i")
        locked = failed.failures >= MAX_FAILURES
        return f"locked until {ends} UTC" if locked else f"forgotten at {ends} UTC"

    @admin.action(description="Unlock: forget what failed", permissions=["unlock"])
    def unlock(self, request: HttpRequest, chosen: Failed) -> None:
        known = list(chosen)
        LogEntry.objects.log_actions(
            request.user.pk, known, CHANGE, change_message="Unlocked."
        )
        number = unlock(chosen)
        self.message_user(request, f"{number} unlocked.", messages.SUCCESS)
