"""What is being done with the mood model now, or was done last, for people to watch."""

from dataclasses import dataclass

from django.db import models
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background import worker
from background.locks import is_locked
from songs.models import IngestRun
from songs.tasks import promote_moods, retrain_moods

Job, Status = IngestRun.Job, IngestRun.Status

TASKS = [retrain_moods.module_path, promote_moods.module_path]
UNDER_WAY = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
CUT_OFF = "The last training was cut off; it left no version."


class TrainingPhase(models.TextChoices):
    IDLE = "idle"
    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """How far it is; `total` is 0 where that is not known."""

    phase: str
    text: str
    done: int = 0
    total: int = 0

    @property
    def under_way(self) -> bool:
        return self.phase in (TrainingPhase.WAITING, TrainingPhase.RUNNING)


def progress() -> TrainingProgress:
    """Look at the locks of the jobs, the ledger and the queue, in this order."""
    if is_locked(Job.TRAIN_MOODS):
        return _running(Job.TRAIN_MOODS, "Training and judging: step")
    task = DBTaskResult.objects.filter(task_path__in=TASKS)
    task = task.order_by("-enqueued_at").first()
    if task and task.status in UNDER_WAY:
        return TrainingProgress(TrainingPhase.WAITING, _why_waiting(task))
    if is_locked(Job.PREDICT_MOODS):
        return _running(Job.PREDICT_MOODS, "Predicting: video")
    return _last(task)


def _running(job: str, what: str) -> TrainingProgress:
    run = IngestRun.objects.filter(job=job).first()
    if run is None or run.status != Status.RUNNING or not run.total:
        return TrainingProgress(TrainingPhase.RUNNING, f"{what.partition(':')[0]} …")
    text = f"{what} {run.found} of {run.total}"
    return TrainingProgress(TrainingPhase.RUNNING, text, run.found, run.total)


def _why_waiting(task: DBTaskResult) -> str:
    if not worker.is_running():
        return f"In the queue. {worker.NO_WORKER}"
    if task.status == TaskResultStatus.RUNNING:
        return "The worker is about to begin or to end."
    return "In the queue: the worker is busy, or will begin within a minute."


def _last(task: DBTaskResult | None) -> TrainingProgress:
    run = IngestRun.objects.filter(job=Job.TRAIN_MOODS).first()
    by_task = task and (run is None or not run.ended or task.finished_at >= run.ended)
    failed = run is not None and run.status == Status.FAILED
    if by_task and task.status == TaskResultStatus.SUCCESSFUL:
        return TrainingProgress(
            TrainingPhase.FAILED if failed else TrainingPhase.DONE, task.return_value
        )
    if by_task and not failed:
        return TrainingProgress(
            TrainingPhase.FAILED, f"Failed: {task.exception_class_path}"
        )
    if run is None:
        return TrainingProgress(TrainingPhase.IDLE, "No training yet.")
    if failed:
        return TrainingProgress(
            TrainingPhase.FAILED, f"The last training failed: {run.error}"
        )
    if run.status != Status.SUCCEEDED:
        return TrainingProgress(TrainingPhase.FAILED, CUT_OFF)
    when = f"{run.ended:%Y-%m-%d %H:%M} UTC"
    return TrainingProgress(TrainingPhase.DONE, f"The last training ended at {when}.")
