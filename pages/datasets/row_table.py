"""Rows of a dataset for a page: a table, links to sort, links to neighbouring pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from datasets.errors import BadQuestion, FilesGone, QuestionTooSlow
from datasets.models import DatasetVersion
from datasets.rows import profiles, read
from datasets.rows.query import COLUMNS, Filter, RowPage, RowQuery
from pages.datasets.table import Heading, Table, table

COMPARISONS = (
    ("is", "is"),
    ("is_not", "is not"),
    ("contains", "contains"),
    ("at_least", "is at least"),
    ("at_most", "is at most"),
    ("missing", "is missing"),
    ("present", "is there"),
)
MAX_NAMES = 1_000  # that the fields suggest


def some(version: DatasetVersion, query: RowQuery, n_columns: int) -> Table:
    """Return rows of the first columns, without links to sort by."""
    shown = profiles.some(version, range(1, n_columns + 1))
    headings = [Heading(column["name"], column["type"]) for column in shown]
    page = read.rows(version, query, [heading.name for heading in headings])
    return _table(version, headings, page)


def page(version: DatasetVersion, query: RowQuery) -> dict[str, Any]:
    """Return the context of the page of rows; `problem` where the query is a bad one."""
    first = min(query.column, max(version.n_columns, 1))
    query = replace(query, column=first)
    shown = profiles.some(version, range(first, first + query.columns))
    context: dict[str, Any] = {
        "query": query,
        "filter_lines": [*query.conditions, Filter("", "is")],  # room for one more
        "comparisons": COMPARISONS,
        "names": profiles.names(version, most=MAX_NAMES),
        "names_left_out": max(0, version.n_columns - MAX_NAMES),
    }
    try:
        result = read.rows(version, query, [column["name"] for column in shown])
    except FilesGone:
        raise
    except QuestionTooSlow as exc:
        return context | {"problem": str(exc), "slow": True}
    except BadQuestion as exc:
        return context | {"problem": str(exc)}
    headings = [_heading(column, query) for column in shown]
    return (
        context
        | {
            "table": _table(version, headings, result),
            "found": result.total,
            "filtered": bool(query.conditions),
            "json": api_link(version, query),
            "download": download_link(version, query),
        }
        | _steps(version, query, result, len(shown))
    )


def api_link(version: DatasetVersion, query: RowQuery) -> str:
    """Return the address of the same rows as JSON."""
    return f"/api/datasets/{version.dataset.slug}/rows/{query.to_url(shown=0)}"


def download_link(version: DatasetVersion, query: RowQuery) -> str:
    """Return the address of the whole version, to which a format is appended."""
    of_version = f"version={query.version}&" if query.version else ""
    return f"/api/datasets/{version.dataset.slug}/download/?{of_version}format="


def _table(version: DatasetVersion, headings: list[Heading], page: RowPage) -> Table:
    numbers = [number + 1 for number in page.numbers]
    return table(headings, page.rows, n_columns=version.n_columns, numbers=numbers)


def _heading(column: dict[str, Any], query: RowQuery) -> Heading:
    name = column["name"]
    is_sorted = query.sort == name and query.show == "page"
    link = query.to_url(
        show="page", sort=name, descending=is_sorted and not query.descending, offset=0
    )
    order = "descending" if query.descending else "ascending"
    return Heading(name, column["type"], link, order if is_sorted else "")


def _steps(
    version: DatasetVersion, query: RowQuery, page: RowPage, n_shown: int
) -> dict[str, Any]:
    """Return where the page is among rows and columns, and links to its neighbours."""
    first, n_columns = query.column, version.n_columns
    after = first + n_shown
    steps: dict[str, Any] = {
        "columns_from": first,
        "columns_to": after - 1,
        "left": first > 1 and query.to_url(column=max(1, first - COLUMNS)),
        "right": after <= n_columns and query.to_url(column=after),
        "where": f"{len(page.rows):,} rows",
    }
    if query.show == "page":
        end = query.offset + len(page.rows)
        begin = query.offset + 1 if page.rows else query.offset
        before = max(0, query.offset - query.limit)
        steps |= {
            "where": f"Rows {begin:,} to {end:,} of {page.total:,}",
            "previous": query.offset > 0 and query.to_url(offset=before),
            "next": end < page.total and query.to_url(offset=end),
        }
    elif query.show == "random":
        steps["where"] += f", drawn with the seed {query.seed}"
    return steps
