from django.apps import AppConfig
from django.db.models.signals import post_delete

from background import registry
from background.registry import lazily


class RecommendersConfig(AppConfig):
    name = "recommenders"
    verbose_name = "Recommenders"

    def ready(self) -> None:
        registry.health_checks.append(lazily("recommenders.health.examine"))
        registry.readiness["recommenders"] = lazily("recommenders.health.state")
        registry.worker_start.append(lazily("recommenders.training.sweep.sweep"))
        registry.dataset_dependents.append(
            lazily("recommenders.training.edit.count_dependents")
        )
        from recommenders import models  # not there before this moment
        from recommenders.versions import paths

        post_delete.connect(paths.remove_of, sender=models.Recommender)
