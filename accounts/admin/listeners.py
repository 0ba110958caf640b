"""Listeners and their tokens: to be seen, and signed out."""

from django.contrib import admin, messages
from django.http import HttpRequest

from accounts import listeners
from accounts.models import Account, Token, TokenQuerySet
from web.admin import ReadOnlyAdmin


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["id", "name", "email", "created"]
    search_fields = ["email", "name"]
    ordering = ["-id"]


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    list_display = ["id", "account", "created", "expires", "revoked"]
    list_select_related = ["account"]
    search_fields = ["=account__email"]
    ordering = ["-id"]
    exclude = ["digest"]
    actions = ["revoke"]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_token")

    @admin.action(description="Revoke the selected tokens", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: TokenQuerySet) -> None:
        number = listeners.revoke(chosen)
        self.message_user(request, f"{number} tokens revoked.", messages.SUCCESS)
