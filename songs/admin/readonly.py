"""Tables that people may read in the admin but not write."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class ReadOnly:
    """Mixed into a ModelAdmin or an inline: seeing is all there is."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
