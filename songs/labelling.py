"""What people say about a video: the only writer of `moods` and `labeled`.

Every act is appended to the history (MoodLabel) and the current value follows it,
in one transaction under the video's row lock, so the current label is always the
fold of the history: its last act by (at, id).
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from songs.models import MoodLabel, NewVideo

Action, Source = MoodLabel.Action, MoodLabel.Source


class LabelConflict(Exception):
    """Somebody else changed this video's label meanwhile; look again, then decide."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the columns `moods` and `labeled` hold: a mood, a skip or nothing yet."""

    moods: str | None
    labeled: bool | None

    @property
    def action(self) -> str:
        if self.labeled is None:
            return Action.CLEAR
        return Action.LABEL if self.labeled else Action.SKIP

    @classmethod
    def of(cls, video: NewVideo) -> "Judgement":
        return cls(video.moods, video.labeled)


SKIPPED = Judgement(None, False)
UNSEEN = Judgement(None, None)


def judge(
    video_id: str,
    judgement: Judgement,
    *,
    who: str,
    source: str,
    expected: Judgement | None = None,
) -> bool:
    """Record what `who` says about a video; False when it says so already.

    With `expected`, the judgement that the person saw, raises LabelConflict if the
    row no longer holds it. Raises NewVideo.DoesNotExist for an unknown id, and
    django.db.IntegrityError for a judgement that is none (a mood that is unknown).
    """
    with transaction.atomic():
        video = NewVideo.objects.select_for_update().get(pk=video_id)
        if expected is not None and Judgement.of(video) != expected:
            raise LabelConflict(f"{video_id} was changed by somebody else.")
        if Judgement.of(video) == judgement:
            return False
        last = video.labels.order_by("at", "id").last()
        now = timezone.now()
        MoodLabel.objects.create(
            video=video,
            action=judgement.action,
            mood=judgement.moods,
            who=who,
            source=source,
            at=max(now, last.at) if last else now,  # clocks of two machines may differ
        )
        video.moods, video.labeled = judgement.moods, judgement.labeled
        video.save(update_fields=["moods", "labeled"])
    return True


def label(video_id: str, mood: str, *, who: str, source: str) -> bool:
    """Record that `who` says `mood`; see `judge`."""
    return judge(video_id, Judgement(mood, True), who=who, source=source)


def skip(video_id: str, *, who: str, source: str) -> bool:
    """Record that `who` looked and could not say; see `judge`."""
    return judge(video_id, SKIPPED, who=who, source=source)


def clear(video_id: str, *, who: str, source: str) -> bool:
    """Record that `who` takes the answer back; see `judge`."""
    return judge(video_id, UNSEEN, who=who, source=source)


FOLD = """
SELECT DISTINCT ON (video_id) video_id,
       mood AS moods,
       CASE action WHEN 'label' THEN true WHEN 'skip' THEN false END AS labeled
  FROM songs_moodlabel ORDER BY video_id, at DESC, id DESC
"""


def unfaithful(limit: int = 100) -> list[str]:
    """Ids whose current label is not the fold of their history: always empty."""
    query = f"""
        SELECT v.video_id FROM songs_newvideo v
          LEFT JOIN ({FOLD}) f USING (video_id)
         WHERE (v.moods, v.labeled) IS DISTINCT FROM (f.moods, f.labeled)
         ORDER BY v.video_id LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(query, [limit])
        return [row[0] for row in cursor.fetchall()]


ADD_JUDGED = """
WITH added AS (
    INSERT INTO songs_newvideo ({names}, moods, labeled)
    SELECT {expressions}, b.moods, b.labeled FROM {table} b
     WHERE NOT EXISTS (SELECT FROM songs_newvideo v WHERE v.video_id = b.video_id)
        ON CONFLICT (video_id) DO NOTHING
    RETURNING video_id, moods, labeled
), acts AS (
    INSERT INTO songs_moodlabel (video_id, action, mood, who, source, at)
    SELECT video_id, CASE WHEN labeled THEN 'label' ELSE 'skip' END, moods,
           %(who)s, %(source)s, statement_timestamp()
      FROM added WHERE labeled IS NOT NULL
    RETURNING 1
)
SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM acts)
"""


def add_judged(
    table: str, columns: dict[str, str], *, who: str, source: str
) -> tuple[int, int]:
    """Insert the videos of a table that the catalogue lacks, judged from the start.

    Many times quicker than inserting and judging each. `table` has video_id, moods
    and labeled; `columns` gives the SQL over `b`, its row, of each column to fill.
    Returns how many videos were added and how many of them were judged.
    """
    query = ADD_JUDGED.format(
        table=table,
        names=", ".join(columns),
        expressions=", ".join(columns.values()),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"who": who, "source": source})
        return cursor.fetchone()


TO_JUDGE = """
SELECT v.video_id, b.moods, b.labeled
  FROM {table} b JOIN songs_newvideo v ON v.video_id = b.video_id
 WHERE b.labeled IS NOT NULL AND (v.labeled IS NULL OR %(relabel)s)
   AND (v.moods, v.labeled) IS DISTINCT FROM (b.moods, b.labeled)
