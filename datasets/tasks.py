"""The task of an upload. It may run twice, and be cut off anywhere."""

from django_tasks import task

from background.locks import AlreadyRunning
from background.queue import retry_later
from datasets.models import DatasetVersion


@task()
def store_version(version_id: int) -> str:
    """Store one version of a dataset."""
    from datasets.storage import build, sweep  # for the worker alone

    sweep.sweep()

    version = DatasetVersion.objects.light().filter(pk=version_id).first()
    if version is None:
        return "It was discarded meanwhile."
    try:
        version = build.store(version)
    except AlreadyRunning as exc:
        return retry_later(store_version, version_id, why=exc)
    return f"{version}: {version.problem or version.state}"
