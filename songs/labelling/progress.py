"""How far labelling has come: in all, and what one person did today."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from songs.models import Mood, MoodLabel, NewVideo

Action, Source = MoodLabel.Action, MoodLabel.Source


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """Numbers of videos by mood; days begin at midnight UTC."""

    total: dict[str, int]  # labelled by anybody
    today: dict[str, int]  # labelled by this person today
    agreed: list[bool]  # today's labels in their order: what the model says, too?


def progress(who: str, *, now: datetime | None = None) -> LabelCounts:
    """Count in two queries. An answer that was taken back counts no more."""
    midnight = (now or timezone.now()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    events = (
        MoodLabel.objects.standing()
        .filter(who=who, at__gte=midnight, source__in=[Source.ADMIN, Source.SECOND])
        .order_by("video", "-at", "-id")
        .distinct("video")
        .values_list("at", "action", "mood", "source", "video__predicted_moods")
    )
    today, agreed = dict.fromkeys(Mood.values, 0), []
    for _, action, mood, source, predicted in sorted(events):
        if action != Action.LABEL:
            continue
        today[mood] += 1
        if source == Source.ADMIN and predicted:  # of second opinions no hint is shown
            agreed.append(mood == predicted)
    return LabelCounts(_labelled(), today, agreed)


def _labelled() -> dict[str, int]:
    counts = NewVideo.objects.labelled().values_list("moods")
    found = dict(counts.annotate(videos=Count("pk")).order_by())
    return {mood: found.get(mood, 0) for mood in Mood.values}
