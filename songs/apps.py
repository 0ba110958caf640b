from django.apps import AppConfig

from background import registry
from background.registry import lazily


class SongsConfig(AppConfig):
    name = "songs"
    verbose_name = "Songs and moods"

    def ready(self) -> None:
        registry.readiness["mood_model"] = lazily("songs.predictions.predict.health")
        registry.metric_collectors.append(lazily("songs.metrics.collect"))
