"""The jobs as real processes: killed, told to end, and without a database."""

import random
import signal
import subprocess
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
from tests.needs import repeats
from tests.processes import Start, end, output_of
from tests.songs.sandboxed import (
    of_commands,
    pull,
    wait_for_requests,
    write_catalogue,
)

KILLS = repeats(4, long=30)
PULL = ("get_new_videos", "--no-predict", "--profile=instrumental", "--pages=4")
COUNTED = """
import os, signal
from django.core.management import call_command
from django.db import connection

n_begun, n_ended = 0, 0

def count(execute, *args):
    global n_begun, n_ended
    n_begun += 1
    if n_begun == {before}:
        os.kill(os.getpid(), signal.SIGKILL)
    result = execute(*args)
    n_ended += 1
    if n_ended == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

connection.execute_wrappers.append(count)
call_command{pull}
print("statements:", n_ended)
"""  # the command, killed before or after a statement to the database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def endless(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """A sandbox like `server`, without a quota, and one profile to walk it."""
    SearchProfile.objects.get_or_create(name="instrumental", query="instrumental")
    catalogue = write_catalogue(tmp_path, videos=180)
    with sandbox.serve(catalogue=catalogue, searches_per_day=10**6) as server:
        yield server


@pytest.fixture
def start(endless: Server, start_python: Start) -> Start:
    """Starts `manage.py` with the arguments given, and the sandbox as YouTube."""

    def command(*arguments: str, **variables: str) -> subprocess.Popen[str]:
        return start_python(
            *("manage.py", *arguments),
            env=of_commands(endless, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return command


def label_some() -> None:
    for nth, mood in enumerate([*Mood.values, None] * 8):
        video_id = f"sandbox{3 * nth:04}"
        if mood:
            record.label(video_id, mood, who="ann", source="admin")
        else:
            record.set_label(video_id, record.SKIPPED, who="ann", source="api")


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


def counted(*, before: int = 0, after: int = 0) -> tuple[str, ...]:
    code = COUNTED.format(before=before, after=after, pull=PULL)
    return ("manage.py", "shell", "-v0", "-c", code)


def test_labels_survive_kills_at_random_points(endless: Server, start_python: Start):
    chance = random.Random(2019)
    pull(endless)
    label_some()
    before = judgements()
    make_all_due(endless, take=0)
    env = of_commands(endless)
    said = output_of(*counted(), env=env)
    n_statements = int(said.rpartition("statements: ")[2])
    for take in range(1, KILLS + 1):
        make_all_due(endless, take=take)
        point = {chance.choice(["before", "after"]): chance.randint(1, n_statements)}
        process = start_python(*counted(**point), env=env, stderr=subprocess.PIPE)
        _, err = end(process)
        assert process.returncode == -signal.SIGKILL, err
        assert judgements() == before
        assert record.differing_from_history() == []

    output_of("manage.py", *PULL, env=env)
    assert judgements() == before
    assert not NewVideo.objects.exclude(video_title=f"Take {KILLS}").exists()
    assert IngestRun.objects.first().status == "succeeded"
    assert not IngestRun.objects.filter(status="running").exists()


@pytest.mark.parametrize(
    ("signal_number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_signal_ends_the_run_while_it_waits_for_an_answer(
    endless: Server, start: Start, signal_number: int, status: int
):
    endless.faults = ["silent@search:2+"]
    process = start(*PULL)
    wait_for_requests(endless, 3, process)
    process.send_signal(signal_number)

    _, err = end(process)
    assert process.returncode == status
    assert err.splitlines() == [
        (
            "CommandError: Stopped; what was stored stays and the next run goes on "
            "from there."
        )
    ]
    run = IngestRun.objects.get()
    assert (run.status, run.new, bool(run.ended)) == ("interrupted", 50, True)


def test_two_at_the_same_second_work_once(endless: Server, start: Start):
    processes = [start(*PULL) for _ in range(2)]
    outputs = [end(process) for process in processes]

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
def test_database_that_is_away_is_one_clear_line(
    endless: Server, start: Start, job: str
):
    nowhere = "postgres://nobody@127.0.0.1:9/none"
    process = start(*job.split(), DATABASE_URL=nowhere)
    _, err = end(process)

    assert process.returncode == 1
    assert len(err.splitlines()) == 1
    assert err.startswith("CommandError: The database cannot be used: ")
    assert endless.requests == []
