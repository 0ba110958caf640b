"""Adding a video to the catalogue by hand."""

from django.db import transaction

from songs.labelling import record
from songs.models import MoodLabel, NewVideo, Origin


class AlreadyThere(Exception):
    """The catalogue has this video; nothing was changed."""


def add_video(
    video_id: str,
    *,
    title: str | None,
    description: str | None,
    mood: str | None,
    who: str,
) -> None:
    """Store a video that `who` sent through the API, and its label by `who`.

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
            record.label(video_id, mood, who=who, source=MoodLabel.Source.API)
