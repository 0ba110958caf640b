from django.apps import AppConfig

from background import registry
from background.registry import lazily


class DatasetsConfig(AppConfig):
    name = "datasets"

    def ready(self) -> None:
        registry.worker_start.append(lazily("datasets.storage.sweep.sweep"))
