"""The page on which a dataset becomes a recommender."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from datasets import exploring
from datasets.models import Dataset, DatasetVersion
from datasets.tables import Heading, table
from recommenders import making
from recommenders.forms import ROLES, ROWS, RecommenderForm
from recommenders.recipes import BadRecipe
from recommenders.views import start

MOST_COLUMNS = 12  # of the sample
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
    datasets = _ready(request)
    slug = request.GET.get("dataset")
    if not slug:
        return render(request, "recommenders/new.html", {"datasets": datasets})
    dataset = get_object_or_404(datasets, slug=slug)
    columns = [column["name"] for column in dataset.current.columns]
    initial = {"name": dataset.name}
    form = RecommenderForm(columns, request.POST or None, initial=initial)
    if form.is_valid() and (made := _make(form, dataset, request)):
        start(request, made)
        return redirect("recommender", made.slug)
    context = {"dataset": dataset, "form": form, "groups": _groups(form)}
    return render(
        request, "recommenders/new.html", context | {"table": _sample(dataset, columns)}
    )


def _ready(request: HttpRequest) -> QuerySet[Dataset]:
    stored = DatasetVersion.objects.ready().values("dataset")
    return Dataset.objects.visible_to(request.user).filter(pk__in=stored)


def _make(form: RecommenderForm, dataset: Dataset, request: HttpRequest) -> Any:
    said = form.cleaned_data
    try:
        return making.make(
            said["name"],
            dataset,
            form.recipe(),
            owner=request.user,
            description=said["description"],
            ask_lastfm=said["ask_lastfm"],
        )
    except BadRecipe as exc:
        form.refuse(exc)
        return None


def _groups(form: RecommenderForm) -> list[dict[str, Any]]:
    return [
        {"title": title, "note": note, "fields": [form[name] for name in names]}
        for title, note, names in GROUPS
    ]


def _sample(dataset: Dataset, columns: list[str]) -> Any:
    seen = columns[:MOST_COLUMNS]
    found = exploring.first(dataset.current, N_ROWS, columns=seen)
    return table([Heading(name) for name in seen], found.rows, n_columns=len(columns))
