"""The pages that show datasets: the list, a dataset, its rows, a column, progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
from datasets.rows.query import FEW, RowQuery, parse_row_query
from pages.datasets import row_table
from pages.datasets.column import ColumnView
from web.rate_limits import costly_page

A_PAGE = 24  # datasets
COLUMNS_OF_A_PAGE = 24
FEW_COLUMNS = 12  # of the rows on the page of a dataset
MAX_MISSING, MAX_REFUSED = 10, 20
NEW_SEED = 10_000  # seeds are below; short, for they stand in links
UNDER_WAY = (VersionState.WAITING, VersionState.RUNNING)


def visible(request: HttpRequest, slug: str) -> Dataset:
    """Return the dataset of an address if this person may see it; raises Http404."""
    datasets = Dataset.objects.visible_to(request.user).select_related("owner")
    return get_object_or_404(datasets, slug=slug)


def chosen(dataset: Dataset, number: int | None) -> DatasetVersion | None:
    """Return a version by its number, or the newest; None where none is stored yet."""
    if number is None:
        return dataset.current
    return get_object_or_404(dataset.versions.ready(), number=number)


@require_safe
def list_datasets(request: HttpRequest) -> HttpResponse:
    """List the datasets that are shared and stored, and one's own."""
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
    """Show what a dataset is, some of its rows, and what each column holds."""
    dataset = visible(request, slug)
    query = _parse(request, show="first")
    version = chosen(dataset, query.version)
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
        with _gone_as_404():
            context |= _version_context(request, version, query)
    return render(request, "datasets/show.html", context)


@require_safe
@costly_page
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    """Show any rows, sorted and filtered; each page has an address of its own."""
    dataset = visible(request, slug)
    query = _parse(request)
    version = chosen(dataset, query.version)
    if version is None:
        raise Http404("Nothing of it is stored yet.")
    with _gone_as_404():
        context = row_table.page(version, query)
    context |= {
        "dataset": dataset,
        "version": version,
        "tabs": _tabs(query, request.path),
        "of_version": _of_version(query),
        "browsing": query.show == "page",
    }
    wrong = 503 if context.get("slow") else 400
    status = wrong if context.get("problem") else 200
    return render(request, "datasets/rows.html", context, status=status)


