"""Rows of a dataset made ready for a page: a table, links to sort, steps beside it."""

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
MOST_NAMES = 1_000  # that the fields suggest


def some(version: DatasetVersion, asked: RowQuery, n_columns: int) -> Table:
    """Rows of the first columns, without links to sort by."""
    shown = profiles.some(version, range(1, n_columns + 1))
    headings = [Heading(column["name"], column["type"]) for column in shown]
    found = read.rows(version, asked, [heading.name for heading in headings])
    return _table(version, headings, found)


def page(version: DatasetVersion, asked: RowQuery) -> dict[str, Any]:
    """All that the page of rows shows; `problem` where the question is a bad one."""
    first = min(asked.column, max(version.n_columns, 1))
    asked = replace(asked, column=first)
    shown = profiles.some(version, range(first, first + asked.columns))
    context: dict[str, Any] = {
        "asked": asked,
        "filter_lines": _lines(asked),
        "comparisons": COMPARISONS,
        "names": profiles.names(version, most=MOST_NAMES),
        "names_left_out": max(0, version.n_columns - MOST_NAMES),
    }
    try:
        found = read.rows(version, asked, [column["name"] for column in shown])
    except FilesGone:
        raise
    except QuestionTooSlow as exc:
        return context | {"problem": str(exc), "slow": True}
    except BadQuestion as exc:
        return context | {"problem": str(exc)}
    headings = [_heading(column, asked) for column in shown]
    return (
        context
        | {
            "table": _table(version, headings, found),
            "found": found.total,
            "filtered": bool(asked.conditions),
            "json": api_link(version, asked),
            "download": download_link(version, asked),
        }
        | _steps(version, asked, found, len(shown))
    )


def api_link(version: DatasetVersion, asked: RowQuery) -> str:
    """The same as JSON."""
    query = asked.query(shown=0)
    return f"/api/datasets/{version.dataset.slug}/rows/{query}"


def download_link(version: DatasetVersion, asked: RowQuery) -> str:
    """The whole version; the name of a format is to follow."""
    query = RowQuery(version=asked.version).query()
    joint = "&" if query else "?"
    return f"/api/datasets/{version.dataset.slug}/download/{query}{joint}format="


def _table(version: DatasetVersion, headings: list[Heading], found: RowPage) -> Table:
    numbers = [number + 1 for number in found.numbers]
    return table(headings, found.rows, n_columns=version.n_columns, numbers=numbers)


def _heading(column: dict[str, Any], asked: RowQuery) -> Heading:
    name = column["name"]
    here = asked.sort == name and asked.show == "page"
    link = asked.query(
        show="page", sort=name, descending=here and not asked.descending, offset=0
    )
    order = "descending" if asked.descending else "ascending"
    return Heading(name, column["type"], link, order if here else "")


def _steps(
    version: DatasetVersion, asked: RowQuery, found: RowPage, n_shown: int
) -> dict[str, Any]:
    """Where the page is among the rows and columns, and the links to those beside it."""
    first, n_columns = asked.column, version.n_columns
    after = first + n_shown
    steps: dict[str, Any] = {
        "columns_from": first,
        "columns_to": after - 1,
        "left": first > 1 and asked.query(column=max(1, first - COLUMNS)),
        "right": after <= n_columns and asked.query(column=after),
        "where": f"{len(found.rows):,} rows",
    }
    if asked.show == "page":
        end = asked.offset + len(found.rows)
        begin = asked.offset + 1 if found.rows else asked.offset
        before = max(0, asked.offset - asked.limit)
        steps |= {
            "where": f"Rows {begin:,} to {end:,} of {found.total:,}",
            "previous": asked.offset > 0 and asked.query(offset=before),
            "next": end < found.total and asked.query(offset=end),
        }
    elif asked.show == "random":
        steps["where"] += f", drawn with the seed {asked.seed}"
    return steps


def _lines(asked: RowQuery) -> list[Filter]:
    """The conditions, and room for one more."""
    return [*asked.conditions, Filter("", "is")]
