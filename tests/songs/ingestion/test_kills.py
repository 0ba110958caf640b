"""The jobs as real processes: killed, told to end, and without a database.

KILLS says how often `get_new_videos` is killed (default: 6).
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import sandbox
from sandbox import Server
from songs.labelling import record
from songs.models import IngestRun, MoodLabel, NewVideo, SearchProfile
from songs.models.video import Mood
from tests.songs.sandboxed import (
    pull,
    start_command,
    wait_for_requests,
    write_catalogue,
)

KILLS = int(os.environ.get("KILLS", "6"))
PULL = ("get_new_videos", "--no-predict", "--profile=instrumental", "--pages=4")
CALLS = 8  # of that command: four pages, each a search and its videos

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def endless(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """A sandbox like `server`, without a quota, and one profile to walk it."""
    SearchProfile.objects.get_or_create(name="instrumental", query="instrumental")
    catalogue = write_catalogue(tmp_path, videos=180)
    with sandbox.serve(catalogue=catalogue, searches_per_day=10**6) as server:
        yield server


def label_some() -> None:
    for nth, mood in enumerate([*Mood.values, None] * 8):
        video_id = f"sandbox{3 * nth:04}"
        if mood:
            record.label(video_id, mood, who="ann", source="admin")
        else:
            record.skip(video_id, who="ann", source="api")


def judgements() -> tuple[list[Any], list[Any]]:
    """All that people said: the current labels and the history."""
    labels = NewVideo.objects.order_by("pk").values_list("pk", "moods", "labeled")
    return list(labels), list(MoodLabel.objects.order_by("pk").values())


def make_all_due(server: Server, *, take: int) -> None:
    """YouTube has a new text for every video, and all of them have to be asked for."""
    old = timezone.now() - timedelta(days=26)
    NewVideo.objects.update(last_fetched=old)
    SearchProfile.objects.update(cursor={})
    for nth in range(180):
        server.change(f"sandbox{nth:04}", title=f"Take {take}")
    server.requests.clear()


def test_labels_survive_kills_at_random_points(endless: Server):
    chance = random.Random(2019)
    pull(endless)
    label_some()
    before = judgements()
    for take in range(KILLS):
        make_all_due(endless, take=take)
        process = start_command(endless, *PULL)
        wait_for_requests(endless, chance.randint(0, CALLS), process)
        time.sleep(chance.random() * 0.03)
        process.kill()
        process.communicate()
        assert judgements() == before
        assert record.unfaithful() == []

    process = start_command(endless, *PULL)
    assert (process.communicate()[1], process.returncode) == ("", 0)
    assert judgements() == before
    assert not NewVideo.objects.exclude(video_title=f"Take {KILLS - 1}").exists()
    assert IngestRun.objects.first().status == "succeeded"
    assert not IngestRun.objects.filter(status="running").exists()


@pytest.mark.parametrize(
    ("signal_number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_signal_ends_the_run_within_10_seconds(
    endless: Server, signal_number: int, status: int
):
    endless.faults = ["silent@search:2+"]
    process = start_command(endless, *PULL)
    wait_for_requests(endless, 3, process)
    process.send_signal(signal_number)

    _, err = process.communicate(timeout=10)
    assert process.returncode == status
    assert err.splitlines() == [
        (
            "CommandError: Stopped; what was stored stays and the next run goes on "
            "from there."
        )
    ]
    run = IngestRun.objects.get()
    assert (run.status, run.new, bool(run.ended)) == ("interrupted", 50, True)


def test_two_at_the_same_second_work_once(endless: Server):
    processes = [start_command(endless, *PULL) for _ in range(2)]
    outputs = [process.communicate() for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert NewVideo.objects.count() == 180
    assert IngestRun.objects.count() == len(processes) - sum(
        "already running" in out for out, _ in outputs
    )


@pytest.mark.parametrize(
    "job",
    [
        "get_new_videos",
        "refresh_videos",
        "get_new_comments",
        "predict_moods",
        "export_videos -",
    ],
)
def test_database_that_is_away_is_one_clear_line(endless: Server, job: str):
    nowhere = "postgres://nobody@127.0.0.1:9/none"
    process = start_command(endless, *job.split(), DATABASE_URL=nowhere)
    _, err = process.communicate()

    assert process.returncode == 1
    assert len(err.splitlines()) == 1
    assert err.startswith("CommandError: The database cannot be used: ")
    assert endless.requests == []
