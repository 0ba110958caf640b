from django.apps import AppConfig
from django.db.models.signals import post_delete

from background import registry
from background.registry import worker_starts


class RecommendersConfig(AppConfig):
    name = "recommenders"
    verbose_name = "Recommenders"

    def ready(self) -> None:
        registry.OF_OTHERS.append("recommenders.health.examine")
        registry.COUNTED_BY.append("recommenders.training.edit.count_learners")
        worker_starts.connect(sweep, dispatch_uid="recommenders.training.sweep")
        from recommenders import models  # not there before this moment
        from recommenders.versions import paths

        post_delete.connect(paths.remove_of, sender=models.Recommender)


def sweep(**signal: object) -> None:
    from recommenders.training import sweep as sweeping  # for the worker alone

    sweeping.sweep()
