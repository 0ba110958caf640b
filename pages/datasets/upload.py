"""The pages of an upload: send files, check how each is read, have it stored."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from datasets.errors import NoRoom, UploadRefused
from datasets.models import Dataset, DatasetVersion, VersionState
from datasets.parsing.dialect import ENCODINGS, Dialect
from datasets.parsing.errors import NotATable
from datasets.storage.delete import discard
from datasets.upload import receive
from pages.datasets.forms import DialectForm, UploadForm
from pages.datasets.table import Heading, Table, table

if TYPE_CHECKING:
    from datasets.parsing.preview import TablePreview

N_ROWS = 20
MAX_COLUMNS = 30
TOGETHER = timedelta(minutes=10)  # between the files of one upload


# Who may not upload is sent away before the body is read. The check against forged
# requests reads all of it, so it comes after.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("datasets.add_dataset", raise_exception=True)
def upload(request: HttpRequest) -> HttpResponse:
    """Receive files, and go to the page on which they are checked."""
    try:
        return _upload(request)
    except RequestDataTooBig as exc:
        problem, status = str(exc), HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    except NoRoom as exc:
        problem, status = str(exc), HTTPStatus.INSUFFICIENT_STORAGE
    form = UploadForm({})
    form.add_error("files", problem)
    return _page(request, form, status=status)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        received = _receive(form, request)
        if received:
            return redirect("check", received[0].dataset.slug, received[0].number)
    return _page(request, form)


def _page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "most": settings.DATASET_UPLOAD_BYTES}
    return render(request, "datasets/upload.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def check(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Preview how a file is read; store it so, or discard it."""
    version = get_object_or_404(
        DatasetVersion.objects.filter(
            dataset__in=Dataset.objects.editable_by(request.user)
        ).select_related("dataset"),
        dataset__slug=slug,
        number=number,
    )
    if version.state not in receive.REREADABLE:
        return redirect("dataset", slug)
    if request.method == "POST" and request.POST.get("do") == "discard":
        return _discard(request, version)
    data = request.POST if request.method == "POST" else request.GET
    form = DialectForm.of(version, data)
    if request.method == "POST" and (form is None or form.is_valid()):
        return _store(request, version, form)
    return _show(request, version, form)


def _receive(form: UploadForm, request: HttpRequest) -> list[DatasetVersion]:
    """Receive what can be; the form says what is wrong with the others."""
    data, received = form.cleaned_data, []
    texts = {name: data[name] for name in ("description", "licence_note")}
    for file in data["files"]:
        try:
            received.append(receive.receive(request.user, data["name"], file, **texts))
        except (NotATable, UploadRefused) as exc:
            problem = f"{receive.base_name(file.name or '')}: {exc}"
            form.add_error("files", problem)
            messages.error(request, problem)
    if not received:
        list(messages.get_messages(request))  # the form says the same
    return received


def _store(
    request: HttpRequest, version: DatasetVersion, form: DialectForm | None
) -> HttpResponse:
    try:
        receive.start(version, form.dialect if form else None)
    except UploadRefused as exc:
        messages.error(request, str(exc))
    if waiting := _waiting(version):
        messages.success(request, f"{version.dataset} is in the queue. The next file:")
        return redirect("check", waiting[0].dataset.slug, waiting[0].number)
    return redirect("dataset", version.dataset.slug)


def _discard(request: HttpRequest, version: DatasetVersion) -> HttpResponse:
    waiting = _waiting(version)
    try:
        discard(version)
    except UploadRefused as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"{version.file_name} is thrown away.")
    if waiting:
        return redirect("check", waiting[0].dataset.slug, waiting[0].number)
    return redirect("datasets")


def _show(
    request: HttpRequest, version: DatasetVersion, form: DialectForm | None
) -> HttpResponse:
    context: dict[str, Any] = {"version": version, "form": form}
    try:
        preview = receive.preview(version, _dialect(version, form), N_ROWS)
        context |= _preview_context(preview)
    except NotATable as exc:
        context["problem"] = str(exc)
    if "preview" in request.GET:  # the script fetches the rows alone
        return render(request, "datasets/preview.html", context)
    context |= {"waiting": _waiting(version), "encodings": ENCODINGS}
    return render(request, "datasets/check.html", context)


def _dialect(version: DatasetVersion, form: DialectForm | None) -> Dialect:
    if form is None or not form.is_bound:
        return Dialect.of(version.dialect)
    if not form.is_valid():
        problems = [text for texts in form.errors.values() for text in texts]
        raise NotATable(" ".join(problems))
    return form.dialect


def _preview_context(preview: TablePreview) -> dict[str, Any]:
    columns = preview.columns[:MAX_COLUMNS]
    shown: Table = table(
        [Heading(column.name, str(column.type)) for column in columns],
        [row[:MAX_COLUMNS] for row in preview.rows],
        n_columns=len(preview.columns),
    )
    return {"table": shown, "rejected": preview.rejected[:10]}


def _waiting(version: DatasetVersion) -> list[DatasetVersion]:
    """Return the files that came with it and are not checked yet, the oldest first."""
    drafts = DatasetVersion.objects.light().filter(
        dataset__owner=version.dataset.owner_id,
        state=VersionState.DRAFT,
        created__range=(version.created - TOGETHER, version.created + TOGETHER),
    )
    others = drafts.exclude(pk=version.pk).select_related("dataset")
    return list(others.order_by("created")[:20])
