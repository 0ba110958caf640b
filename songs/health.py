"""Is everything well? One line per finding, for a person or a monitor."""

import os
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from background import registry
from background.registry import Finding
from songs.browse import counts
from songs.ingestion import quota, runs, transport
from songs.labelling import record
from songs.models import Comment, IngestRun, NewVideo, Origin
from songs.models.vector import awaiting_vector
from songs.models.video import REFRESH_AGE, TEXT_LIFETIME
from songs.predictions import predict
from songs.predictions.releases import count_new_labels
from songs.similar import pgvector
from songs.youtube.client import QuotaExceeded, YouTubeError

MOUNTS = Path("/proc/mounts")
LOW_DISK_BYTES = 500_000_000
SILENCE = timedelta(days=3)  # a daily job that was not seen for so long is broken
DAILY_JOBS = (IngestRun.Job.GET_NEW_VIDEOS, IngestRun.Job.REFRESH_VIDEOS)
# Triggers keep the lists; who loads rows with triggers switched off leaves them behind.
UNLIKE_THE_LISTS = """
    SELECT count(*) FILTER (WHERE l.video_id IS NULL),
           count(*) FILTER (WHERE v.video_id IS NULL)
      FROM (SELECT video_id FROM songs_newvideo WHERE gone_since IS NULL) v
      FULL JOIN songs_listedvideo l USING (video_id)"""
MEND_THE_LISTS = (
    "DELETE FROM songs_listedvideo; UPDATE songs_newvideo SET video_id = video_id"
)
A_KNOWN_VIDEO = "dQw4w9WgXcQ"  # any id does: the call costs one unit either way


def examine(now: datetime | None = None) -> list[Finding]:
    """All findings; without a database only that and the disk."""
    now = now or timezone.now()
    findings = [_database()]
    if not findings[0].act:
        checks: tuple[Callable[[datetime], Iterable[Finding]], ...] = (
            _key,
            _quota,
            _jobs,
            _ages,
            _labels,
            _counts,
            _lists,
            _model,
            _similar,
            *registry.health_checks,
        )
        findings += [finding for check in checks for finding in check(now)]
    return findings + [_disk(), _kept()]


def _database() -> Finding:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError:
        return Finding("database", "cannot be reached; check DATABASE_URL", act=True)
    if pending:
        return Finding("database", f"{len(pending)} migrations wait: migrate", act=True)
    return Finding("database", f"PostgreSQL {version}, migrated")


def _key(now: datetime) -> list[Finding]:
    if not settings.DEVELOPER_KEY:
        text = "DEVELOPER_KEY is not set: only the sample can be pulled"
        return [Finding("key", text, act=not settings.DEVELOPMENT)]
    try:
        transport.youtube_transport().call(
            "videos.list", {"part": "id", "id": A_KNOWN_VIDEO}
        )
    except QuotaExceeded as exc:
        return [Finding("key", str(exc))]
    except YouTubeError as exc:
        return [Finding("key", str(exc), act=True)]
    return [Finding("key", "YouTube accepts it")]


def _quota(now: datetime) -> list[Finding]:
    reset = quota.resets_at(now)
    return [
        Finding(
            f"quota {bucket}",
            f"{quota.left(bucket, origin=Origin.YOUTUBE, now=now)} of {limit} left "
            f"until {reset:%Y-%m-%d %H:%M %Z}",
        )
        for bucket, limit in settings.YOUTUBE_DAILY_LIMITS.items()
    ]


def _jobs(now: datetime) -> list[Finding]:
    findings = []
    for job in IngestRun.Job.values:
        good = runs.last_good(job)
        late = job in DAILY_JOBS and (not good or good.started < now - SILENCE)
        text = f"last good run {good.started:%Y-%m-%d %H:%M}" if good else "never ran"
        findings.append(Finding(job, text, act=late and bool(settings.DEVELOPER_KEY)))
    return findings


