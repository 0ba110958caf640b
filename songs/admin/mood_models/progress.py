"""What is being done with the mood model now, or was done last, for people to watch."""

from dataclasses import dataclass

from django.db import models
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from background import worker
from songs.ingestion import runs
from songs.models import IngestRun
from songs.tasks import promote_moods, retrain_moods

Job, Status = IngestRun.Job, IngestRun.Status

TASKS = [retrain_moods.module_path, promote_moods.module_path]
UNDER_WAY = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
CUT_OFF = "The last training was cut off; it left no version."


class Phase(models.TextChoices):
    IDLE = "idle"
    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is; `total` is 0 where that is not known."""

    phase: str
    text: str
    done: int = 0
    total: int = 0

    @property
    def under_way(self) -> bool:
        return self.phase in (Phase.WAITING, Phase.RUNNING)


def progress() -> Progress:
    """Look at the locks of the jobs, the ledger and the queue, in this order."""
    if runs.is_running(Job.TRAIN_MOODS):
        return _running(Job.TRAIN_MOODS, "Training and judging: step")
    task = DBTaskResult.objects.filter(task_path__in=TASKS)
    task = task.order_by("-enqueued_at").first()
    if task and task.status in UNDER_WAY:
        return Progress(Phase.WAITING, _why_waiting(task))
    if runs.is_running(Job.PREDICT_MOODS):
        return _running(Job.PREDICT_MOODS, "Predicting: video")
    return _last(task)


def _running(job: str, what: str) -> Progress:
    run = IngestRun.objects.filter(job=job).first()
    if run is None or run.status != Status.RUNNING or not run.total:
        return Progress(Phase.RUNNING, f"{what.partition(':')[0]} …")
    text = f"{what} {run.found} of {run.total}"
    return Progress(Phase.RUNNING, text, run.found, run.total)


def _why_waiting(task: DBTaskResult) -> str:
    if not worker.is_running():
        return f"In the queue. {worker.NO_WORKER}"
    if task.status == TaskResultStatus.RUNNING:
        return "The worker is about to begin or to end."
    return "In the queue: the worker is busy, or will begin within a minute."


def _last(task: DBTaskResult | None) -> Progress:
    run = IngestRun.objects.filter(job=Job.TRAIN_MOODS).first()
    by_task = task and (run is None or not run.ended or task.finished_at >= run.ended)
    failed = run is not None and run.status == Status.FAILED
    if by_task and task.status == TaskResultStatus.SUCCESSFUL:
        return Progress(Phase.FAILED if failed else Phase.DONE, task.return_value)
    if by_task and not failed:
        return Progress(Phase.FAILED, f"Failed: {task.exception_class_path}")
    if run is None:
        return Progress(Phase.IDLE, "No training yet.")
    if failed:
        return Progress(Phase.FAILED, f"The last training failed: {run.error}")
    if run.status != Status.SUCCEEDED:
        return Progress(Phase.FAILED, CUT_OFF)
    when = f"{run.ended:%Y-%m-%d %H:%M} UTC"
    return Progress(Phase.DONE, f"The last training ended at {when}.")
