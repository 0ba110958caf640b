"""Tasks for the tests of the worker: they leave traces and take their time."""

import time

from django_tasks import task

from songs.ingestion import runs
from songs.models import QuotaDay

FOR_EVER = 10_000  # seconds: longer than any test waits


@task()
def linger(seconds: float) -> None:
    """Count one more start of this task in a row named `linger`, then work on."""
    with runs.exclusive("linger"):
        day, _ = QuotaDay.objects.get_or_create(bucket="linger", day="2026-01-01")
        QuotaDay.objects.filter(pk=day.pk).update(used=day.used + 1)
        time.sleep(seconds)


@task()
def linger_deaf(seconds: float) -> None:
    """Linger in a library that turns whatever a signal raises into an error of its own."""
    try:
        linger.func(seconds)
    except BaseException:  # noqa: BLE001 - as such a library does
        raise RuntimeError("Query interrupted") from None
