"""Which state of the catalogue a reader sees, without reading the catalogue.

Read the version first and the rows afterwards: rows may then be newer than the version
they go out with, which costs a reader one more request, and never older. Triggers keep
the versions (migration 0006); why they are safe is in docs/decisions/0008.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

# What this transaction has changed itself; readers are rarely in one that did.
OWN = "coalesce(nullif(current_setting('moodibeats.changes', true), ''), '0')::integer"
# Every commit moves one slot on, so that the sum grows with every commit.
NUMBER = f"""
    coalesce(sum((extract(epoch FROM changed) * 1000000)::bigint), 0)::bigint + {OWN}"""
NUMBER_ALONE = f"SELECT {NUMBER} FROM songs_catalogueversion"
UNDER_WAY = """
    SELECT FROM pg_locks
     WHERE locktype = 'advisory' AND objsubid = 1 AND pid <> pg_backend_pid()
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND (classid::bigint << 32) | objid::bigint = hashtext('moodibeats.catalogue')"""
LATEST = f"""
    SELECT {NUMBER}, date_trunc('second', max(changed)),
           date_trunc('second', max(changed)) < date_trunc('second', statement_timestamp())
           AND {OWN} = 0 AND NOT EXISTS ({UNDER_WAY})
      FROM songs_catalogueversion"""
A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Version:
    """A state of the catalogue.

    `number` never comes back once anything has changed. `modified` is when it last
    changed, in whole seconds. Where it is `settled`, no later state has that date;
    within a second after a change, or while one is under way, a later state might.
    """

    number: int
    modified: datetime | None  # None: no change is known
    settled: bool


def number() -> int:
    """The number of the present version: one query over a few rows."""
    return _fetch_row(NUMBER_ALONE)[0]


def latest() -> Version:
    """The present version with its date, which takes a look at the locks too."""
    present, changed, settled = _fetch_row(LATEST)
    # Dated up where it is settled, down where not: no later state settles on this date.
    modified = changed + A_SECOND if settled else changed
    return Version(present, modified, bool(settled))


def _fetch_row(query: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()