@require_safe
@costly_page
def column(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the whole profile of one column."""
    dataset = visible(request, slug)
    query = _parse(request)
    version = chosen(dataset, query.version)
    if version is None or not 1 <= number <= version.n_columns:
        raise Http404("There is no such column.")
    numbers = range(max(1, number - 1), min(number + 1, version.n_columns) + 1)
    with _gone_as_404():
        some = profiles.some(version, numbers)
    stored, problem = dict(zip(numbers, some, strict=True)), ""
    try:
        profile = read.profile(version, stored[number])
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
        "of_version": _of_version(query),
        "and_version": _of_version(query).replace("?", "&"),
    }
    return render(
        request, "datasets/column.html", context, status=503 if problem else 200
    )


@require_safe
def progress(request: HttpRequest, slug: str) -> JsonResponse:
    """Return how far the storing is, for the script of the page."""
    versions = visible(request, slug).versions.light().filter(state__in=UNDER_WAY)
    version = versions.first()
    if version is None:
        return JsonResponse({"under_way": False})
    now = {"under_way": True, "text": _progress_text(version), "done": version.done}
    return JsonResponse(now | {"total": version.total})


@contextmanager
def _gone_as_404() -> Iterator[None]:
    """Raise Http404 where the files of a version are gone."""
    try:
        yield
    except FilesGone as exc:
        raise Http404(str(exc)) from exc


def _parse(request: HttpRequest, *, show: str = "page") -> RowQuery:
    """Parse the query string; where it makes no sense, show the default and why."""
    try:
        return parse_row_query(request.GET, show=show)
    except BadQuestion as exc:
        messages.error(request, str(exc))
        return RowQuery(show=show)


def _version_context(
    request: HttpRequest, version: DatasetVersion, query: RowQuery
) -> dict[str, Any]:
    if query.show == "page":
        query = replace(query, show="first")
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
        "of_version": _of_version(query),
        "tabs": _tabs(replace(query, limit=FEW), request.path, page=False),
        "column_page": column_page,
        "columns": [ColumnView(*one, version.n_rows) for one in shown],
        "find": find,
        "missing": [
            {"name": names[number - 1], "nulls": n, "part": n / version.n_rows}
            for number, n in missing[:MAX_MISSING]
        ],
        "n_missing": len(missing),
        "refused": version.refused,
        "dialect": _dialect(version),
        "report_lines": _report_lines(version),
        "json": row_table.api_link(version, replace(query, limit=FEW)),
        "download": row_table.download_link(version, RowQuery(version=query.version)),
        "may_train": request.user.has_perm("recommenders.add_recommender"),
    } | _some_rows(version, query)


def _some_rows(version: DatasetVersion, query: RowQuery) -> dict[str, Any]:
    """A few rows, or why they cannot be shown."""
    try:
        return {
            "table": row_table.some(version, replace(query, limit=FEW), FEW_COLUMNS)
        }
    except FilesGone:
        raise
    except BadQuestion as exc:
        return {"rows_problem": str(exc)}


def _dialect(version: DatasetVersion) -> list[tuple[str, str]]:
    """Return how the file was read, as far as that applies to its kind."""
    if version.kind.startswith("parquet"):
        return []
    dialect = version.dialect
    encoding = [("Encoding", dialect.get("encoding", ""))]
    if not version.kind.startswith("csv"):
        return encoding
    shown = {"\t": "tab", " ": "space"}
    delimiter = dialect.get("delimiter", "")
    header = "in the first line" if dialect.get("header") else "none"
    return [
        *encoding,
        ("Delimiter", shown.get(delimiter, delimiter)),
        ("Quotes", dialect.get("quote") or "are data"),
        ("Names of columns", "given" if dialect.get("names") else header),
    ]


def _report_lines(version: DatasetVersion) -> list[str]:
    """Return what the reader of a published table dropped or doubts."""
    if not version.reading:
        return []
    from datasets import published  # heavy, and seldom needed

    return published.report_lines(published.ReadReport(**version.reading))


def _tabs(query: RowQuery, path: str, *, page: bool = True) -> list[dict[str, Any]]:
    """Return links to the kinds of rows; each link to random ones draws others."""
    base = RowQuery(version=query.version, column=query.column)
    links = {
        "first": ("First 10", base.to_url(show="first", limit=FEW)),
        "last": ("Last 10", base.to_url(show="last", limit=FEW)),
        "random": (
            "Random 10",
            base.to_url(show="random", limit=FEW, seed=randrange(NEW_SEED)),
        ),
    }
    if page:
        links = {"page": ("All", base.to_url(show="page")), **links}
    return [
        {"name": name, "link": f"{path}{url}", "current": show == query.show}
        for show, (name, url) in links.items()
    ]


def _of_version(query: RowQuery) -> str:
    return f"?version={query.version}" if query.version else ""


def _is_mine(dataset: Dataset, request: HttpRequest) -> bool:
    return Dataset.objects.editable_by(request.user).filter(pk=dataset.pk).exists()


def _under_way(versions: list[DatasetVersion], *, mine: bool) -> dict[str, Any]:
    """Describe versions that are not ready; a stranger sees progress only."""
    now = next((one for one in versions if one.state in UNDER_WAY), None)
    last = versions[0] if versions else None
    failed = last if mine and last and last.state == VersionState.FAILED else None
    draft = last if mine and last and last.state == VersionState.DRAFT else None
    return {
        "under_way": now,
        "progress_text": now and _progress_text(now),
        "no_worker": now and not worker.is_running() and worker.NO_WORKER,
        "failed": failed,
        "draft": draft,
    }


def _progress_text(version: DatasetVersion) -> str:
    if version.state == VersionState.WAITING:
        return "It waits for its turn."
    return f"{version.done} % done"


def _entry(dataset: Dataset, request: HttpRequest) -> dict[str, Any]:
    """Describe a dataset of the list. A stranger sees nothing that is not stored yet."""
    mine = dataset.owner_id == request.user.pk
    versions = dataset.all_versions
    current = next((one for one in versions if one.state == VersionState.READY), None)
    latest = next(iter(versions), None) if mine else current
    return {"dataset": dataset, "current": current, "latest": latest, "mine": mine}
