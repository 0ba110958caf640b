"""The catalogue as a whole: adding a video by hand, and counting."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from songs import labelling
from songs.models import Mood, MoodLabel, NewVideo, Origin


class AlreadyThere(Exception):
    """The catalogue has this video; nothing was changed."""


@dataclass(frozen=True, slots=True)
class MoodCount:
    """How many of the offered videos people, and the model, find in one mood."""

    mood: Mood
    by_people: int
    by_model: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of offered videos."""

    videos: int
    by_people: int
    by_model: int
    moods: list[MoodCount]


def add_video(
    video_id: str,
    *,
    title: str | None,
    description: str | None,
    mood: str | None,
    who: str,
) -> None:
    """Store a video that `who` sent through the API, with the mood that `who` says.

    Both are stored or neither is. Raises AlreadyThere.
    """
    text = {"video_title": title, "video_description": description}
    with transaction.atomic():
        _, created = NewVideo.objects.get_or_create(
            video_id=video_id, defaults={"origin": Origin.IMPORT, **text}
        )
        if not created:
            raise AlreadyThere(video_id)
        if mood is not None:
            labelling.label(video_id, mood, who=who, source=MoodLabel.Source.API)


def counts() -> Counts:
    """Count the offered videos and their moods, in one query."""
    pairs = (
        NewVideo.objects.public()
        .values_list("moods", "predicted_moods")
        .annotate(videos=Count("video_id"))
        .order_by()
    )
    people, model = dict.fromkeys([None, *Mood], 0), dict.fromkeys([None, *Mood], 0)
    for said, guessed, videos in pairs:
        people[said] += videos
        model[guessed] += videos
    total = sum(people.values())
    moods = [MoodCount(mood, people[mood], model[mood]) for mood in Mood]
    return Counts(total, total - people[None], total - model[None], moods)
