"""The sandbox as the tests of the jobs use it: a plain catalogue and a quick client."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from sandbox import Server
from songs.ingestion import pull as ingest
from songs.ingestion.pull import Limits, Pulled
from songs.ingestion.transport import Clock, MeteredTransport
from songs.models import Origin
from songs.youtube.http import HttpTransport
from tests.environment import environment
from tests.processes import Process, database_url
from tests.waiting import PATIENCE_S, wait_until

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PLAIN = Limits(pages=4)  # the plain search of 180 videos, to its end
KEY = "AIzaTheKeyNobodyMaySee"


def write_catalogue(folder: Path, *, videos: int, prefix: str = "sandbox") -> Path:
    """A CSV of `videos` songs for `sandbox.serve`: sandbox0000 and so on."""
    path = folder / f"{prefix}.csv"
    with path.open("w", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(["video_id", "video_title", "video_description"])
        for nth in range(videos):
            rows.writerow([f"{prefix}{nth:04}", f"Song {nth}", "Calm piano & strings"])
    return path


def connect(
    server: Server,
    *,
    origin: str = Origin.YOUTUBE,
    now: Clock = timezone.now,
    read_s: float = PATIENCE_S,
    deadline_s: float = PATIENCE_S,
) -> MeteredTransport:
    """The real client over a real socket, which does not wait between its tries."""
    return MeteredTransport(
        lambda spend: HttpTransport(
            KEY,
            spend=spend,
            endpoint=server.url,
            sleep=lambda seconds: None,
            random=lambda: 0.0,
            connect_s=PATIENCE_S,
            read_s=read_s,
            deadline_s=deadline_s,
        ),
        origin=origin,
        now=now,
    )


def of_commands(server: Server, **variables: str) -> dict[str, str]:
    """The environment of commands of the test's database, with `server` as YouTube."""
    ours = {
        "DATABASE_URL": database_url(),
        "DEVELOPER_KEY": KEY,
        "YOUTUBE_API_ENDPOINT": server.url,
        "YOUTUBE_DAILY_SEARCHES": "1000000",
    }
    return environment(**ours | variables)


def wait_for_requests(server: Server, number: int, process: Process) -> None:
    """Wait until `server` was asked `number` times, or the process has ended."""
    wait_until(lambda: len(server.requests) >= number or process.poll() is not None)


def methods(server: Server) -> list[str]:
    """What the sandbox was asked, in order: "search", "videos", "commentThreads"."""
    return [request.method.removesuffix(".list") for request in server.requests]


def pull(
    server: Server, *, at: datetime = NOW, limits: Limits = PLAIN, **options: Any
) -> Pulled:
    """A pull at the time `at`, of YouTube unless an `origin` says otherwise."""
    origin = options.pop("origin", Origin.YOUTUBE)
    transport = connect(server, now=lambda: at, origin=origin)
    return ingest.pull(transport, limits=limits, **options)


def counts(pulled: Pulled) -> tuple[int, int, int, int]:
    """Found, new, updated, unchanged of its only run."""
    (run,) = pulled.runs
    return run.found, run.new, run.updated, run.unchanged
