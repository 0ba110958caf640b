"""One offered video by its id, or why it is not offered."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from songs.models import NewVideo
from songs.models.video import Gone


class VideoGone(Exception):
    """The video was offered once; `since` when it is not, and `why`."""

    def __init__(self, since: datetime, why: str) -> None:
        super().__init__(
            f"This video left the catalogue on {since:%Y-%m-%d}: {Gone(why).label}."
        )
        self.since, self.why = since, why


def offered_video(
    video_id: str, columns: Iterable[str], **computed: Any
) -> dict[str, Any]:
    """Return columns of an offered video; raises NewVideo.DoesNotExist or VideoGone."""
    videos = NewVideo.objects.filter(video_id=video_id)
    row = videos.values(*columns, "gone_since", "gone_why", **computed).get()
    since, why = row.pop("gone_since"), row.pop("gone_why")
    if since is not None:
        raise VideoGone(since, why)
    return row
