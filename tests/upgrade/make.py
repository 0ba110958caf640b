"""Makes the data of the version in whose checkout it runs:

    .venv/bin/python -m tests.upgrade.make 0.2.0

It writes tests/upgrade/versions/0.2.0/: `database.sql.gz`, `data_dir.tar.gz` and
`answers.json`. The product is used from outside, by commands, pages and the API; of its
modules only those are named whose names are kept.
"""

import gzip
import io
import json
import os
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import connection
from django.test import override_settings

import sandbox
from sandbox import lastfm
from tests.upgrade import (
    catalogue,
    dump,
    judgements,
    people,
    questions,
    surroundings,
    tables,
)
from tests.upgrade.product import PASSWORD, run, session

VERSIONS = Path(__file__).parent / "versions"
KEPT_FOLDERS = ("datasets", "recommenders")


def main(version: str) -> None:
    target = VERSIONS / version
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o755)  # PostgreSQL runs under another name if we are root
        surroundings.set_up(surroundings.variables(data_dir, ""))
        keys = fill(data_dir)
        store(version, target, data_dir, keys)


def fill(data_dir: Path) -> dict[str, str]:
    """Everything that an installation may have; returns what opens its doors."""
    work = data_dir / "work"
    work.mkdir()
    run("migrate", verbosity=0)
    people.staff()
    with lastfm.serve() as artists, override_settings(LASTFM_API_ENDPOINT=artists.url):
        pull(work)
        catalogue.imported(work)
        judgements.labels()
        judgements.suggestions_and_claims()
        judgements.mood_models()
        keys = people.listeners() | people.programs() | {"staff": session("ada")}
        tables.datasets(work)
        tables.recommenders()
        tables.queue()
    return keys


def pull(work: Path) -> None:
    """First the sandbox's sample, then what stands for the real YouTube."""
    with (
        sandbox.serve() as youtube,
        override_settings(YOUTUBE_API_ENDPOINT=youtube.url),
    ):
        catalogue.samples()
    written = catalogue.write(work)
    faults = ["licenceFlip@UPGRADE-020", "notEmbeddable@UPGRADE-019"]
    with (
        sandbox.serve(catalogue=written, faults=faults) as youtube,
        override_settings(
            YOUTUBE_API_ENDPOINT=youtube.url, DEVELOPER_KEY="AIzaInvented"
        ),
    ):
        catalogue.pulled(youtube)


def store(version: str, target: Path, data_dir: Path, keys: dict[str, str]) -> None:
    connection.close()
    dump.write(target / "database.sql.gz", connection)
    archive(target / "data_dir.tar.gz", data_dir)
    clock = surroundings.Clock(datetime.now(UTC).replace(microsecond=0))
    with mock.patch("django.utils.timezone.now", clock):
        kept = {
            "version": version,
            "clock": clock().isoformat(),
            "password": PASSWORD,
            "keys": keys,
            "doctor": questions.examine(),
            "export": questions.export(),
            "answers": [asked(one, keys) for one in questions.questions()],
        }
        (page,) = (one for one in kept["answers"] if one["path"] == questions.MATCHES)
        kept["answers"].append(asked(questions.next_page(page), keys))
        kept["acts"] = questions.act(PASSWORD)
    text = json.dumps(kept, indent=1, ensure_ascii=False)
    (target / "answers.json").write_text(f"{text}\n")


def asked(question: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    answer = questions.ask(question, keys)
    assert answer.get("shows") == question.get("shows"), answer
    return answer


def archive(target: Path, data_dir: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        for name in KEPT_FOLDERS:
            files.add(data_dir / name, name)
    target.write_bytes(gzip.compress(packed.getvalue(), mtime=0))


if __name__ == "__main__":
    os.chdir(Path(__file__).resolve().parents[2])
    main(*sys.argv[1:])
