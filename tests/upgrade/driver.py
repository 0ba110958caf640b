"""What becomes of a version's data in this one, in a process of its own:

    python -m tests.upgrade.driver ANSWERS.json OUT.json

The environment names a database that was loaded from the dump, and its DATA_DIR. They are
migrated, asked what the version was asked then, and the queued tasks are run.
"""

import io
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from unittest import mock

from django.core.management import call_command
from django.test import override_settings

import sandbox
from sandbox import lastfm
from tests.upgrade import catalogue, questions, surroundings


def main(answers: Path, out: Path) -> None:
    then = json.loads(answers.read_text())
    clock = surroundings.Clock(datetime.fromisoformat(then["clock"]))
    surroundings.set_up({}, clock)
    call_command("migrate", verbosity=0)
    call_command("migrate", check_unapplied=True, verbosity=0)
    now = {
        "doctor": questions.examine(),
        "export": questions.export(),
        "answers": [questions.ask(one, then["keys"]) for one in then["answers"]],
        "acts": questions.act(then["password"]),
    }
    clock.start()
    with services(), one_shuffle():
        call_command("worker", until_empty=True, interval=0.01, stdout=io.StringIO())
    out.write_text(json.dumps(now))


@contextmanager
def services() -> Iterator[None]:
    """YouTube as it was when the data was made, and Last.fm."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox.serve(catalogue=catalogue.write(Path(folder))) as youtube,
        lastfm.serve() as artists,
        override_settings(
            DEVELOPER_KEY="AIzaInvented",
            YOUTUBE_API_ENDPOINT=youtube.url,
            LASTFM_API_ENDPOINT=artists.url,
        ),
    ):
        yield


@contextmanager
def one_shuffle() -> Iterator[None]:
    """Judge mood models by a fifth of the protocol: it takes ten seconds otherwise."""
    from ml.evaluation.evaluate import evaluate
    from songs.predictions import train

    with mock.patch.object(train, "evaluate", partial(evaluate, seeds=(0,))):
        yield


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
