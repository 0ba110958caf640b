import errno

import duckdb
import pytest
from django.db import connections
from django_tasks_db.models import DBTaskResult

from background.locks import AlreadyRunning, Interrupted
from datasets import paths, tasks
from datasets.models import DatasetVersion, VersionState
from datasets.parsing import delimited
from datasets.parsing.dialect import Dialect
from datasets.parsing.errors import NotATable
from datasets.storage import build
from datasets.upload import receive


def test_store_makes_a_typed_table_of_a_csv(stored):
    version = stored()

    assert (version.state, version.problem) == (VersionState.READY, "")
    assert (version.n_rows, version.n_columns) == (3, 3)
    assert [column["type"] for column in version.columns] == ["text", "text", "integer"]
    assert version.table.exists()
    assert version.dataset.current == version


def test_start_has_the_worker_store_it_once(make_draft):
    version = make_draft()
    receive.start(version)
    receive.start(version)

    assert version.state == VersionState.WAITING
    assert DBTaskResult.objects.count() == 1
    assert tasks.store_version.func(version.pk) == "Plays 1: ready"


def test_store_keeps_nothing_of_a_file_that_fails(stored):
    good = stored()
    bad = stored(b"a,b\n" + b"1\n" * 9, "bad.csv")

    assert (bad.state, bad.number) == (VersionState.FAILED, 2)
    assert "line 2: 1 columns instead of 2" in bad.problem
    assert not bad.table.exists()
    assert good.dataset.current == good


def test_store_says_only_the_type_of_an_unknown_error(make_draft, monkeypatch):
    def fail(*args):
        raise RuntimeError("secret")

    monkeypatch.setattr(build, "parse", fail)

    assert build.store(make_draft()).problem == "It could not be stored: RuntimeError."


def test_store_goes_on_after_an_interruption(make_draft, monkeypatch, data_dir):
    version = make_draft()
    with monkeypatch.context() as patch, pytest.raises(Interrupted):
        patch.setattr(build, "parse", lambda *args: (_ for _ in ()).throw(Interrupted))
        build.store(version)

    assert version.state == VersionState.RUNNING
    assert list((data_dir / "datasets/incoming").iterdir()) == []
    assert build.store(version).state == VersionState.READY


def test_store_leaves_what_another_process_works_on(make_draft):
    version = make_draft()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_lock(hashtext(%s))",
            [f"moodibeats.{build.lock_of(version)}"],
        )
        with pytest.raises(AlreadyRunning):
            build.store(version)
    other.close()


def test_store_shows_how_far_it_is(make_draft, monkeypatch):
    monkeypatch.setattr(build, "SAVE_EVERY_S", 0)
    seen = []
    build.store(make_draft(), progress=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == 100


def test_store_does_not_bring_back_what_was_deleted_meanwhile(make_draft, monkeypatch):
    version = make_draft()
    dataset = version.dataset

    def parse(*args):
        dataset.delete()
        raise NotATable("late")

    monkeypatch.setattr(build, "parse", parse)
    build.store(version)

    assert not DatasetVersion.objects.exists()


def test_store_reads_again_what_failed(stored):
    version = stored(b"a,b\n" + b"1\n" * 9)
    receive.start(version, Dialect(delimiter=";"))

    assert [column["name"] for column in build.store(version).columns] == ["a,b"]


@pytest.mark.parametrize("says", ["the system", "DuckDB", "a look"])
def test_store_says_that_the_disk_is_full(make_draft, monkeypatch, says):
    version = make_draft()

    def no_space(*args, **more):
        if says == "DuckDB":
            raise duckdb.IOException("IO Error: No space left on device")
        raise OSError(errno.ENOSPC, "No space left on device")

    if says == "a look":
        monkeypatch.setattr(paths, "ROOM_LEFT", 10**18)
    monkeypatch.setattr(delimited, "_write", no_space)
    assert "disk" in build.store(version).problem
    assert "is full" in version.problem
    assert not version.table.exists()
