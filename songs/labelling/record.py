"""What people say about one video. Only this module and `label_bulk` write `moods` and
`labeled`.

Every act is appended to the history (MoodLabel) and the current label follows it, in
one transaction under the video's row lock, so it is always what `label_rule` makes of
the history.
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
class Judgement:
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
    def of(cls, video: NewVideo) -> "Judgement":
        return cls(video.moods, video.labeled)


SKIPPED = Judgement(None, False)
UNSEEN = Judgement(None, None)


@dataclass(frozen=True, slots=True)
class Opinion:
    """An act that counts towards a label. Those that say a mood are its votes."""

    who: str
    action: str
    mood: str | None
    blind: bool  # a second opinion; the one that is not is the last decision


def judge(
    video_id: str,
    judgement: Judgement,
    *,
    who: str,
    source: str,
    expected: Judgement | None = None,
    confirm: bool = False,
) -> bool:
    """Record what `who` decides about a video; False when all say so already.

    With `confirm` that is recorded too: `who` looked again and found it right. With
    `expected`, the judgement that the person saw, raises LabelConflict if the
    row no longer holds it. Raises NewVideo.DoesNotExist for an unknown id, and
    django.db.IntegrityError for a judgement that is none (a mood that is unknown).
    """
    with transaction.atomic():
        video = NewVideo.objects.select_for_update().get(pk=video_id)
        if expected is not None and Judgement.of(video) != expected:
            raise LabelConflict(f"{video_id} was changed by somebody else.")
        same = Judgement.of(video) == judgement
        if same and not confirm and not _contested(video_id):
            return False
        _append(video, judgement, who=who, source=source)
        _set(video, judgement)
    return True


def settle(video_id: str, mood: str, *, who: str, expected: Judgement) -> None:
    """Decide where votes for several moods count; see `judge`.

    Raises LabelConflict also if they do not any more: somebody else has settled it.
    """
    decision = Judgement(mood, True)
    with transaction.atomic():
        NewVideo.objects.select_for_update().get(pk=video_id)
        if not _contested(video_id):
            raise LabelConflict(f"{video_id} is no longer disputed.")
        judge(video_id, decision, who=who, source=Source.ADMIN, expected=expected)


def opine(video_id: str, judgement: Judgement, *, who: str) -> bool:
    """Record a second opinion: what `who` says of a labelled video, its label unseen.

    SKIPPED: cannot say. UNSEEN: takes the opinion back. False when `who` says so
    already. Raises LabelConflict if the video has no label any more, or if that label
    is the decision of `who`; else what `judge` raises.
    """
    with transaction.atomic():
        video = NewVideo.objects.select_for_update().get(pk=video_id)
        said = {opinion.who: opinion for opinion in opinions(video_id)}
        mine = said.get(who)
        if not video.labeled:
            raise LabelConflict(f"{video_id} has no label any more.")
        if mine and not mine.blind:
            raise LabelConflict(f"The label of {video_id} is your own.")
        if (mine.action if mine else Action.CLEAR, mine and mine.mood) == (
            judgement.action,
            judgement.moods,
        ):
            return False
        _append(video, judgement, who=who, source=Source.SECOND)
        _set(video, _folded(video_id))
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


def opinions(video_id: str) -> list[Opinion]:
    """The acts that count towards the label of a video, oldest first."""
    query = f"""
        SELECT who, action, mood, source = 'second'
          FROM ({counted(OF_ONE_VIDEO)}) counted ORDER BY at, id"""
    with connection.cursor() as cursor:
        cursor.execute(query, {"video_id": video_id})
        return [Opinion(*row) for row in cursor.fetchall()]


def awaiting_opinion(who: str) -> NewVideoQuerySet:
    """Labelled videos that `who` could give an opinion on, those `disputed` first.

    The others have a single vote. Left out are those that `who` judged before, in
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


def unfaithful(limit: int = 100) -> list[str]:
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


def _append(video: NewVideo, judgement: Judgement, *, who: str, source: str) -> None:
    last = video.labels.order_by("at", "id").last()
    now = timezone.now()
    MoodLabel.objects.create(
        video=video,
        action=judgement.action,
        mood=judgement.moods,
        who=who,
        source=source,
        # clocks of two machines may differ, but no two acts are of one moment
        at=max(now, last.at + MOMENT) if last else now,
    )


def _folded(video_id: str) -> Judgement:
    with connection.cursor() as cursor:
        query = f"SELECT moods, labeled FROM ({fold(OF_ONE_VIDEO)}) fold"
        cursor.execute(query, {"video_id": video_id})
        return Judgement(*(cursor.fetchone() or (None, None)))


def _set(video: NewVideo, judgement: Judgement) -> None:
    video.moods, video.labeled = judgement.moods, judgement.labeled
    video.save(update_fields=["moods", "labeled"])
