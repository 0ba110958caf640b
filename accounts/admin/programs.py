"""The tokens of programs: created with their text shown once, bounded, revoked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import F, Q
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format

from accounts import programs
from accounts.models import (
    NAME_TAKEN,
    ProgramToken,
    ProgramTokenQuerySet,
    Scope,
)
from web.admin import ChoiceFilter

SHOWN_ONCE = "admin/accounts/programtoken/shown_once.html"
DAY = "j M Y"
EXPIRED = Q(expires__lte=Now())


class StateFilter(ChoiceFilter):
    title, parameter_name = "state", "state"
    conditions = {
        "valid": ("Valid", Q(revoked=None) & ~EXPIRED),
        "expired": ("Expired", Q(revoked=None) & EXPIRED),
        "revoked": ("Revoked", Q(revoked__isnull=False)),
    }


class ProgramTokenForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What it may do. Reading what everybody may read needs none.",
    )

    def clean_name(self) -> str:
        """Here, for Django checks no constraint on a column that the form lacks."""
        name = self.cleaned_data["name"]
        others = ProgramToken.objects.exclude(pk=self.instance.pk)
        if others.filter(name=name, revoked=None).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return name

    def clean_expires(self) -> Any:
        expires = self.cleaned_data["expires"]
        new = "expires" in self.changed_data
        if new and expires is not None and expires <= timezone.now():
            raise forms.ValidationError("This is over already.")
        return expires


@admin.register(ProgramToken)
class ProgramTokenAdmin(admin.ModelAdmin):
    form = ProgramTokenForm
    list_display = ["name", "may", "quota", "used", "state"]
    list_filter = [StateFilter]
    search_fields = ["name"]
    ordering = [F("revoked").desc(nulls_first=True), "name"]
    sortable_by = []
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ["revoke"]
    editable = ["name", "scopes", "per_minute", "per_day", "expires"]
    read_only = ["created", "last_used", "revoked"]

    class Media:
        css = {"all": ["web/admin.css", "accounts/programs.css"]}

    def get_fieldsets(
        self, request: HttpRequest, obj: ProgramToken | None = None
    ) -> Any:
        if obj is not None:
            return [(None, {"fields": [*self.editable, *self.read_only]})]
        once = "The text of the token is shown once, as soon as you have saved it here."
        return [(None, {"fields": self.editable, "description": once})]

    def get_readonly_fields(
        self, request: HttpRequest, obj: ProgramToken | None = None
    ) -> Sequence[str]:
        return self.read_only

    def has_change_permission(
        self, request: HttpRequest, obj: ProgramToken | None = None
    ) -> bool:
        """A revoked token stays as it was."""
        over = obj is not None and obj.revoked is not None
        return not over and super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: ProgramToken | None = None
    ) -> bool:
        return False  # revoked ones tell who could do what

    @admin.display(description="may")
    def may(self, token: ProgramToken) -> str:
        return ", ".join(token.scopes) or "read"

    @admin.display(description="at most")
    def quota(self, token: ProgramToken) -> str:
        return f"{token.per_minute:,} a minute, {token.per_day:,} a day"

    @admin.display(description="last used")
    def used(self, token: ProgramToken) -> str:
        when = token.last_used
        return date_format(when, f"{DAY}, H:i") if when else "never used"

    @admin.display(description="state")
    def state(self, token: ProgramToken) -> str:
        if token.revoked:
            return f"revoked {date_format(token.revoked, DAY)}"
        if not token.expires:
            return "valid"
        valid = token.expires > timezone.now()
        return (
            f"{'valid until' if valid else 'expired'} {date_format(token.expires, DAY)}"
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, buttons | (extra_context or {}))

    def save_model(
        self, request: HttpRequest, obj: ProgramToken, form: Any, change: bool
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.text = programs.issue(obj)

    def response_add(
        self, request: HttpRequest, obj: ProgramToken, post_url_continue: Any = None
    ) -> HttpResponse:
        """The one page that has the text; it is kept in no session and by no cache."""
        context = self.admin_site.each_context(request) | {
            "title": f"The token of {obj.name}",
            "opts": self.opts,
            "token": obj,
            "text": obj.text,
        }
        return TemplateResponse(request, SHOWN_ONCE, context)

    @admin.action(description="Revoke the selected tokens", permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: ProgramTokenQuerySet) -> None:
        valid = list(chosen.filter(revoked=None))
        LogEntry.objects.log_actions(
            request.user.pk, valid, CHANGE, change_message="Revoked."
        )
        number = programs.revoke(chosen)
        self.message_user(request, f"{number} tokens revoked.", messages.SUCCESS)
