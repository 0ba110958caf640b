"""Which state of the catalogue a reader sees, without reading the catalogue.

Read the version first and the rows afterwards: rows may then be newer than the version
they go out with, which costs a reader one more request, and never older. Triggers keep
the versions (migration 0006); why they are safe is in docs/decisions/0007.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# Every commit moves one slot on, so that the sum grows with every commit.
NUMBER = """coalesce(sum((extract(epoch FROM changed) * 1000000)::bigint), 0)::bigint"""
NUMBER_ALONE = f"SELECT {NUMBER} FROM songs_catalogueversion"
UNDER_WAY = """
    SELECT FROM pg_locks
     WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_backend_pid()
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (classid::bigint << 32) | objid::bigint = hashtext('moodibeats.catalogue')"""
SETTLED = "date_trunc('second', max(changed)) + interval '1 second'"
LATEST = f"""
    SELECT {NUMBER}, CASE WHEN {SETTLED} <= statement_timestamp()
                           AND NOT EXISTS ({UNDER_WAY}) THEN {SETTLED} END
      FROM songs_catalogueversion"""


@dataclass(frozen=True, slots=True)
class Version:
    """A state of the catalogue.

    `number` never comes back once anything has changed. `modified` is a date in whole
    seconds that no later state will have; None within a second after a change and
    while one is under way, because no date could promise that.
    """

    number: int
    modified: datetime | None


def number() -> int:
    """The number of the present version: one query over a few rows."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBER_ALONE)
        return cursor.fetchone()[0]


def latest() -> Version:
    """The present version with its date, which takes a look at the locks too."""
    with connection.cursor() as cursor:
        cursor.execute(LATEST)
        return Version(*cursor.fetchone())
