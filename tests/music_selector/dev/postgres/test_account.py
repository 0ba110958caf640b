"""Under whose name PostgreSQL runs."""

import os
import shutil
from pathlib import Path

import pytest

from music_selector.dev.postgres.account import SetupError, choose_runner
from music_selector.dev.postgres.server import programs
from tests.music_selector.dev.postgres.processes import end_user, fetch, postmaster_pid

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs to be root")


def test_root_runs_postgresql_as_an_unprivileged_account(connection, data_dir):
    fetch(connection, "SELECT 1")

    process = Path(f"/proc/{postmaster_pid(data_dir)}")

    assert process.stat().st_uid != 0
    assert "CapEff:\t0000000000000000" in (process / "status").read_text()


def test_root_passes_closed_folders_without_opening_them(empty_data_dir, start_user):
    closed = empty_data_dir / "x y"
    closed.mkdir(mode=0o700)

    user = start_user(closed / "data")

    assert user.stdout.readline()
    assert closed.stat().st_mode == 0o40700
    assert Path(f"/proc/{postmaster_pid(closed / 'data')}").stat().st_uid != 0
    end_user(user)


def test_choose_runner_names_the_remedies_where_no_means_is_left(
    empty_data_dir, monkeypatch
):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    closed = empty_data_dir / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(SetupError, match="move the project .*DATABASE_URL"):
        choose_runner(closed, programs() / "postgres")


def test_choose_runner_reaches_programs_in_closed_folders(empty_data_dir):
    closed = empty_data_dir / "closed"
    closed.mkdir(mode=0o700)
    package = programs().parents[1]
    for path in (programs().parent, package.with_name(f"{package.name}.libs")):
        shutil.copytree(path, closed / path.relative_to(package.parent))
    initdb = closed / programs().relative_to(package.parent) / "initdb"

    runner = choose_runner(closed, initdb.with_name("postgres"))
    outcome = runner.run([initdb, "--show", "-D", closed / "x"], capture_output=True)

    assert outcome.returncode == 0, outcome.stderr
    assert runner.uid != 0
