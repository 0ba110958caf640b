"""Which trainings are under way, and which only look so. Pages ask; loads no library."""

from django.db.models import Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background import locks
from recommenders.models import Recommender, RecommenderVersion, State

STATES = (State.WAITING, State.RUNNING)
TASK = "recommenders.tasks.train_version"  # which imports this, so it is named
CUT_OFF = "It was cut off, and no worker takes it up again: train it again."


def work(recommender: Recommender) -> str:
    """The name of the lock that is held while the recommender is trained."""
    return f"training of {recommender.slug}"


def is_running(recommender: Recommender) -> bool:
    return locks.is_locked(work(recommender))


def settle(recommender: Recommender | None = None) -> int:
    """Call those trainings failed that nobody is at, and no task will take up.

    Of one recommender, or of all; returns how many. A training that was about to begin
    just now begins all the same.
    """
    mine = Q() if recommender is None else Q(recommender=recommender)
    begun = RecommenderVersion.objects.filter(mine, state__in=STATES)
    settled = 0
    for version in begun.select_related("recommender").only(
        "state", "recommender__slug"
    ):
        if not _is_queued(version) and not is_running(version.recommender):
            settled += RecommenderVersion.objects.filter(
                pk=version.pk, state=version.state
            ).update(state=State.FAILED, problem=CUT_OFF, step="", ended=timezone.now())
    return settled


def _is_queued(version: RecommenderVersion) -> bool:
    """Whether a worker has its task, or will get it."""
    tasks = DBTaskResult.objects.filter(
        status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING),
        task_path=TASK,
        args_kwargs={"args": [version.pk], "kwargs": {}},
    )
    return tasks.exists()
