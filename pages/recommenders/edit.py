"""The pages on which a dataset becomes a recommender, and that is changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from datasets.errors import BadQuestion, FilesGone
from datasets.models import Dataset, DatasetVersion
from datasets.rows import profiles
from pages.datasets.table import Heading, table
from pages.recommenders.forms import ROLES, ROWS, RecommenderForm, initial_of
from pages.recommenders.views import editable, start
from recommenders.models import Person, Recommender
from recommenders.training import edit
from recommenders.training.config import BadConfig, TrainingConfig

MAX_COLUMNS = 12  # of the sample
MAX_OFFERED = 1_000  # while somebody types the name of one of very many
N_ROWS = 5
GROUPS = (
    ("Its name", "", ("name", "description")),
    ("Which column says what", "", tuple(ROLES)),
    ("How it learns", "", ("preset", "algorithm")),
    ("What of the table it learns from", "", (*ROWS, "at_least", "merge_who")),
    ("Profiles", "", ("ask_lastfm",)),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("recommenders.add_recommender", raise_exception=True)
def new(request: HttpRequest) -> HttpResponse:
    """Choose a dataset and its columns; then the worker trains the first version."""
    datasets = _ready(request.user)
    slug = request.GET.get("dataset")
    if not slug:
        return render(request, "recommenders/new.html", {"datasets": datasets})
    dataset = get_object_or_404(datasets, slug=slug)
    columns = _columns(dataset)
    initial = {"name": dataset.name}
    form = RecommenderForm(columns, request.POST or None, initial=initial)
    if form.is_valid() and (made := _make(form, dataset, request)):
        start(request, made)
        return redirect("recommender", made.slug)
    return _page(request, form, dataset, columns)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose other columns or another way to learn; the next training follows them."""
    recommender = editable(request, slug)
    dataset = recommender.dataset
    if not _ready(recommender.owner).filter(pk=dataset.pk).exists():
        messages.error(request, "Its owner may not see the dataset any more.")
        return redirect("recommender", slug)
    columns, recipe = _columns(dataset), TrainingConfig.from_dict(recommender.recipe())
    initial = initial_of(recommender)
    form = RecommenderForm(columns, request.POST or None, initial=initial, was=recipe)
    if form.is_valid() and _change(form, recommender):
        messages.success(request, "Saved. The next training follows it.")
        return redirect("recommender", slug)
    return _page(request, form, dataset, columns, changed=recommender)


def _ready(person: Person) -> QuerySet[Dataset]:
    stored = DatasetVersion.objects.ready().values("dataset")
    return Dataset.objects.visible_to(person).filter(pk__in=stored)


def _columns(dataset: Dataset) -> list[str]:
    try:
        return profiles.names(dataset.current)
    except FilesGone as exc:
        raise Http404(str(exc)) from exc


def _page(
    request: HttpRequest,
    form: RecommenderForm,
    dataset: Dataset,
    columns: list[str],
    changed: Recommender | None = None,
) -> HttpResponse:
    context = {
        "dataset": dataset,
        "form": form,
        "groups": _groups(form),
        "table": _sample(dataset, columns),
        "changed": changed,
        "offered": [] if form.is_short else columns[:MAX_OFFERED],
    }
    return render(request, "recommenders/new.html", context)


def _make(form: RecommenderForm, dataset: Dataset, request: HttpRequest) -> Any:
    said = form.cleaned_data
    try:
        return edit.make(
            said["name"],
            dataset,
            form.recipe(),
            owner=request.user,
            description=said["description"],
            ask_lastfm=said["ask_lastfm"],
        )
    except BadConfig as exc:
        form.refuse(exc)
        return None


def _change(form: RecommenderForm, recommender: Recommender) -> bool:
    words = {key: form.cleaned_data[key] for key in ("name", *edit.CHANGEABLE)}
    try:
        edit.change(recommender, form.recipe(), **words)
    except BadConfig as exc:
        form.refuse(exc)
        return False
    return True


def _groups(form: RecommenderForm) -> list[dict[str, Any]]:
    return [
        {"title": title, "note": note, "fields": [form[name] for name in names]}
        for title, note, names in GROUPS
    ]


def _sample(dataset: Dataset, columns: list[str]) -> Any:
    from datasets.rows import parquet  # with pyarrow

    seen = columns[:MAX_COLUMNS]
    try:
        found = parquet.span(dataset.current, 0, N_ROWS, seen)
    except BadQuestion:  # its cells are too large to be looked at here
        return None
    return table([Heading(name) for name in seen], found.rows, n_columns=len(columns))
