"""Labels of many videos, from a table: a few statements for all of them.

As in `songs.labelling.record`, label events are appended and the current labels follow,
in one transaction under the videos' row locks.
"""

from django.db import connection, transaction

from songs.labelling.consensus import fold

OF_TABLE = "l.video_id IN (SELECT video_id FROM {table})"

# Of each label in a table (video_id, moods, labeled) an event, later than all others
# on its video, whatever the clocks of two machines say.
APPEND_LABELS = """
    INSERT INTO songs_moodlabel (video_id, action, mood, who, source, at)
    SELECT video_id, CASE WHEN labeled THEN 'label' WHEN labeled IS NULL THEN 'clear'
                          ELSE 'skip' END, moods, %(who)s, %(source)s,
           greatest(statement_timestamp(),
                    (SELECT max(at) + interval '1 microsecond' FROM songs_moodlabel l
                      WHERE l.video_id = labels.video_id))
      FROM {table} labels"""

ADD_LABELLED = f"""
WITH added AS (
    INSERT INTO songs_newvideo ({{names}}, moods, labeled)
    SELECT {{expressions}}, b.moods, b.labeled FROM {{table}} b
     WHERE NOT EXISTS (SELECT FROM songs_newvideo v WHERE v.video_id = b.video_id)
        ON CONFLICT (video_id) DO NOTHING
    RETURNING video_id, moods, labeled
), events AS ({APPEND_LABELS.format(table="added")} WHERE labeled IS NOT NULL)
SELECT count(*), count(labeled) FROM added
"""


def add_labelled(
    table: str, columns: dict[str, str], *, who: str, source: str
) -> tuple[int, int]:
    """Insert the videos of a table that the catalogue lacks, with their labels.

    Many times quicker than inserting and judging each. `table` has video_id, moods
    and labeled; `columns` gives the SQL over `b`, its row, of each column to fill.
    Returns how many videos were added and how many of them were labelled.
    """
    query = ADD_LABELLED.format(
        table=table,
        names=", ".join(columns),
        expressions=", ".join(columns.values()),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"who": who, "source": source})
        return cursor.fetchone()


TO_LABEL = """
SELECT v.video_id, b.moods, b.labeled
  FROM {table} b JOIN songs_newvideo v ON v.video_id = b.video_id
 WHERE b.labeled IS NOT NULL
   AND (v.moods, v.labeled) IS DISTINCT FROM (b.moods, b.labeled)
   AND (%(relabel)s OR v.labeled IS NULL AND NOT EXISTS (
        SELECT FROM songs_moodlabel l
         WHERE l.video_id = v.video_id AND l.who = %(who)s AND l.source = %(source)s
           AND l.action <> 'clear' AND l.mood IS NOT DISTINCT FROM b.moods))
"""
SET_LABELS = f"""
WITH new AS ({{to_label}}), events AS ({APPEND_LABELS.format(table="new")})
UPDATE songs_newvideo v SET moods = new.moods, labeled = new.labeled
  FROM new WHERE v.video_id = new.video_id
"""


def set_labels(table: str, *, who: str, source: str, relabel: bool = False) -> int:
    """Record the labels of a table (video_id, moods, labeled), as `set_label` would.

    Unless `relabel`, videos that somebody has labelled keep that label, and no label is
    given twice: what was cleared or reverted since stays so. A row without a label
    clears none. Returns how many were recorded.
    """
    to_label = TO_LABEL.format(table=table)
    values = {"who": who, "source": source, "relabel": relabel}
    with transaction.atomic(), connection.cursor() as cursor:
        lock = f"{to_label} ORDER BY v.video_id FOR UPDATE OF v"
        cursor.execute(lock, values)  # what others did meanwhile is seen after it
        cursor.execute(SET_LABELS.format(to_label=to_label), values)
        return cursor.rowcount


APPEND_EVENTS = """
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
TAKE_BACK = """
INSERT INTO songs_labelrevert (who, at, whose)
SELECT DISTINCT taken_back_by, taken_back_at, who
  FROM {table} JOIN songs_newvideo USING (video_id) WHERE taken_back_by IS NOT NULL
    ON CONFLICT DO NOTHING;
INSERT INTO songs_labelrevert_acts (labelrevert_id, moodlabel_id)
SELECT r.id, l.id
  FROM {table} a
  JOIN songs_moodlabel l
    ON l.video_id = a.video_id AND l.at = a.at AND l.action = a.action
       AND l.mood IS NOT DISTINCT FROM a.mood AND l.who = a.who AND l.source = a.source
  JOIN songs_labelrevert r
    ON r.who = a.taken_back_by AND r.at = a.taken_back_at AND r.whose = a.who
    ON CONFLICT DO NOTHING
"""
LOCK_VIDEOS = """
SELECT FROM songs_newvideo WHERE video_id IN (SELECT video_id FROM {table})
 ORDER BY video_id FOR UPDATE
"""
FOLLOW_HISTORY = f"""
UPDATE songs_newvideo v SET moods = f.moods, labeled = f.labeled
  FROM {{table}} t LEFT JOIN ({fold(OF_TABLE)}) f ON f.video_id = t.video_id
 WHERE v.video_id = t.video_id
   AND (v.moods, v.labeled) IS DISTINCT FROM (f.moods, f.labeled)
"""


def append_events(table: str) -> int:
    """Append the events of a table to the history, in the order of its `line`.

    The other columns are those of MoodLabel, and who took the event back and when. An event
    that the history has is not repeated, one on a video that the catalogue lacks is
    left out, and the current labels follow. Returns how many events were appended.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK_VIDEOS.format(table=table))
        cursor.execute(APPEND_EVENTS.format(table=table))
        appended = cursor.rowcount
        cursor.execute(TAKE_BACK.format(table=table))
        cursor.execute(FOLLOW_HISTORY.format(table=table))
    return appended
