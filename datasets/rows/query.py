"""Row queries: which rows of a version are requested, parsed and turned into links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from datasets.errors import BadQuestion

FEW, PAGE, MOST = 10, 50, 200  # rows
COLUMNS = 20  # shown at once
FARTHEST = 2**53  # of what a query may count, as JSON's numbers can
SHOWS = ("first", "last", "random", "page")
MAX_CONDITIONS = 10


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on `column`; `value` is text, and read as the column's type."""

    column: str
    op: str  # a key of OPS
    value: str = ""


OPS = {  # {c}: the column, {v}: the value
    "is": "{c} = {v}",
    "is_not": "{c} IS DISTINCT FROM {v}",
    "contains": "contains(lower({c}::VARCHAR), lower({v}))",
    "at_least": "{c} >= {v}",
    "at_most": "{c} <= {v}",
    "missing": "{c} IS NULL",
    "present": "{c} IS NOT NULL",
}


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows; `numbers` say where they are in the table, from 0."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    numbers: list[int]
    total: int  # of the rows that match


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Rows of a version. `seed` is for random ones; the rest for any page of them."""

    show: str = "page"
    version: int | None = None  # None: the newest
    limit: int = PAGE
    seed: int = 0
    offset: int = 0
    sort: str = ""
    descending: bool = False
    conditions: tuple[Filter, ...] = ()
    column: int = 1  # the first one shown
    columns: int = COLUMNS  # how many are shown

    def to_url(self, *, shown: int = COLUMNS, **changes: Any) -> str:
        """Return the query string with the changes; "" where all is default.

        So many columns are `shown` where the query string does not say how many.
        """
        query = replace(self, **changes)
        params = {
            "show": query.show if query.show != "page" else None,
            "version": query.version,
            "limit": query.limit if query.limit not in (PAGE, FEW) else None,
            "seed": query.seed if query.show == "random" else None,
            "offset": query.offset or None,
            "sort": query.sort or None,
            "order": "down" if query.sort and query.descending else None,
            "column": query.column if query.column > 1 else None,
            "columns": query.columns if query.columns != shown else None,
        }
        pairs = [(name, value) for name, value in params.items() if value is not None]
        for condition in query.conditions:
            pairs += [
                ("where", condition.column),
                ("op", condition.op),
                ("value", condition.value),
            ]
        return f"?{urlencode(pairs)}" if pairs else ""


def parse_row_query(params: QueryDict, *, show: str = "page") -> RowQuery:
    """Parse the query string of a page; raises BadQuestion where it makes no sense."""
    show = params.get("show", show)
    if show not in SHOWS:
        raise BadQuestion(f"Say one of {', '.join(SHOWS)}, not {show[:50]}.")
    return RowQuery(
        show=show,
        version=_whole_number(params, "version", None, least=1),
        limit=_whole_number(
            params, "limit", PAGE if show == "page" else FEW, most=MOST
        ),
        seed=_whole_number(params, "seed", 0),
        offset=_whole_number(params, "offset", 0),
        sort=params.get("sort", ""),
        descending=params.get("order") == "down",
        conditions=_parse_conditions(params),
        column=_whole_number(params, "column", 1, least=1),
    )


def _parse_conditions(params: QueryDict) -> tuple[Filter, ...]:
    """Zip `where`, `op` and `value`, each as often as there are conditions."""
    lists = [params.getlist(name) for name in ("where", "op", "value")]
    if len({len(values) for values in lists}) > 1:
        raise BadQuestion("Say `where`, `op` and `value` equally often.")
    if len(lists[0]) > MAX_CONDITIONS:
        raise BadQuestion(f"At most {MAX_CONDITIONS} conditions.")
    return tuple(Filter(*parts) for parts in zip(*lists, strict=True) if parts[0])


def _whole_number(
    params: Mapping[str, str],
    name: str,
    default: int | None,
    *,
    least: int = 0,
    most: int = FARTHEST,
) -> Any:
    text = params.get(name) or ""
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise BadQuestion(f"`{name}` is a whole number.")
    if not least <= int(text) <= most:
        raise BadQuestion(f"`{name}` is from {least} to {most}.")
    return int(text)
