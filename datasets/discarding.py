"""Datasets and versions are forgotten: their rows first, then their files."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import ForeignObjectRel

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
        if not dataset.versions.exists() and not is_used(dataset):
            dataset.delete()
        transaction.on_commit(lambda: files.remove(folder))


def delete_version(version: DatasetVersion) -> None:
    """Forget a version, stored or not, and its files. Raises UploadRefused.

    One that something learns from stays, and so does one that is being stored.
    """
    if is_used(version):
        raise UploadRefused("A recommender has learnt from this version: it stays.")
    discard(version, (State.READY, *UNSTORED))


def is_used(row: Dataset | DatasetVersion) -> bool:
    """Whether rows of other apps stand on this one."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        others = relation.related_model
        if (
            others is not DatasetVersion
            and others._base_manager.filter(**{relation.field.name: row}).exists()
        ):
            return True
    return False


def delete(dataset: Dataset) -> None:
    """Forget a dataset with all versions and files."""
    folder = files.root() / str(dataset.pk)
    dataset.delete()
    transaction.on_commit(lambda: files.remove(folder))