"""
JUDGE_ALL = """
WITH said AS ({to_judge}), acts AS (
    INSERT INTO songs_moodlabel (video_id, action, mood, who, source, at)
    SELECT video_id, CASE WHEN labeled THEN 'label' ELSE 'skip' END, moods,
           %(who)s, %(source)s,
           greatest(statement_timestamp(), (SELECT max(at) FROM songs_moodlabel l
                                             WHERE l.video_id = said.video_id))
      FROM said
)
UPDATE songs_newvideo v SET moods = said.moods, labeled = said.labeled
  FROM said WHERE v.video_id = said.video_id
"""


def judge_all(table: str, *, who: str, source: str, relabel: bool = False) -> int:
    """Record the judgements of a table (video_id, moods, labeled), as `judge` would.

    Videos that somebody has judged keep that, unless `relabel`. A judgement of nothing
    takes nothing back. Returns how many were recorded.
    """
    to_judge = TO_JUDGE.format(table=table)
    values = {"who": who, "source": source, "relabel": relabel}
    with transaction.atomic(), connection.cursor() as cursor:
        lock = f"{to_judge} ORDER BY v.video_id FOR UPDATE OF v"
        cursor.execute(lock, values)  # what others did meanwhile is seen after it
        cursor.execute(JUDGE_ALL.format(to_judge=to_judge), values)
        return cursor.rowcount


APPEND_ACTS = """
INSERT INTO songs_moodlabel (video_id, action, mood, who, source, at)
SELECT a.video_id, a.action, a.mood, a.who, a.source, a.at
  FROM (SELECT min(line) AS line, video_id, action, mood, who, source, at
          FROM {table} GROUP BY video_id, action, mood, who, source, at) a
  JOIN songs_newvideo v ON v.video_id = a.video_id
 WHERE NOT EXISTS (
    SELECT FROM songs_moodlabel l
     WHERE l.video_id = a.video_id AND l.at = a.at AND l.action = a.action
       AND l.mood IS NOT DISTINCT FROM a.mood
       AND l.who = a.who AND l.source = a.source)
 ORDER BY a.line
"""
LOCK_VIDEOS = """
SELECT FROM songs_newvideo WHERE video_id IN (SELECT video_id FROM {table})
 ORDER BY video_id FOR UPDATE
"""
FOLLOW_HISTORY = f"""
UPDATE songs_newvideo v SET moods = f.moods, labeled = f.labeled FROM ({FOLD}) f
 WHERE v.video_id = f.video_id AND v.video_id IN (SELECT video_id FROM {{table}})
   AND (v.moods, v.labeled) IS DISTINCT FROM (f.moods, f.labeled)
"""


def append_acts(table: str) -> int:
    """Append the acts of a table to the history, in the order of its `line`.

    The other columns are those of MoodLabel. An act that stands in the history is not
    repeated, one on a video that the catalogue lacks is left out, and the current
    labels follow. Returns how many acts were appended.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK_VIDEOS.format(table=table))
        cursor.execute(APPEND_ACTS.format(table=table))
        appended = cursor.rowcount
        cursor.execute(FOLLOW_HISTORY.format(table=table))
    return appended
