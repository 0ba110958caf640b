from django.apps import AppConfig
from django.db.models.signals import post_delete

from background.signals import worker_starts
from datasets import learners
from songs import findings


class RecommendersConfig(AppConfig):
    name = "recommenders"
    verbose_name = "Recommenders"

    def ready(self) -> None:
        findings.OF_OTHERS.append("recommenders.health.examine")
        learners.COUNTED_BY.append("recommenders.making.count_learners")
        worker_starts.connect(sweep, dispatch_uid="recommenders.sweeping")
        from recommenders import folders, models  # not there before this moment

        post_delete.connect(folders.remove_of, sender=models.Recommender)


def sweep(**signal: object) -> None:
    from recommenders import sweeping  # for the worker alone

    sweeping.sweep()
