"""The pages of datasets: which there are, what is in them, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import randrange
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from background import registry, worker
from datasets.errors import BadQuestion, FilesGone
from datasets.models import Dataset, DatasetVersion, VersionState
from datasets.rows import profiles, read
from datasets.rows.query import FEW, RowQuery
from pages.datasets import row_table
from pages.datasets.column import ColumnView
from web.rate_limits import costly_page

A_PAGE = 24  # datasets
COLUMNS_OF_A_PAGE = 24
FEW_COLUMNS = 12  # of the rows on the page of a dataset
MOST_MISSING, MOST_REFUSED = 10, 20
NEW_SEED = 10_000  # seeds are below; short, for they stand in links
UNDER_WAY = (VersionState.WAITING, VersionState.RUNNING)


def visible(request: HttpRequest, slug: str) -> Dataset:
    """What the address names, if this person may see it; else there is nothing."""
    found = Dataset.objects.visible_to(request.user).select_related("owner")
    return get_object_or_404(found, slug=slug)


def chosen(dataset: Dataset, number: int | None) -> DatasetVersion | None:
    """A version by its number, or the newest; None where none is stored yet."""
    if number is None:
        return dataset.current
    return get_object_or_404(dataset.versions.ready(), number=number)


@require_safe
def list_datasets(request: HttpRequest) -> HttpResponse:
    """Those that are shared and stored, and one's own."""
    versions = DatasetVersion.objects.light().order_by("-number")
    rows = Dataset.objects.listed_for(request.user).select_related("owner")
    rows = rows.prefetch_related(Prefetch("versions", versions, to_attr="all_versions"))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    entries = [_entry(row, request) for row in page]
    context = {"datasets": entries, "page": page}
    return render(request, "datasets/list.html", context)


@require_safe
@costly_page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """What a dataset is, some of its rows, and what each column holds."""
    dataset = visible(request, slug)
    asked = _asked(request, show="first")
    version = chosen(dataset, asked.version)
    versions = list(dataset.versions.light())
    mine = _is_mine(dataset, request)
    listed = [one for one in versions if mine or one.state == VersionState.READY]
    context = {
        "dataset": dataset,
        "mine": mine,
        "dependents": registry.count_dependents(dataset),
        "versions": listed,
    }
    context |= _under_way(versions, mine=mine)
    if version is not None:
        context |= _found(lambda: _described(request, version, asked))
    return render(request, "datasets/show.html", context)


@require_safe
@costly_page
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    """Any rows, sorted and filtered; each page has an address of its own."""
    dataset = visible(request, slug)
    asked = _asked(request)
    version = chosen(dataset, asked.version)
    if version is None:
        raise Http404("Nothing of it is stored yet.")
    context = _found(lambda: row_table.page(version, asked)) | {
        "dataset": dataset,
        "version": version,
        "tabs": _tabs(asked, request.path),
        "of_version": _of_version(asked),
        "browsing": asked.show == "page",
    }
    wrong = 503 if context.get("slow") else 400
    status = wrong if context.get("problem") else 200
    return render(request, "datasets/rows.html", context, status=status)


