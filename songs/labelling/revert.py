"""Labels taken back, many at once: an event that names the acts, which stay.

The acts count no more (`songs.labelling.consensus`), so the labels become what the others make
of them. For each label that changes the history gets an act of source `revert`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.utils import timezone

from songs.labelling.bulk import APPEND_JUDGED, LOCK_VIDEOS
from songs.labelling.consensus import fold
from songs.labelling.record import Judgement
from songs.models import LabelRevert, MoodLabel

SHOWN = 50  # changes that a preview names

# Kept aside, so that all statements of a transaction speak of the same acts.
CHOOSE = """
    DROP TABLE IF EXISTS chosen;
    CREATE TEMPORARY TABLE chosen (act_id, video_id) ON COMMIT DROP AS {acts};
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
         noted AS ({APPEND_JUDGED.format(table="changed")})
    UPDATE songs_newvideo v SET moods = changed.moods, labeled = changed.labeled
      FROM changed WHERE v.video_id = changed.video_id"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Whose acts, and which of them: the way they came, and from when to when."""

    whose: str
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None  # included

    def acts(self) -> QuerySet[MoodLabel]:
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
class Change:
    """One video whose label becomes another."""

    video_id: str
    title: str | None
    before: Judgement
    after: Judgement


@dataclass(frozen=True, slots=True)
class Move:
    """How many videos go from one label to another."""

    before: Judgement
    after: Judgement
    videos: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking acts back would do, or undoing that."""

    acts: int
    videos: int  # that these acts are about
    last_act: int  # the newest of the acts: no later one is taken back
    moves: list[Move]  # most frequent first
    first: list[Change]  # at most SHOWN

    @property
    def changed(self) -> int:
        return sum(move.videos for move in self.moves)

    @property
    def unchanged(self) -> int:
        return self.videos - self.changed


def preview(selection: Selection) -> Preview:
    """What `take_back` would do now."""
    with _chosen(selection.acts()) as cursor:
        return _preview(cursor, fold(WITHOUT_CHOSEN))


def take_back(selection: Selection, *, last_act: int, who: str) -> int:
    """Let acts count no more, up to the one with id `last_act`; returns how many.

    Labels follow. What others said meanwhile counts as if these acts had never been.
    Acts that are taken back already stay as they are, so a second call does nothing.
    """
    with _chosen(selection.acts().filter(pk__lte=last_act)) as cursor:
        cursor.execute(LOCK_VIDEOS.format(table="chosen"))
        cursor.execute(DROP_TAKEN_MEANWHILE)
        cursor.execute(SIZE)
        if acts := cursor.fetchone()[0]:
            revert = LabelRevert.objects.create(
                who=who,
                at=timezone.now(),
                whose=selection.whose,
                source=selection.source,
                since=selection.since,
                until=selection.until,
            )
            cursor.execute(TAKE, [revert.pk])
            _follow(cursor, who)
    return acts


def preview_undo(revert: LabelRevert) -> Preview:
    """What `undo` would do now."""
    with _chosen(revert.acts.all()) as cursor:
        return _preview(cursor, fold(OF_CHOSEN, reverts=f"r.id <> {revert.pk:d}"))


def undo(revert: LabelRevert, *, who: str) -> bool:
    """Let the acts count again; False if somebody had undone it before."""
    with _chosen(revert.acts.all()) as cursor:
        cursor.execute(LOCK_VIDEOS.format(table="chosen"))
        holds = LabelRevert.objects.filter(pk=revert.pk, undone_at=None)
        undone = holds.update(undone_by=who, undone_at=timezone.now())
        if undone:
            _follow(cursor, who)
    return bool(undone)


@contextmanager
def _chosen(acts: QuerySet[MoodLabel]) -> Iterator[CursorWrapper]:
    """A transaction with the acts in the table `chosen`."""
    query, values = (
        acts.order_by().values_list("pk", "video_id").query.sql_with_params()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHOOSE.format(acts=query), values)
        yield cursor


def _follow(cursor: CursorWrapper, who: str) -> None:
    """Let the labels follow; the history notes each that changes."""
    source = MoodLabel.Source.REVERT
    cursor.execute(FOLLOW_AND_NOTE, {"who": who, "source": source})


def _preview(cursor: CursorWrapper, new_fold: str) -> Preview:
    cursor.execute(SIZE)
    acts, videos, last_act = cursor.fetchone()
    changed = CHANGED.format(fold=new_fold)
    cursor.execute(MOVES.format(changed=changed))
    moves = [
        Move(Judgement(*before), Judgement(*after), videos)
        for *before_after, videos in cursor.fetchall()
        for before, after in [(before_after[:2], before_after[2:])]
    ]
    cursor.execute(FIRST.format(changed=changed))
    first = [
        Change(video_id, title, Judgement(*labels[:2]), Judgement(*labels[2:]))
        for video_id, title, *labels in cursor.fetchall()
    ]
    return Preview(acts, videos, last_act, moves, first)
