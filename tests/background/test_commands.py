from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from background.locks import AlreadyRunning, Interrupted
from songs.ingestion import runs
from songs.management import options as labelled_options
from songs.management.commands import export_videos
from songs.predictions import predict, train
from songs.predictions.registry import MoodLedger

COMMANDS = {
    ("predict_moods",): (predict, "predict_pending"),
    ("train_moods", "--promote"): (train, "train"),
    ("rollback_moods", "--reason", "odd"): (MoodLedger, "roll_back"),
    ("evaluate_moods",): (labelled_options, "labelled_videos"),
    ("export_videos", "-"): (export_videos, "export_videos"),
}
ENDS = [
    (
        OperationalError("closed\nunexpectedly"),
        "The database cannot be used: closed",
        1,
    ),
    (Interrupted("Terminated"), "Stopped", 143),
    (KeyboardInterrupt(), "Stopped", 130),
]


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*args: object, **options: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("error", "message", "status"), ENDS)
def test_command_says_in_one_line_why_it_ended(
    db, monkeypatch, command, error, message, status
):
    monkeypatch.setattr(*COMMANDS[command], raising(error))
    with pytest.raises(CommandError, match=message) as end:
        call_command(*command)

    assert end.value.returncode == status
    assert "\n" not in str(end.value)


@pytest.mark.parametrize("command", ["predict_moods", "train_moods"])
def test_job_that_runs_elsewhere_is_no_failure(db, monkeypatch, capsys, command):
    running = AlreadyRunning(f"{command} is already running.")
    monkeypatch.setattr(runs, "exclusive", raising(running))
    call_command(command)

    assert capsys.readouterr().out == f"{command} is already running.\n"
