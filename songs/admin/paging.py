"""Counting that stays cheap on a table of any size."""

from django.core.paginator import Paginator
from django.db import OperationalError, connection, transaction
from django.utils.functional import cached_property
from psycopg2.errors import QueryCanceled

MOST_COUNTED = 10_000
COUNT_MS = 100
WITHIN = """
    SELECT current_setting('statement_timeout'),
           set_config('statement_timeout', %s, true)"""


class BoundedPaginator(Paginator):
    """Counts at most MOST_COUNTED rows; whoever wants later ones filters first.

    A filter that no index serves may look at all rows to find few. After COUNT_MS
    those that are not counted yet are taken for MOST_COUNTED: the last pages may then
    be empty.
    """

    @cached_property
    def count(self) -> int:
        rows = self.object_list.order_by()[:MOST_COUNTED]
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(WITHIN, [f"{COUNT_MS}ms"])
                before = cursor.fetchone()[0]
                counted = rows.count()
                cursor.execute(WITHIN, [before])  # for what else the transaction does
                return counted
        except OperationalError as exc:
            if isinstance(exc.__cause__, QueryCanceled):
                return MOST_COUNTED
            raise
