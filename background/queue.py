"""The queue of the worker: tasks of django-tasks, kept in PostgreSQL."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from background.locks import AlreadyRunning

PAUSE = timedelta(minutes=1)  # while another process does the same job


def enqueue_once(task: Task, *args: object) -> bool:
    """Put a task into the queue, unless the very same is already waiting there."""
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY,
        task_path=task.module_path,
        args_kwargs={"args": list(args), "kwargs": {}},
    )
    if waiting.exists():
        return False
    task.enqueue(*args)
    return True


def retry_later(task: Task, *args: object, why: AlreadyRunning) -> str:
    """Have a task tried again in a minute; what its result may say meanwhile."""
    enqueue_once(task.using(run_after=timezone.now() + PAUSE), *args)
    return f"{why} This will be tried again in a minute."