@require_safe
@costly_page
def column(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Everything that is known of one column."""
    dataset = visible(request, slug)
    asked = _asked(request)
    version = chosen(dataset, asked.version)
    if version is None or not 1 <= number <= version.n_columns:
        raise Http404("There is no such column.")
    numbers = range(max(1, number - 1), min(number + 1, version.n_columns) + 1)
    found = _found(lambda: profiles.some(version, numbers))
    stored, problem = dict(zip(numbers, found, strict=True)), ""
    try:
        profile = read.described(version, stored[number])
    except BadQuestion as exc:
        profile, problem = stored[number], str(exc)
    views = {at: ColumnView(at, one, version.n_rows) for at, one in stored.items()}
    context = {
        "dataset": dataset,
        "version": version,
        "column": ColumnView(number, profile, version.n_rows, large=True),
        "problem": problem,
        "before": views.get(number - 1),
        "after": views.get(number + 1),
        "of_version": _of_version(asked),
        "and_version": _of_version(asked).replace("?", "&"),
    }
    return render(
        request, "datasets/column.html", context, status=503 if problem else 200
    )


@require_safe
def progress(request: HttpRequest, slug: str) -> JsonResponse:
    """How far the storing is, for the script that watches it."""
    versions = visible(request, slug).versions.light().filter(state__in=UNDER_WAY)
    one = versions.first()
    if one is None:
        return JsonResponse({"under_way": False})
    now = {"under_way": True, "text": _how_far(one), "done": one.done}
    return JsonResponse(now | {"total": one.total})


def _found(read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What is read; not found where the files of a version are gone."""
    try:
        return read()
    except FilesGone as exc:
        raise Http404(str(exc)) from exc


def _asked(request: HttpRequest, *, show: str = "page") -> RowQuery:
    """What the query asks; where that makes no sense, the usual with the reason."""
    try:
        return RowQuery.of(request.GET, show=show)
    except BadQuestion as exc:
        messages.error(request, str(exc))
        return RowQuery(show=show)


def _described(
    request: HttpRequest, version: DatasetVersion, asked: RowQuery
) -> dict[str, Any]:
    if asked.show == "page":
        asked = replace(asked, show="first")
    names = profiles.names(version)
    find = request.GET.get("column", "").strip()
    named = [n for n, name in enumerate(names, 1) if find.lower() in name.lower()]
    column_page = Paginator(named, COLUMNS_OF_A_PAGE).get_page(
        request.GET.get("columns")
    )
    numbers = column_page.object_list
    shown = zip(numbers, profiles.some(version, numbers), strict=True)
    missing = profiles.lacking(version)
    return {
        "version": version,
        "of_version": _of_version(asked),
        "tabs": _tabs(replace(asked, limit=FEW), request.path, page=False),
        "column_page": column_page,
        "columns": [ColumnView(*one, version.n_rows) for one in shown],
        "find": find,
        "missing": [
            {"name": names[number - 1], "nulls": n, "part": n / version.n_rows}
            for number, n in missing[:MOST_MISSING]
        ],
        "n_missing": len(missing),
        "refused": version.refused,
        "dialect": _dialect(version),
        "told": _told(version),
        "json": row_table.api_link(version, replace(asked, limit=FEW)),
        "download": row_table.download_link(version, RowQuery(version=asked.version)),
        "may_train": request.user.has_perm("recommenders.add_recommender"),
    } | _some_rows(version, asked)


def _some_rows(version: DatasetVersion, asked: RowQuery) -> dict[str, Any]:
    """A few rows, or why they cannot be shown."""
    try:
        return {
            "table": row_table.some(version, replace(asked, limit=FEW), FEW_COLUMNS)
        }
    except FilesGone:
        raise
    except BadQuestion as exc:
        return {"rows_problem": str(exc)}


def _dialect(version: DatasetVersion) -> list[tuple[str, str]]:
    """How the file was read, as far as that says something about its kind."""
    if version.kind.startswith("parquet"):
        return []
    said = version.dialect
    encoding = [("Encoding", said.get("encoding", ""))]
    if not version.kind.startswith("csv"):
        return encoding
    shown = {"\t": "tab", " ": "space"}
    delimiter = said.get("delimiter", "")
    header = "in the first line" if said.get("header") else "none"
    return [
        *encoding,
        ("Delimiter", shown.get(delimiter, delimiter)),
        ("Quotes", said.get("quote") or "are data"),
        ("Names of columns", "given" if said.get("names") else header),
    ]


def _told(version: DatasetVersion) -> list[str]:
    """What the reader of a published table left out or doubts."""
    if not version.reading:
        return []
    from datasets import published  # what it reads with is heavy, and seldom wanted

    return published.told(published.ReadReport(**version.reading))


def _tabs(asked: RowQuery, path: str, *, page: bool = True) -> list[dict[str, Any]]:
    """Links to the kinds of rows; each link to random ones draws others."""
    said = RowQuery(version=asked.version, column=asked.column)
    ways = {
        "first": ("First 10", said.query(show="first", limit=FEW)),
        "last": ("Last 10", said.query(show="last", limit=FEW)),
        "random": (
            "Random 10",
            said.query(show="random", limit=FEW, seed=randrange(NEW_SEED)),
        ),
    }
    if page:
        ways = {"page": ("All", said.query(show="page")), **ways}
    return [
        {"name": name, "link": f"{path}{query}", "current": show == asked.show}
        for show, (name, query) in ways.items()
    ]


def _of_version(asked: RowQuery) -> str:
    return f"?version={asked.version}" if asked.version else ""


def _is_mine(dataset: Dataset, request: HttpRequest) -> bool:
    return Dataset.objects.editable_by(request.user).filter(pk=dataset.pk).exists()


def _under_way(versions: list[DatasetVersion], *, mine: bool) -> dict[str, Any]:
    """What the page says of versions that are not ready; a stranger sees progress only."""
    now = next((one for one in versions if one.state in UNDER_WAY), None)
    last = versions[0] if versions else None
    failed = last if mine and last and last.state == VersionState.FAILED else None
    draft = last if mine and last and last.state == VersionState.DRAFT else None
    return {
        "under_way": now,
        "progress_text": now and _how_far(now),
        "no_worker": now and not worker.is_running() and worker.NO_WORKER,
        "failed": failed,
        "draft": draft,
    }


def _how_far(version: DatasetVersion) -> str:
    if version.state == VersionState.WAITING:
        return "It waits for its turn."
    return f"{version.done} % done"


def _entry(dataset: Dataset, request: HttpRequest) -> dict[str, Any]:
    """A dataset of the list. A stranger sees nothing of what is not stored yet."""
    mine = dataset.owner_id == request.user.pk
    versions = dataset.all_versions
    current = next((one for one in versions if one.state == VersionState.READY), None)
    latest = next(iter(versions), None) if mine else current
    return {"dataset": dataset, "current": current, "latest": latest, "mine": mine}
