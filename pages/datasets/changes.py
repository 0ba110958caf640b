"""Owners describe, share and delete their datasets. All of it is POST."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from background import registry
from datasets.errors import UploadRefused
from datasets.models import Dataset
from datasets.storage import delete as deletion
from pages.datasets.forms import DescriptionForm


def editable(request: HttpRequest, slug: str) -> Dataset:
    """Return the dataset of an address if this person may change it; raises Http404."""
    return get_object_or_404(Dataset.objects.editable_by(request.user), slug=slug)


@require_POST
@login_required
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """Save the description and the licence."""
    form = DescriptionForm(request.POST, instance=editable(request, slug))
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
    else:
        messages.error(request, "That is too long.")
    return redirect("dataset", slug)


@require_POST
@login_required
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Let everybody see it, or nobody else."""
    dataset = editable(request, slug)
    dataset.shared = bool(request.POST.get("shared"))
    dataset.save(update_fields=["shared"])
    others = 0 if dataset.shared else registry.count_dependents(dataset).of_others
    text = "It is shared." if dataset.shared else "Only you see it now."
    if others:
        text += f" Recommenders of others that learned from it: {others}."
        text += " They answer on, and learn nothing newer."
    messages.success(request, text)
    return redirect("dataset", slug)


@require_POST
@login_required
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete it with all files, and its dependents if their number was confirmed."""
    dataset = editable(request, slug)
    n_dependents = registry.count_dependents(dataset).all
    if n_dependents and request.POST.get("ending") != str(n_dependents):
        messages.error(
            request, f"Recommenders that learn from it: {n_dependents}. Look again."
        )
        return redirect("dataset", slug)
    deletion.delete(dataset)
    more = f" Recommenders deleted with it: {n_dependents}." if n_dependents else ""
    messages.success(request, f"{dataset} is deleted.{more}")
    return redirect("datasets")


@require_POST
@login_required
def delete_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Delete one version with its files, unless something learns from it."""
    dataset = editable(request, slug)
    version = get_object_or_404(dataset.versions.light(), number=number)
    try:
        deletion.delete_version(version)
    except UploadRefused as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"Version {number} of {dataset} is deleted.")
    left = Dataset.objects.filter(pk=dataset.pk).exists()
    return redirect("dataset", slug) if left else redirect("datasets")
