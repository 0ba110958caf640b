"""Never a path or a URL reaches a reader, but those it was given."""

import signal

import duckdb
import pytest

from background.locks import Interrupted, interruptible
from datasets.duckdb_session import connect, run


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('{outside}')",
        "COPY (SELECT 1) TO '{outside}'",
        "SELECT * FROM 'https://example.org/a.parquet'",
        "ATTACH '{outside}' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "RESET lock_configuration",
    ],
)
def test_connect_lets_nothing_out(tmp_path, query):
    outside = tmp_path / "outside"
    outside.write_text("a,b\n1,2\n")
    folder = tmp_path / "own"
    folder.mkdir()

    with connect(folder) as connection, pytest.raises(duckdb.Error):
        connection.execute(query.format(outside=outside)).fetchall()


def test_connect_reads_a_file_it_was_given_and_no_neighbour(tmp_path):
    given, neighbour = tmp_path / "given.csv", tmp_path / "given.csv2"
    folder = tmp_path / "own"
    folder.mkdir()
    for path in (given, neighbour):
        path.write_text("a\n1\n")

    with connect(folder, files=(given,)) as connection:
        assert connection.execute(f"FROM read_csv('{given}')").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            connection.execute(f"FROM read_csv('{neighbour}')")


def test_query_ends_at_once_when_a_signal_does(tmp_path):
    endless = (
        "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b"
    )

    def end(fraction):
        """Told for the first time, once the query runs."""
        signal.raise_signal(signal.SIGTERM)

    with interruptible(), pytest.raises(Interrupted), connect(tmp_path) as connection:
        run(connection, endless, progress=end)
