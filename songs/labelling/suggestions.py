"""Moods that people without an account suggest, and their review.

Suggestions are append-only: the first of an address for a video on a day stands, and
a review adds its verdict. None changes a label; accepting one sets it by `record`.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from songs.labelling import record
from songs.labelling.record import LabelConflict, LabelState
from songs.models import Mood, MoodLabel, MoodSuggestion, NewVideo
from songs.models.review import ReviewedQuerySet
from web.client_ip import digest

Verdict = MoodSuggestion.Verdict


class AlreadyReviewed(Exception):
    """Somebody else has reviewed these suggestions meanwhile; there is nothing to do."""


def suggest(
    video_id: str, mood: Mood, *, address: str, now: datetime | None = None
) -> tuple[MoodSuggestion, bool]:
    """Keep the suggestion that somebody at `address` makes.

    Returns the suggestion that stands and whether it is new: a second one for a video
    within a day (UTC) changes nothing. Raises NewVideo.DoesNotExist.
    """
    now = now or timezone.now()
    try:
        return MoodSuggestion.objects.get_or_create(
            video_id=video_id,
            address=digest(address),
            day=now.astimezone(UTC).date(),
            defaults={"mood": mood, "at": now},
        )
    except IntegrityError as exc:  # also a sample that is removed at this moment
        raise NewVideo.DoesNotExist(video_id) from exc


def accepted() -> Any:
    """Rows of video_id, video_title and correct_moods, the latest accepted first.

    One row per mood of an offered video, however many people proposed it.
    """
    columns = {"video_title": F("video__video_title"), "correct_moods": F("mood")}
    return (
        MoodSuggestion.objects.filter(verdict=Verdict.ACCEPTED, video__gone_since=None)
        .values("video_id", **columns)
        .annotate(last=Max("reviewed_at"))
        .order_by("-last", "video_id", "correct_moods")
        .values("video_id", *columns)
    )


def accept(
    video_id: str, mood: Mood, *, who: str, expected: LabelState, shown: int
) -> int:
    """Label the video with a suggested mood, and reject the other moods suggested.

    `expected` and `shown` are what the reviewer saw: the label, and the greatest id
    among the suggestions; later ones go on waiting. Returns how many suggestions are
    settled. Raises LabelConflict, AlreadyReviewed, and then changes nothing.
    """
    with transaction.atomic():
        record.set_label(
            video_id,
            LabelState(mood, True),
            who=who,
            source=MoodLabel.Source.SUGGESTION,
            expected=expected,
        )
        waiting = _waiting(video_id, shown)
        settled = _settle(waiting.filter(mood=mood), Verdict.ACCEPTED, who=who)
        return settled + waiting.update(**_verdict(Verdict.REJECTED, who))


def reject(
    video_id: str, mood: Mood, *, who: str, expected: LabelState, shown: int
) -> int:
    """Settle the suggestions of one mood without a label; see `accept`."""
    with transaction.atomic():
        video = NewVideo.objects.select_for_update().get(pk=video_id)
        if LabelState.of(video) != expected:
            raise LabelConflict(f"{video_id} was changed by somebody else.")
        waiting = _waiting(video_id, shown).filter(mood=mood)
        return _settle(waiting, Verdict.REJECTED, who=who)


def _waiting(video_id: str, shown: int) -> ReviewedQuerySet:
    return MoodSuggestion.objects.waiting().filter(video=video_id, pk__lte=shown)


def _settle(waiting: ReviewedQuerySet, verdict: Verdict, *, who: str) -> int:
    if not (settled := waiting.update(**_verdict(verdict, who))):
        raise AlreadyReviewed("Somebody else has reviewed this meanwhile.")
    return settled


def _verdict(verdict: Verdict, who: str) -> dict[str, Any]:
    return {"verdict": verdict, "reviewed_by": who, "reviewed_at": timezone.now()}
