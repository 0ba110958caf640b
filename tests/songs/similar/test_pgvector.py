"""Is pgvector there? Asked of a real database that has it or seems not to."""

import pytest
from django.db import connection

from ml.similar import space
from songs.similar import pgvector
from songs.similar.pgvector import VectorSupport

pytestmark = pytest.mark.django_db


def drop():
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION IF EXISTS vector CASCADE")


def test_enable_takes_what_the_server_has_into_use():
    drop()
    assert pgvector.support() is VectorSupport.CREATABLE
    pgvector.enable()
    assert pgvector.support() is VectorSupport.READY
    pgvector.enable()


@pytest.mark.parametrize(
    ("name", "value"), [("EXTENSION", "not_on_this_server"), ("OLDEST", (99,))]
)
def test_enable_without_pgvector_says_what_to_install(monkeypatch, name, value):
    monkeypatch.setattr(pgvector, name, value)
    with pytest.raises(pgvector.NoPgvector, match="install pgvector 0.8 or newer"):
        pgvector.enable()


def test_enable_without_the_right_says_who_must_do_what():
    drop()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE nobody_special")
        cursor.execute("SET LOCAL ROLE nobody_special")
    with pytest.raises(pgvector.NoPgvector, match="its owner must say CREATE EXT"):
        pgvector.enable()
    with connection.cursor() as cursor:  # the transaction goes on
        cursor.execute("RESET ROLE")
    assert pgvector.support() is VectorSupport.CREATABLE


def test_database_is_told_how_long_vectors_are():
    assert pgvector.N_DIMS == space.N_DIMS
