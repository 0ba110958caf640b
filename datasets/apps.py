from django.apps import AppConfig

from background.registry import worker_starts


class DatasetsConfig(AppConfig):
    name = "datasets"

    def ready(self) -> None:
        worker_starts.connect(sweep, dispatch_uid="datasets.storage.sweep")


def sweep(**signal: object) -> None:
    from datasets.storage import sweep as sweeping  # for the worker alone

    sweeping.sweep()
