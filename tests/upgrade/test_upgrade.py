"""Data of each version that was released is migrated, and answers as it did then."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from django.db import connection

from tests.upgrade import dump, surroundings
from tests.upgrade.questions import without_cursors

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted(Path(__file__).parent.glob("versions/*"))
QUEUED = "SELECT id, task_path FROM django_tasks_database_dbtaskresult WHERE status = 'READY'"
ENDED = """
    SELECT task_path, status, traceback FROM django_tasks_database_dbtaskresult
     WHERE id = ANY(%s)"""
WITHOUT_MOOD = """
    SELECT video_id FROM songs_newvideo
     WHERE gone_since IS NULL AND predicted_by IS NULL"""
HISTORY = "SELECT * FROM songs_moodlabel ORDER BY id"
COUNTS = """
    SELECT (what, address)::text, count FROM songs_requestcount WHERE seconds = 86400"""
EVERY_TASK = {
    "songs.tasks.pull_profile",
    "songs.tasks.predict_moods",
    "songs.tasks.retrain_moods",
    "songs.tasks.promote_moods",
    "datasets.tasks.store_version",
    "recommenders.tasks.train_version",
    "recommenders.tasks.fetch_profiles",
    "recommenders.tasks.make_sample",
}
DONE = {  # rows that are there once the queued tasks have run
    "pulled": "SELECT FROM songs_newvideo WHERE video_id = 'UPGRADE-041'",
    "retrained": "SELECT FROM songs_moodmodel OFFSET 2",
    "compared": """
        SELECT FROM songs_ingestrun
         WHERE job = 'train_moods' AND status = 'succeeded' OFFSET 3""",
    "stored": """
        SELECT FROM datasets_datasetversion v JOIN datasets_dataset d ON d.id = dataset_id
         WHERE d.name = 'waiting' AND v.state = 'ready'""",
    "trained": """
        SELECT FROM recommenders_recommenderversion v
          JOIN recommenders_recommender r ON r.id = recommender_id
         WHERE r.slug = 'plays' AND v.number = 3 AND v.state = 'ready'""",
    "fetched": "SELECT FROM recommenders_artistprofile WHERE found",
    "sampled": "SELECT FROM datasets_dataset WHERE name = 'Sample plays' AND shared",
}


@dataclass(frozen=True)
class Upgraded:
    """A version's data before and after, what it answered then and what it answers now."""

    before: dict[str, list[Any]]  # rows by query
    database: Any  # a cursor
    then: dict[str, Any]
    now: dict[str, Any]

    def rows(self, query: str, *values: Any) -> list[Any]:
        self.database.execute(query, values)
        return self.database.fetchall()


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name)
def upgraded(
    request: Any, tmp_path: Path, django_db_blocker: Any
) -> Iterator[Upgraded]:
    folder: Path = request.param
    with tarfile.open(folder / "data_dir.tar.gz") as files:
        files.extractall(tmp_path / "data", filter="data")
    with (
        django_db_blocker.unblock(),
        new_database() as url,
        closing(psycopg2.connect(url)) as database,
    ):
        database.autocommit = True
        cursor = database.cursor()
        dump.load(folder / "database.sql.gz", cursor)
        before = {}
        for query in (QUEUED, HISTORY, COUNTS):
            cursor.execute(query)
            before[query] = cursor.fetchall()
        drive(folder / "answers.json", tmp_path, url)
        then = json.loads((folder / "answers.json").read_text())
        now = json.loads((tmp_path / "now.json").read_text())
        yield Upgraded(before, cursor, then, now)


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of an empty database on the server that the tests have."""
    name = f"upgrade_{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        place = cursor.connection.info.dsn_parameters
    user = quote(place["user"])
    if password := connection.settings_dict["PASSWORD"]:
        user += f":{quote(password, safe='')}"
    try:
        yield f"postgres://{user}@{quote(place['host'], safe='')}:{place['port']}/{name}"
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def drive(answers: Path, work: Path, url: str) -> None:
    command = ["-m", "tests.upgrade.driver", str(answers), str(work / "now.json")]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=surroundings.variables(work / "data", url),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_upgrade(upgraded: Upgraded):
    """One test, since its fixture takes half a minute: workers would each prepare it."""
    answers_are_what_they_were(upgraded)
    passwords_locks_and_limits_hold(upgraded)
    queued_tasks_run(upgraded)
    queued_tasks_did_their_work(upgraded)
    assert upgraded.rows(HISTORY) == upgraded.before[HISTORY]  # whatever tasks did


def answers_are_what_they_were(upgraded: Upgraded) -> None:
    then, now = upgraded.then, upgraded.now
    for before, after in zip(then["answers"], now["answers"], strict=True):
        assert without_cursors(after) == without_cursors(before)
    assert now["export"] == then["export"]
    found = {subject: now["doctor"][subject] for subject in then["doctor"]}
    assert found == then["doctor"]  # there may be new subjects


def passwords_locks_and_limits_hold(upgraded: Upgraded) -> None:
    assert upgraded.now["acts"] == upgraded.then["acts"]
    before, after = dict(upgraded.before[COUNTS]), dict(upgraded.rows(COUNTS))
    (claimant,) = (who for who in before if who.startswith("(claim,"))
    assert after[claimant] == before[claimant] + 2  # counted on


def queued_tasks_run(upgraded: Upgraded) -> None:
    queued = dict(upgraded.before[QUEUED])
    ended = upgraded.rows(ENDED, list(queued))
    assert set(queued.values()) == EVERY_TASK
    assert sorted(ended) == [(path, "SUCCESSFUL", "") for path in sorted(EVERY_TASK)]


def queued_tasks_did_their_work(upgraded: Upgraded) -> None:
    undone = [what for what, query in DONE.items() if not upgraded.rows(query)]
    assert undone == []
    assert upgraded.rows(WITHOUT_MOOD) == []
