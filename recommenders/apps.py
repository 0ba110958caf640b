from django.apps import AppConfig

from songs import findings


class RecommendersConfig(AppConfig):
    name = "recommenders"
    verbose_name = "Recommenders"

    def ready(self) -> None:
        findings.OF_OTHERS.append("recommenders.health.examine")
