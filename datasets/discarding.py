"""Datasets and versions are forgotten: their rows first, then their files."""

from collections.abc import Sequence

from django.db import transaction

from datasets import files
from datasets.models import Dataset, DatasetVersion
from datasets.problems import UploadRefused

State = DatasetVersion.State
UNSTORED = (State.DRAFT, State.FAILED)


def discard(
    version: DatasetVersion, states: Sequence[DatasetVersion.State] = UNSTORED
) -> None:
    """Forget a version of one of these states; its dataset if that has nothing else.

    Raises UploadRefused for any other.
    """
    folder = version.folder
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update().get(pk=version.dataset_id)
        mine = DatasetVersion.objects.filter(pk=version.pk, state__in=states)
        if not mine.delete()[0]:
            raise UploadRefused("It is stored already, or about to be.")
        if not dataset.versions.exists():
            dataset.delete()
        transaction.on_commit(lambda: files.remove(folder))


def delete(dataset: Dataset) -> None:
    """Forget a dataset with all versions and files."""
    folder = files.root() / str(dataset.pk)
    dataset.delete()
    transaction.on_commit(lambda: files.remove(folder))
