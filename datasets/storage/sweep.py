"""Remove what killed uploads and tasks left behind; each upload and task does so."""

import logging
import time
from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background.locks import is_locked
from datasets import paths
from datasets.errors import UploadRefused
from datasets.models import DatasetVersion, VersionState
from datasets.storage import build
from datasets.storage.delete import discard

logger = logging.getLogger(__name__)
TASK = "datasets.tasks.store_version"  # the task sweeps, so it cannot be imported
DRAFT_AGE = timedelta(days=1)  # of a draft that is removed
YOUNG_S = 3600  # a folder whose row may be on its way into the database
CUT_OFF = "It was cut off, and no worker takes it up again: start it again."


def sweep() -> int:
    """Remove leftovers; returns how many there were. Cheap where there are none."""
    swept = paths.sweep_incoming() + _remove_folders_without_rows()
    old = timezone.now() - DRAFT_AGE
    drafts = DatasetVersion.objects.light().filter(
        state=VersionState.DRAFT, created__lt=old
    )
    for version in drafts:
        try:
            discard(version)
            swept += 1
        except UploadRefused:  # somebody started it just now
            continue
    swept += _fail_stranded()
    if swept:
        logger.info("swept %d leftovers of datasets", swept)
    return swept


def _remove_folders_without_rows() -> int:
    swept = 0
    known = set(DatasetVersion.objects.values_list("dataset_id", "number"))
    datasets = {dataset for dataset, _ in known}
    for folder in paths.root().iterdir():
        if not folder.name.isdecimal():
            continue
        inside = [folder] if int(folder.name) not in datasets else folder.iterdir()
        for path in inside:
            ids = (int(folder.name), int(path.name)) if path.name.isdecimal() else None
            if ids not in known and time.time() - path.stat().st_mtime > YOUNG_S:
                paths.remove(path)
                swept += 1
    return swept


def _fail_stranded() -> int:
    """Fail the versions that wait or run without a task that will take them up."""
    swept = 0
    for version in DatasetVersion.objects.light().filter(
        state__in=[VersionState.WAITING, VersionState.RUNNING]
    ):
        queued = DBTaskResult.objects.filter(
            status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING],
            task_path=TASK,
            args_kwargs={"args": [version.pk], "kwargs": {}},
        )
        if not queued.exists() and not is_locked(build.lock_of(version)):
            swept += DatasetVersion.objects.filter(
                pk=version.pk, state=version.state
            ).update(state=VersionState.FAILED, problem=CUT_OFF)
    return swept