def _ages(now: datetime) -> list[Finding]:
    real = NewVideo.objects.exclude(origin=Origin.SAMPLE)
    due = real.stale(now, age=REFRESH_AGE).count()
    over, comments = real.stale(now).count(), Comment.objects.stale(now).count()
    text = (
        f"{due} rows older than {REFRESH_AGE.days} days, "
        f"{over} and {comments} comments older than {TEXT_LIFETIME.days}"
    )
    act = bool(over or comments)
    return [Finding("30-day rule", text + (": refresh_videos" if act else ""), act)]


def _labels(now: datetime) -> list[Finding]:
    if ids := record.differing_from_history():
        text = f"do not follow their history: {', '.join(ids[:5])} ({len(ids)} or more)"
        return [Finding("labels", text, act=True)]
    count = NewVideo.objects.labelled().count()
    return [Finding("labels", f"{count} labelled, each the fold of its history")]


def _counts(now: datetime) -> list[Finding]:
    if wrong := counts.differing():
        said, guessed, licence = (name or "nothing" for name in wrong[0])
        text = f"wrong for {len(wrong)} groups, such as {said}/{guessed}/{licence}"
        return [Finding("counts", text, act=True)]
    return [Finding("counts", f"{counts.offered().videos} videos are offered")]


def _lists(now: datetime) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(UNLIKE_THE_LISTS)
        missing, extra = cursor.fetchone()
    if missing or extra:
        text = f"{missing} offered videos missing, {extra} others in: {MEND_THE_LISTS}"
        return [Finding("lists", text, act=True)]
    return [Finding("lists", "have the offered videos and no others")]


def _model(now: datetime) -> list[Finding]:
    try:
        live = predict.live()
    except predict.NoModel as exc:
        return [Finding("mood model", str(exc), act=True)]
    waiting = NewVideo.objects.awaiting_prediction(live.version).count()
    text = f"{live.version}, SHA-256 {live.manifest.sha256}, {waiting} videos wait"
    new = f"{count_new_labels()} since the last training"
    return [Finding("mood model", text), Finding("new labels", new)]


def _similar(now: datetime) -> list[Finding]:
    support = pgvector.support()
    if support is pgvector.VectorSupport.READY:
        text = f"pgvector is {support}, {awaiting_vector().count()} videos wait"
    else:  # all else works without
        text = f"none, /similar/ answers 503: pgvector is {support}"
    return [Finding("similar videos", text)]


def _kept() -> Finding:
    """Whether what lies under DATA_DIR, such as datasets, outlives this machine."""
    file_system = _file_system(settings.DATA_DIR)
    if "DYNO" in os.environ:
        lost = "this host gives every start a new disk"
    elif file_system in ("tmpfs", "ramfs"):
        lost = f"it lies in memory ({file_system})"
    elif file_system == "overlay":
        lost = "it lies in a container and is lost with it"
    else:
        return Finding("DATA_DIR", f"{settings.DATA_DIR} on {file_system}, kept")
    text = f"is not kept: {lost}. Uploaded datasets vanish; name a mounted disk"
    return Finding("DATA_DIR", text, act=not settings.DEVELOPMENT)


def _file_system(folder: Path) -> str:
    """The kind of file system that a folder is on, or would be on."""
    best, kind = Path("/"), "unknown"
    for line in MOUNTS.read_text().splitlines() if MOUNTS.exists() else ():
        _, mounted, found, *_ = line.split(" ")
        point = Path(mounted.encode().decode("unicode_escape"))
        if folder.is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, kind = point, found
    return kind


def _disk() -> Finding:
    folder = settings.DATA_DIR if settings.DATA_DIR.exists() else settings.BASE_DIR
    free = shutil.disk_usage(folder).free
    writable = os.access(folder, os.W_OK)
    text = f"{free / 1e9:.1f} GB free" + ("" if writable else ", but not writable")
    return Finding("disk", text, act=free < LOW_DISK_BYTES)
