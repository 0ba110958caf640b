"""Buttons that put a task into the worker's queue."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django_tasks.base import Task

from background import worker
from background.queue import enqueue_once


def queue(request: HttpRequest, task: Task, *args: object) -> None:
    """Enqueue the task and tell the person where to watch it."""
    new = enqueue_once(task, *args)
    text = format_html(
        '{} See <a href="{}">the queue</a> and <a href="{}">the runs</a>.',
        "Queued." if new else "It is already in the queue.",
        reverse("admin:django_tasks_database_dbtaskresult_changelist"),
        reverse("admin:songs_ingestrun_changelist"),
    )
    messages.success(request, text)
    if not worker.is_running():
        messages.warning(request, f"It waits. {worker.NO_WORKER}")


def warn_without_worker(request: HttpRequest) -> None:
    if not worker.is_running():
        messages.warning(request, worker.NO_WORKER)
