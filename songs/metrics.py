"""Metrics from the database, collected at each scrape.

A part is one or two cheap queries, cut off after TIMEOUT_MS. One that fails is named
and the others go on; without a database only that is reported.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import Count, Max, Min
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Metric
from psycopg2.errors import QueryCanceled

from background import worker
from songs.browse import counts
from songs.ingestion import quota
from songs.models import (
    Comment,
    ContentClaim,
    IngestRun,
    Mood,
    MoodSuggestion,
    NewVideo,
    Origin,
    QuotaDay,
)
from songs.predictions import predict

logger = logging.getLogger(__name__)

TIMEOUT_MS = 1_000  # of one query; a scrape may take ten seconds
BOUNDED = f"""
    SELECT set_config('statement_timeout', '{TIMEOUT_MS}', true),
           set_config('jit', 'off', true)"""
Part = Callable[[datetime], Iterator[Metric]]
Labels = str | tuple[str, ...]


def collect(now: datetime) -> Iterator[Metric]:
    """All parts, and whether they and the database could be read."""
    read: dict[Labels, float] = {}
    up = 1
    for name, part in PARTS.items():
        try:
            with _bounded():
                metrics = [*part(now)]
        except (DatabaseError, InterfaceError, predict.NoModel) as exc:
            logger.warning("no metrics of %s: %s", name, type(exc).__name__)
            read[name] = 0
            if _is_away(exc):
                up = 0
                break
        else:
            read[name] = 1
            yield from metrics
    yield _gauge("database_up", "1 while PostgreSQL answers.", up)
    yield _gauge("part_read", "1 where these metrics could be read.", read, "part")


def _videos(now: datetime) -> Iterator[Metric]:
    people, model, skipped = Counter[str](), Counter[str](), 0
    for group in counts.groups():
        people[group.label or ""] += group.videos
        model[group.prediction or ""] += group.videos
        skipped += group.skipped * group.videos
    by_people = {mood: people[mood] for mood in Mood.values}
    by_model = {mood: model[mood] for mood in Mood.values}
    yield _gauge("videos", "Videos on offer.", people.total())
    yield _gauge("videos_labelled", "Videos whose mood people gave.", by_people, "mood")
    yield _gauge("videos_skipped", "Videos whose mood a person could not say.", skipped)
    yield _gauge(
        "videos_predicted", "Videos whose mood a model guesses.", by_model, "mood"
    )
    yield _gauge(
        "videos_unpredicted", "Videos of which no model says a mood.", model[""]
    )


def _text(now: datetime) -> Iterator[Metric]:
    videos = NewVideo.objects.from_api().with_text().order_by("last_fetched")
    oldest = {
        "video": videos.values_list("last_fetched", flat=True).first(),
        "comment": Comment.objects.aggregate(oldest=Min("fetched_at"))["oldest"],
    }
    yield _gauge(
        "youtube_text_oldest_timestamp_seconds",
        "When the oldest text was fetched; after 30 days it has to go.",
        {kind: at.timestamp() for kind, at in oldest.items() if at},
        "kind",
    )


def _jobs(now: datetime) -> Iterator[Metric]:
    done = IngestRun.objects.exclude(origin=Origin.SAMPLE).exclude(ended=None)
    rows = done.values_list("job", "status").annotate(Count("id"), Max("ended"))
    runs: dict[Labels, float] = {
        (job, outcome): 0
        for job in IngestRun.Job.values
        for outcome in IngestRun.Status.values
        if outcome != IngestRun.Status.RUNNING
    }
    last: dict[Labels, float] = {}
    for job, outcome, number, ended in rows.order_by():
        runs[job, outcome] = number
        last[job, outcome] = ended.timestamp()
    yield _counter("job_runs", "Runs that ended.", runs, "job", "outcome")
    text = "When the last run with this outcome ended."
    yield _gauge("job_last_run_timestamp_seconds", text, last, "job", "outcome")


def _quota(now: datetime) -> Iterator[Metric]:
    today = QuotaDay.objects.filter(
        origin=Origin.YOUTUBE, day=quota.pacific_day(now)
    ).values_list("bucket", "used")
    limits = settings.YOUTUBE_DAILY_LIMITS
    used = dict.fromkeys(limits, 0) | dict(today)
    left = {
        bucket: quota.left(bucket, origin=Origin.YOUTUBE, now=now) for bucket in limits
    }
    reset = quota.resets_at(now).timestamp()
    yield _gauge("youtube_quota_used", "Units spent today.", used, "bucket")
    yield _gauge("youtube_quota_left", "Units left today.", left, "bucket")
    text = "When the quota is renewed."
    yield _gauge("youtube_quota_reset_timestamp_seconds", text, reset)


def _mood_model(now: datetime) -> Iterator[Metric]:
    version = {predict.live_version(): 1.0}
    yield _gauge("mood_model_info", "The live version.", version, "version")


def _waiting(now: datetime) -> Iterator[Metric]:
    suggestions = MoodSuggestion.objects.waiting().count()
    claims = ContentClaim.objects.waiting().count()
    yield _gauge("suggestions_waiting", "Moods to be reviewed.", suggestions)
    yield _gauge("claims_waiting", "Content ID claims to be reviewed.", claims)


def _tasks(now: datetime) -> Iterator[Metric]:
    tasks = DBTaskResult.objects.order_by()
    rows = tasks.values_list("status").annotate(Count("id"), Min("enqueued_at"))
    by_status = {status: (number, first) for status, number, first in rows}
    states = (
        TaskResultStatus.READY,
        TaskResultStatus.RUNNING,
        TaskResultStatus.FAILED,
    )
    number = {state.lower(): by_status.get(state, (0, None))[0] for state in states}
    yield _gauge("tasks", "Tasks that wait, run or failed.", number, "status")
    if TaskResultStatus.READY in by_status:
        first = by_status[TaskResultStatus.READY][1].timestamp()
        text = "When the task that waits longest came."
        yield _gauge("task_oldest_ready_timestamp_seconds", text, first)
    yield _gauge("worker_up", "1 while a worker is alive.", worker.is_running())


PARTS: dict[str, Part] = {
    "videos": _videos,
    "text": _text,
    "jobs": _jobs,
    "quota": _quota,
    "mood_model": _mood_model,
    "waiting": _waiting,
    "tasks": _tasks,
}


@contextmanager
def _bounded() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BOUNDED)
        yield


def _is_away(exc: Exception) -> bool:
    """Whether it is the database itself that failed, and not a slow query."""
    lost = isinstance(exc, (OperationalError, InterfaceError))
    return lost and not isinstance(exc.__cause__, QueryCanceled)


def _gauge(
    name: str, text: str, values: float | Mapping[Labels, float], *labels: str
) -> Metric:
    return _filled(GaugeMetricFamily(f"moodibeats_{name}", text, labels=labels), values)


def _counter(
    name: str, text: str, values: Mapping[Labels, float], *labels: str
) -> Metric:
    family = CounterMetricFamily(f"moodibeats_{name}", text, labels=labels)
    return _filled(family, values)


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily,
    values: float | Mapping[Labels, float],
) -> Metric:
    if not isinstance(values, Mapping):
        values = {(): values}
    for labels, value in values.items():
        labels = (labels,) if isinstance(labels, str) else labels
        family.add_metric(labels, value)
    return family
