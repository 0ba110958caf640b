"""Delete datasets and versions: their rows first, then their files."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import RestrictedError

from background import registry
from datasets import paths
from datasets.errors import UploadRefused
from datasets.models import Dataset, DatasetVersion, VersionState

UNSTORED = (VersionState.DRAFT, VersionState.FAILED)


def discard(version: DatasetVersion, states: Sequence[VersionState] = UNSTORED) -> None:
    """Delete a version in one of these states, and its dataset if nothing else is left.

    Raises UploadRefused for any other.
    """
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().get(pk=version.dataset_id)
        rows = DatasetVersion.objects.filter(pk=version.pk, state__in=states)
        if not rows.delete()[0]:
            raise UploadRefused("It is stored already, or about to be.")
        if not dataset.versions.exists() and not registry.count_dependents(dataset).all:
            dataset.delete()
        transaction.on_commit(lambda: _remove_files(version))


def delete_version(version: DatasetVersion) -> None:
    """Delete a version, stored or not, and its files. Raises UploadRefused.

    One that something learns from stays, and so does one that is being stored.
    """
    try:
        discard(version, (VersionState.READY, *UNSTORED))
    except RestrictedError as exc:
        problem = "A recommender has learnt from this version: it stays."
        raise UploadRefused(problem) from exc


def delete(dataset: Dataset) -> None:
    """Delete a dataset with all versions and files."""
    folder = paths.root() / str(dataset.pk)
    dataset.delete()
    transaction.on_commit(lambda: paths.remove(folder))


def _remove_files(version: DatasetVersion) -> None:
    """Remove those of a deleted version, unless another has its number and folder."""
    version_key = {"dataset_id": version.dataset_id, "number": version.number}
    with transaction.atomic():
        Dataset.objects.select_for_update().filter(pk=version.dataset_id).first()
        if not DatasetVersion.objects.filter(**version_key).exists():
            paths.remove(version.folder)
