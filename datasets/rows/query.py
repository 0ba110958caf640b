"""Which rows somebody asks for: out of a query, and back into a link.

`datasets.rows.read` answers it.
"""

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
MOST_CONDITIONS = 10


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose `column` is so; `value` is text, and read as the column's type."""

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
    total: int  # how many rows there are that could be asked for


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

    @classmethod
    def of(cls, params: QueryDict, *, show: str = "page") -> RowQuery:
        """What a query says; raises BadQuestion where it makes no sense."""
        chosen = params.get("show", show)
        if chosen not in SHOWS:
            raise BadQuestion(f"Say one of {', '.join(SHOWS)}, not {chosen[:50]}.")
        return cls(
            show=chosen,
            version=whole(params, "version", None, least=1),
            limit=whole(params, "limit", PAGE if chosen == "page" else FEW, most=MOST),
            seed=whole(params, "seed", 0),
            offset=whole(params, "offset", 0),
            sort=params.get("sort", ""),
            descending=params.get("order") == "down",
            conditions=conditions(params),
            column=whole(params, "column", 1, least=1),
        )

    def query(self, *, shown: int = COLUMNS, **changes: Any) -> str:
        """The query that says the same but for the changes; "" where it says nothing.

        So many columns are `shown` where the query does not say how many.
        """
        asked = replace(self, **changes)
        said = {
            "show": asked.show if asked.show != "page" else None,
            "version": asked.version,
            "limit": asked.limit if asked.limit not in (PAGE, FEW) else None,
            "seed": asked.seed if asked.show == "random" else None,
            "offset": asked.offset or None,
            "sort": asked.sort or None,
            "order": "down" if asked.sort and asked.descending else None,
            "column": asked.column if asked.column > 1 else None,
            "columns": asked.columns if asked.columns != shown else None,
        }
        pairs = [(name, value) for name, value in said.items() if value is not None]
        for one in asked.conditions:
            pairs += [("where", one.column), ("op", one.op), ("value", one.value)]
        return f"?{urlencode(pairs)}" if pairs else ""


def conditions(params: QueryDict) -> tuple[Filter, ...]:
    """Those of a query: `where`, `op` and `value` as often as there are conditions."""
    lists = [params.getlist(name) for name in ("where", "op", "value")]
    if len({len(values) for values in lists}) > 1:
        raise BadQuestion("Say `where`, `op` and `value` equally often.")
    if len(lists[0]) > MOST_CONDITIONS:
        raise BadQuestion(f"At most {MOST_CONDITIONS} conditions.")
    return tuple(Filter(*one) for one in zip(*lists, strict=True) if one[0])


def whole(
    params: Mapping[str, str],
    name: str,
    default: Any,
    *,
    least: int = 0,
    most: int = FARTHEST,
) -> Any:
    """A whole number of the query, or the default where it says none."""
    text = params.get(name) or ""
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise BadQuestion(f"`{name}` is a whole number.")
    if not least <= int(text) <= most:
        raise BadQuestion(f"`{name}` is from {least} to {most}.")
    return int(text)
