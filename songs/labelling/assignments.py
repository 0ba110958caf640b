"""Which video is assigned to whom, so that two people are not shown the same one.

A claim is a row of LabelClaim and ends by itself; the database's clock tells when.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from songs.models import LabelClaim

LIFETIME = timedelta(minutes=5)

# One order for all, no deadlock; a claim that has ended is anybody's. Claims made
# together end a microsecond apart, in the order in which they were requested.
CLAIM = """
INSERT INTO songs_labelclaim AS c (video_id, who, until)
SELECT v.video_id, %(who)s,
       statement_timestamp() + %(lifetime)s + nth * interval '1 microsecond'
  FROM unnest(%(video_ids)s::text[]) WITH ORDINALITY AS requested (video_id, nth)
  JOIN songs_newvideo v USING (video_id) ORDER BY v.video_id
    ON CONFLICT (video_id) DO UPDATE SET who = excluded.who, until = excluded.until
 WHERE c.who = excluded.who OR c.until <= statement_timestamp()
RETURNING video_id
"""
RENEW = """
WITH mine AS (
    SELECT video_id, until - min(until) OVER () AS later FROM songs_labelclaim
     WHERE who = %(who)s AND until > statement_timestamp()
)
UPDATE songs_labelclaim c SET until = statement_timestamp() + %(lifetime)s + later
  FROM mine WHERE c.video_id = mine.video_id AND c.who = %(who)s
"""
FORGET = """
DELETE FROM songs_labelclaim WHERE video_id IN (
    SELECT video_id FROM songs_labelclaim WHERE until <= statement_timestamp()
     ORDER BY video_id FOR UPDATE SKIP LOCKED)
"""


def claim(video_ids: Iterable[str], *, who: str) -> set[str]:
    """Claim those of the videos that nobody else has claimed; returns them."""
    values = {"video_ids": list(video_ids), "who": who, "lifetime": LIFETIME}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        return {row[0] for row in cursor.fetchall()}


def renew(who: str) -> int:
    """Let the claims that `who` still has start over; returns how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW, {"who": who, "lifetime": LIFETIME})
        return cursor.rowcount


def release(who: str, video_ids: Iterable[str] | None = None) -> int:
    """Give up these claims of `who`, or all; returns how many there were."""
    mine = LabelClaim.objects.filter(who=who)
    if video_ids is not None:
        mine = mine.filter(video__in=video_ids)
    return mine.delete()[0]


def claimed_by(who: str) -> list[str]:
    """The ids of the videos that `who` has claimed, in the order they were requested."""
    mine = LabelClaim.objects.filter(who=who, until__gt=Now())
    return list(mine.order_by("until").values_list("video_id", flat=True))


def is_claimed() -> Exists:
    """A condition on videos: somebody has claimed this one."""
    return Exists(LabelClaim.objects.filter(video=OuterRef("pk"), until__gt=Now()))


def forget_ended() -> int:
    """Delete the claims that have ended; returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        return cursor.rowcount
