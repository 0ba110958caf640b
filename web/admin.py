"""What the admin of several apps shares: read-only tables, cheap counting, filters."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from psycopg2.errors import QueryCanceled


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


MAX_COUNTED = 10_000
COUNT_MS = 100
SET_TIMEOUT = """
    SELECT current_setting('statement_timeout'),
           set_config('statement_timeout', %s, true)"""


class BoundedPaginator(Paginator):
    """Counts at most MAX_COUNTED rows; whoever wants later ones filters first.

    A filter that no index serves may look at all rows to find few. After COUNT_MS
    those that are not counted yet are taken for MAX_COUNTED: the last pages may then
    be empty.
    """

    @cached_property
    def count(self) -> int:
        rows = self.object_list.order_by()[:MAX_COUNTED]
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(SET_TIMEOUT, [f"{COUNT_MS}ms"])
                before = cursor.fetchone()[0]
                counted = rows.count()
                cursor.execute(
                    SET_TIMEOUT, [before]
                )  # for what else the transaction does
                return counted
        except OperationalError as exc:
            if isinstance(exc.__cause__, QueryCanceled):
                return MAX_COUNTED
            raise


class ChoiceFilter(admin.SimpleListFilter):
    """A fixed set of choices, each with its own condition."""

    conditions: dict[str, tuple[str, Q]]  # {value: (label, condition)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in self.conditions:
            return queryset
        return queryset.filter(self.conditions[self.value()][1])
