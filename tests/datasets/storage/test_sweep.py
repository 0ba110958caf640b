"""Fault 32: what a kill leaves behind is gone after the next run."""

import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from background import worker
from datasets import paths, tasks
from datasets.models import Dataset, DatasetVersion
from datasets.storage import sweep
from datasets.upload import receive
from tests.environment import environment
from tests.processes import run_python

HALF_A_FILE = """
import os, signal, django
django.setup()
from datasets import paths
with paths.working_folder() as folder:
    (folder / "original").write_bytes(b"half a fi")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def old(monkeypatch):
    """Everything is old enough to be swept."""
    monkeypatch.setattr(sweep, "YOUNG_S", -1)
    monkeypatch.setattr(paths, "YOUNG_S", -1)


@pytest.fixture
def write_and_be_killed(data_dir):
    """Has a process of its own begin a file, and be killed."""

    def write():
        env = environment(
            DATA_DIR=str(data_dir), DJANGO_SETTINGS_MODULE="music_selector.settings"
        )
        done = run_python("-c", HALF_A_FILE, env=env)
        assert done.returncode == -signal.SIGKILL, done.stderr

    return write


def test_sweep_removes_what_a_killed_process_was_writing(
    make_draft, write_and_be_killed
):
    kept = make_draft()
    write_and_be_killed()

    assert len(list(paths.incoming().iterdir())) == 1
    assert sweep.sweep() == 1
    assert list(paths.incoming().iterdir()) == []
    assert kept.original.exists()


def test_worker_sweeps_when_it_starts(make_draft, write_and_be_killed):
    write_and_be_killed()
    worker.sweep_leftovers()
    assert list(paths.incoming().iterdir()) == []


def test_sweep_leaves_what_is_being_written(db):
    with paths.working_folder() as folder:
        assert sweep.sweep() == 0
        assert folder.exists()


def test_sweep_removes_files_without_a_row(make_draft):
    version = make_draft()
    folder = version.folder
    DatasetVersion.objects.all().delete()
    (paths.root() / "999999" / "1").mkdir(parents=True)

    assert sweep.sweep() == 2
    assert not folder.exists()


def test_sweep_forgets_old_drafts(make_draft):
    old = timezone.now() - timedelta(days=2)
    version, young = make_draft(), make_draft(name="Other")
    DatasetVersion.objects.filter(pk=version.pk).update(created=old)
    sweep.sweep()

    assert [*Dataset.objects.all()] == [young.dataset]


def test_sweep_fails_what_nobody_works_on(make_draft):
    version = make_draft()
    DatasetVersion.objects.filter(pk=version.pk).update(state="running")
    sweep.sweep()
    version.refresh_from_db()

    assert (version.state, version.problem) == ("failed", sweep.CUT_OFF)


def test_sweep_leaves_what_waits_in_the_queue(make_draft):
    version = make_draft()
    receive.start(version)
    sweep.sweep()
    version.refresh_from_db()

    assert version.state == "waiting"
    assert tasks.store_version.module_path == sweep.TASK
