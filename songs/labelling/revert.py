"""Reverts: many label events of one person are taken back at once, and stay on record.

They count no more (`songs.labelling.consensus`), so each label becomes what the other
events make of it. Each that changes gets an event of source `revert`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.utils import timezone

from songs.labelling.bulk import APPEND_LABELS, LOCK_VIDEOS
from songs.labelling.consensus import fold
from songs.labelling.record import LabelState
from songs.models import LabelRevert, MoodLabel

SHOWN = 50  # changes that a preview names

# Kept aside, so that all statements of a transaction see the same events.
CHOOSE = """
    DROP TABLE IF EXISTS chosen;
    CREATE TEMPORARY TABLE chosen (act_id, video_id) ON COMMIT DROP AS {events};
    ANALYZE chosen"""
OF_CHOSEN = "l.video_id IN (SELECT video_id FROM chosen)"
WITHOUT_CHOSEN = f"""{OF_CHOSEN}
    AND NOT EXISTS (SELECT FROM chosen WHERE chosen.act_id = l.id)"""
CHANGED = """
    SELECT v.video_id, v.video_title, v.moods AS old_moods, v.labeled AS old_labeled,
           f.moods, f.labeled
      FROM songs_newvideo v LEFT JOIN ({fold}) f ON f.video_id = v.video_id
     WHERE v.video_id IN (SELECT video_id FROM chosen)
       AND (v.moods, v.labeled) IS DISTINCT FROM (f.moods, f.labeled)"""
SIZE = """
    SELECT count(*), count(DISTINCT video_id), coalesce(max(act_id), 0) FROM chosen"""
MOVES = """
    SELECT old_moods, old_labeled, moods, labeled, count(*)
      FROM ({changed}) changed GROUP BY 1, 2, 3, 4 ORDER BY count(*) DESC, 1, 2, 3, 4"""
FIRST = f"SELECT * FROM ({{changed}}) changed ORDER BY video_id LIMIT {SHOWN}"
DROP_TAKEN_MEANWHILE = """
    DELETE FROM chosen WHERE act_id IN (
        SELECT taken.moodlabel_id FROM songs_labelrevert_acts taken
          JOIN songs_labelrevert r ON r.id = taken.labelrevert_id
         WHERE r.undone_at IS NULL)"""
TAKE = """
    INSERT INTO songs_labelrevert_acts (labelrevert_id, moodlabel_id)
    SELECT %s, act_id FROM chosen"""
FOLLOW_AND_NOTE = f"""
    WITH changed AS MATERIALIZED ({CHANGED.format(fold=fold(OF_CHOSEN))}),
         noted AS ({APPEND_LABELS.format(table="changed")})
    UPDATE songs_newvideo v SET moods = changed.moods, labeled = changed.labeled
      FROM changed WHERE v.video_id = changed.video_id"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Whose events, and which of them: the way they came, and from when to when."""

    whose: str
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None  # included

    def events(self) -> QuerySet[MoodLabel]:
        """Those of them that stand."""
        conditions = {
            "who": self.whose,
            "source": self.source,
            "at__gte": self.since,
            "at__lte": self.until,
        }
        return MoodLabel.objects.standing().filter(
            **{name: value for name, value in conditions.items() if value is not None}
        )


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One video whose label becomes another."""

    video_id: str
    title: str | None
    before: LabelState
    after: LabelState


@dataclass(frozen=True, slots=True)
class LabelTransition:
    """How many videos go from one label to another."""

    before: LabelState
    after: LabelState
    videos: int


@dataclass(frozen=True, slots=True)
class RevertPreview:
    """What taking events back would do, or undoing that."""

    acts: int
    videos: int  # that these events are about
    last_act: int  # the newest of the acts: no later one is taken back
    moves: list[LabelTransition]  # most frequent first
    first: list[LabelChange]  # at most SHOWN

    @property
    def changed(self) -> int:
        return sum(move.videos for move in self.moves)

    @property
    def unchanged(self) -> int:
        return self.videos - self.changed


def preview(selection: Selection) -> RevertPreview:
    """What `revert` would do now."""
    with _chosen(selection.events()) as cursor:
        return _preview(cursor, fold(WITHOUT_CHOSEN))


def revert(selection: Selection, *, last_act: int, who: str) -> int:
    """Let events count no more, up to the one with id `last_act`; returns how many.

    Labels follow. Later events of others count as if these had never been.
    Acts that are taken back already stay as they are, so a second call does nothing.
    """
    with _chosen(selection.events().filter(pk__lte=last_act)) as cursor:
        cursor.execute(LOCK_VIDEOS.format(table="chosen"))
        cursor.execute(DROP_TAKEN_MEANWHILE)
        cursor.execute(SIZE)
        if events := cursor.fetchone()[0]:
            row = LabelRevert.objects.create(
                who=who,
                at=timezone.now(),
                whose=selection.whose,
                source=selection.source,
                since=selection.since,
                until=selection.until,
            )
            cursor.execute(TAKE, [row.pk])
            _follow(cursor, who)
    return events


def preview_undo(revert: LabelRevert) -> RevertPreview:
    """What `undo` would do now."""
    with _chosen(revert.acts.all()) as cursor:
        return _preview(cursor, fold(OF_CHOSEN, reverts=f"r.id <> {revert.pk:d}"))


def undo(revert: LabelRevert, *, who: str) -> bool:
    """Let the events count again; False if somebody had undone it before."""
    with _chosen(revert.acts.all()) as cursor:
        cursor.execute(LOCK_VIDEOS.format(table="chosen"))
        holds = LabelRevert.objects.filter(pk=revert.pk, undone_at=None)
        undone = holds.update(undone_by=who, undone_at=timezone.now())
        if undone:
            _follow(cursor, who)
    return bool(undone)


@contextmanager
def _chosen(events: QuerySet[MoodLabel]) -> Iterator[CursorWrapper]:
    """A transaction with the events in the table `chosen`."""
    query, values = (
        events.order_by().values_list("pk", "video_id").query.sql_with_params()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHOOSE.format(events=query), values)
        yield cursor


def _follow(cursor: CursorWrapper, who: str) -> None:
    """Let the labels follow; the history notes each that changes."""
    source = MoodLabel.Source.REVERT
    cursor.execute(FOLLOW_AND_NOTE, {"who": who, "source": source})


def _preview(cursor: CursorWrapper, new_fold: str) -> RevertPreview:
    cursor.execute(SIZE)
    events, videos, last_act = cursor.fetchone()
    changed = CHANGED.format(fold=new_fold)
    cursor.execute(MOVES.format(changed=changed))
    moves = [
        LabelTransition(LabelState(*before), LabelState(*after), videos)
        for *before_after, videos in cursor.fetchall()
        for before, after in [(before_after[:2], before_after[2:])]
    ]
    cursor.execute(FIRST.format(changed=changed))
    first = [
        LabelChange(video_id, title, LabelState(*labels[:2]), LabelState(*labels[2:]))
        for video_id, title, *labels in cursor.fetchall()
    ]
    return RevertPreview(events, videos, last_act, moves, first)
