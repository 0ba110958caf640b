"""The label of one video. Only this module and `bulk` write `moods` and `labeled`.

Every label event is appended to the history (MoodLabel) and the current label follows
it, in one transaction under the video's row lock, so it is always what
`songs.labelling.consensus` makes of the history.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Case, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone

from songs.labelling.consensus import OF_ONE_VIDEO, counted, fold, standing, tally
from songs.models import Mood, MoodLabel, NewVideo
from songs.models.video import NewVideoQuerySet

Action, Source = MoodLabel.Action, MoodLabel.Source
MOMENT = timedelta(microseconds=1)

OWN_LAST = f"""
SELECT DISTINCT ON (video_id) video_id, action
  FROM ({standing("l.who = %s")}) own ORDER BY video_id, at DESC, id DESC"""


class LabelConflict(Exception):
    """Somebody else changed this video's label meanwhile; look again, then decide."""


@dataclass(frozen=True, slots=True)
class LabelState:
    """What the columns `moods` and `labeled` hold: a mood, a skip or nothing yet."""

    moods: str | None
    labeled: bool | None

    @property
    def action(self) -> str:
        if self.labeled is None:
            return Action.CLEAR
        return Action.LABEL if self.labeled else Action.SKIP

    @property
    def mood(self) -> Mood | None:
        """The mood with its name for people."""
        return Mood(self.moods) if self.moods else None

    @classmethod
    def of(cls, video: NewVideo) -> "LabelState":
        return cls(video.moods, video.labeled)


SKIPPED = LabelState(None, False)
UNLABELLED = LabelState(None, None)


@dataclass(frozen=True, slots=True)
class Opinion:
    """An event that counts towards a label. Those that say a mood are its votes."""

    who: str
    action: str
    mood: str | None
    blind: bool  # a second opinion; the one that is not is the last decision


def set_label(
    video_id: str,
    label: LabelState,
    *,
    who: str,
    source: str,
    expected: LabelState | None = None,
    confirm: bool = False,
) -> bool:
    """Record the label that `who` gives a video; False if it has it already.

    With `confirm` that is recorded too: `who` looked again and found it right. With
    `expected`, the label that the person saw, raises LabelConflict if the
    row no longer holds it. Raises NewVideo.DoesNotExist for an unknown id, and
    django.db.IntegrityError for an unknown mood.
    """
    with transaction.atomic():
        video = NewVideo.objects.select_for_update().get(pk=video_id)
        if expected is not None and LabelState.of(video) != expected:
            raise LabelConflict(f"{video_id} was changed by somebody else.")
        same = LabelState.of(video) == label
        if same and not confirm and not _contested(video_id):
            return False
        _append(video, label, who=who, source=source)
        _set(video, label)
    return True


def resolve_dispute(
    video_id: str, mood: str, *, who: str, expected: LabelState
) -> None:
    """Decide where votes for several moods count; see `set_label`.

    Raises LabelConflict also if they do not any more: somebody else has resolved it.
    """
    decision = LabelState(mood, True)
    with transaction.atomic():
        NewVideo.objects.select_for_update().get(pk=video_id)
        if not _contested(video_id):
            raise LabelConflict(f"{video_id} is no longer disputed.")
        set_label(video_id, decision, who=who, source=Source.ADMIN, expected=expected)


def add_second_opinion(video_id: str, label: LabelState, *, who: str) -> bool:
    """Record a second opinion: how `who` labels a video whose label is hidden.

    SKIPPED: cannot say. UNLABELLED: takes the opinion back. False when `who` says so
    already. Raises LabelConflict if the video has no label any more, or if that label
    is the decision of `who`; else what `set_label` raises.
    """
    with transaction.atomic():
        video = NewVideo.objects.select_for_update().get(pk=video_id)
        by_person = {opinion.who: opinion for opinion in opinions(video_id)}
        mine = by_person.get(who)
        if not video.labeled:
            raise LabelConflict(f"{video_id} has no label any more.")
        if mine and not mine.blind:
            raise LabelConflict(f"The label of {video_id} is your own.")
        if (mine.action if mine else Action.CLEAR, mine and mine.mood) == (
            label.action,
            label.moods,
        ):
            return False
        _append(video, label, who=who, source=Source.SECOND)
        _set(video, _folded(video_id))
    return True


def label(video_id: str, mood: str, *, who: str, source: str) -> bool:
    """Record that `who` says `mood`; see `set_label`."""
    return set_label(video_id, LabelState(mood, True), who=who, source=source)


def opinions(video_id: str) -> list[Opinion]:
    """The events that count towards the label of a video, oldest first."""
    query = f"""
        SELECT who, action, mood, source = 'second'
          FROM ({counted(OF_ONE_VIDEO)}) counted ORDER BY at, id"""
    with connection.cursor() as cursor:
        cursor.execute(query, {"video_id": video_id})
        return [Opinion(*row) for row in cursor.fetchall()]


def awaiting_second_opinion(who: str) -> NewVideoQuerySet:
    """Labelled videos that `who` could give an opinion on, those `disputed` first.

    The others have a single vote. Left out are those that `who` labelled before, in
    whatever way, unless that was taken back.
    """
    ids = "SELECT video_id FROM ({}) {}"
    disputed = RawSQL(ids.format(tally(), "tally WHERE disputed"), [])
    enough = RawSQL(ids.format(tally(), "tally WHERE votes > 1 AND NOT disputed"), [])
    judged = RawSQL(ids.format(OWN_LAST, "own WHERE action <> 'clear'"), [who])
    return (
        NewVideo.objects.labelled()
        .exclude(pk__in=enough)
        .exclude(pk__in=judged)
        .annotate(
            disputed=Case(When(pk__in=disputed, then=Value(True)), default=Value(False))
        )
        .order_by("-disputed", "video_id")
    )


def differing_from_history(limit: int = 100) -> list[str]:
    """Ids whose current label is not the fold of their history: always empty."""
    query = f"""
        SELECT v.video_id FROM songs_newvideo v
          LEFT JOIN ({fold()}) f USING (video_id)
         WHERE (v.moods, v.labeled) IS DISTINCT FROM (f.moods, f.labeled)
         ORDER BY v.video_id LIMIT %s"""
    with connection.cursor() as cursor:
        cursor.execute(query, [limit])
        return [row[0] for row in cursor.fetchall()]


def _contested(video_id: str) -> bool:
    """Whether votes for more than one mood count."""
    return len({opinion.mood for opinion in opinions(video_id)} - {None}) > 1


def _append(video: NewVideo, label: LabelState, *, who: str, source: str) -> None:
    last = video.labels.order_by("at", "id").last()
    now = timezone.now()
    MoodLabel.objects.create(
        video=video,
        action=label.action,
        mood=label.moods,
        who=who,
        source=source,
        # clocks of two machines may differ, but no two events are of one moment
        at=max(now, last.at + MOMENT) if last else now,
    )


def _folded(video_id: str) -> LabelState:
    with connection.cursor() as cursor:
        query = f"SELECT moods, labeled FROM ({fold(OF_ONE_VIDEO)}) fold"
        cursor.execute(query, {"video_id": video_id})
        return LabelState(*(cursor.fetchone() or (None, None)))


def _set(video: NewVideo, label: LabelState) -> None:
    video.moods, video.labeled = label.moods, label.labeled
    video.save(update_fields=["moods", "labeled"])
