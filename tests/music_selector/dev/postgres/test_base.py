"""Django on a real embedded server."""

import importlib.util
import os
import shutil
import signal

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from music_selector.dev import postgres
from music_selector.dev.postgres import files
from music_selector.dev.postgres.server import server
from tests.environment import environment
from tests.music_selector.dev.postgres.processes import fetch, postmaster_pid
from tests.processes import output_of


def test_database_touches_nothing(tmp_path):
    entry = postgres.database(tmp_path / "data")

    assert entry["ENGINE"] == "music_selector.dev.postgres"
    assert not (tmp_path / "data").exists()


def test_manage_help_starts_nothing(tmp_path):
    output_of("manage.py", "help", env=environment(DATA_DIR=str(tmp_path)))

    assert not (tmp_path / "postgres").exists()


def test_connection_finds_a_unicode_database(connection):
    row = fetch(connection, "SELECT current_database(), lower('ÀÉ'), 'b' < 'É'")

    assert row == ("moodibeats", "àé", True)


def test_connection_may_use_pgvector(connection):
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION vector")

    assert fetch(connection, "SELECT '[0,3]'::vector <-> '[4,0]'") == (5.0,)


def test_connection_restarts_a_killed_server(connection, data_dir):
    before = fetch(connection, "SELECT pg_postmaster_start_time()")
    os.kill(postmaster_pid(data_dir), signal.SIGKILL)
    connection.close()

    assert fetch(connection, "SELECT pg_postmaster_start_time()") > before


def test_connection_survives_a_removed_folder(connection, data_dir):
    fetch(connection, "SELECT 1")
    old_postmaster = postmaster_pid(data_dir)
    old_socket = files.socket_folder(data_dir / "postgres")
    shutil.rmtree(data_dir / "postgres")
    connection.close()

    assert fetch(connection, "SELECT 1") == (1,)

    os.kill(old_postmaster, signal.SIGKILL)  # it would need a minute to notice
    shutil.rmtree(old_socket)


def test_connection_to_an_unknown_database_is_refused(connection):
    connection.settings_dict["NAME"] = "elsewhere"

    with pytest.raises(OperationalError, match='"elsewhere" does not exist'):
        connection.ensure_connection()


def test_connection_shows_the_log_of_a_server_that_does_not_start(connection, data_dir):
    fetch(connection, "SELECT 1")
    connection.close()
    server(data_dir).leave()
    configuration = data_dir / "postgres" / "cluster" / "postgresql.conf"
    configuration.write_text("nonsense = on\n")

    with pytest.raises(OperationalError, match='parameter "nonsense"'):
        connection.ensure_connection()


def test_connection_names_both_remedies_without_the_package(connection, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured) as caught:
        connection.ensure_connection()

    assert "\n" not in str(caught.value)
    assert "DATABASE_URL" in str(caught.value)
    assert "requirements-dev.txt" in str(caught.value)


def test_connection_needs_no_password_but_the_right_user(connection, data_dir):
    fetch(connection, "SELECT 1")
    host = str(files.socket_folder(data_dir / "postgres"))

    with pytest.raises(psycopg2.OperationalError, match="does not exist"):
        psycopg2.connect(host=host, user="stranger", dbname="moodibeats")
