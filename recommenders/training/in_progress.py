"""Trainings that were requested, are in progress, or only look so. Loads no library."""

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background import locks
from datasets.models import Dataset
from recommenders.models import Recommender, RecommenderVersion, TrainingState

STATES = (TrainingState.WAITING, TrainingState.RUNNING)
TASK = "recommenders.tasks.train_version"  # which imports this, so it is named
ABANDONED = "It was cut off, and no worker takes it up again: train it again."


class Hidden(Exception):
    """The owner of this recommender may not see its dataset any more."""


class TrainingFailed(Exception):
    """The version could not be trained; it says why. The live version answers on."""


def request_training(
    recommender: Recommender, *, who: str, force: str = ""
) -> RecommenderVersion:
    """The version to train: one that was begun for the same rows so, or a new one.

    With `force`, a person's reason, it will be promoted whatever the rule says. Raises
    TrainingFailed if the dataset has no rows, or is hidden from the owner by now.
    """
    if is_hidden(recommender):
        raise TrainingFailed(Hidden.__doc__)
    rows, recipe = recommender.dataset.current, recommender.recipe()
    if rows is None:
        raise TrainingFailed("The dataset has no rows yet: wait until it is stored.")
    with transaction.atomic():
        Recommender.objects.select_for_update(of=("self",)).get(pk=recommender.pk)
        begun = recommender.versions.filter(
            state__in=STATES,
            dataset_version=rows,
            recipe=recipe,
            force=force,
        ).first()
        last = recommender.versions.aggregate(Max("number"))["number__max"]
        return begun or RecommenderVersion.objects.create(
            recommender=recommender,
            number=(last or 0) + 1,
            dataset_version=rows,
            recipe=recipe,
            who_asked=who,
            force=force,
        )


def is_hidden(recommender: Recommender) -> bool:
    """Whether the dataset is none that the owner of the recommender may see."""
    visible = Dataset.objects.visible_to(recommender.owner)
    return not visible.filter(pk=recommender.dataset_id).exists()


def lock_name(recommender: Recommender) -> str:
    """The name of the lock that is held while the recommender is trained."""
    return f"training of {recommender.slug}"


def is_running(recommender: Recommender) -> bool:
    return locks.is_locked(lock_name(recommender))


def fail_abandoned(recommender: Recommender | None = None) -> int:
    """Mark trainings failed that no process works on and no task will resume.

    Of one recommender, or of all; returns how many. A training that was about to begin
    just now begins all the same.
    """
    scope = Q() if recommender is None else Q(recommender=recommender)
    begun = RecommenderVersion.objects.filter(scope, state__in=STATES)
    n_failed = 0
    for version in begun.select_related("recommender").only(
        "state", "recommender__slug"
    ):
        if not _is_queued(version) and not is_running(version.recommender):
            n_failed += RecommenderVersion.objects.filter(
                pk=version.pk, state=version.state
            ).update(
                state=TrainingState.FAILED,
                problem=ABANDONED,
                step="",
                ended=timezone.now(),
            )
    return n_failed


def _is_queued(version: RecommenderVersion) -> bool:
    """Whether a worker has its task, or will get it."""
    tasks = DBTaskResult.objects.filter(
        status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING),
        task_path=TASK,
        args_kwargs={"args": [version.pk], "kwargs": {}},
    )
    return tasks.exists()
