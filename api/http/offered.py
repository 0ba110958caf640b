"""A video that is offered, or the error that says why it is not."""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import APIException, NotFound
from rest_framework.status import HTTP_503_SERVICE_UNAVAILABLE

from api.http.errors import VideoGone
from songs.models import NewVideo

NO_SUCH_VIDEO = "The catalogue has no such video."


def offered_video(
    video_id: str, columns: Iterable[str], **computed: Any
) -> dict[str, Any]:
    """Columns of a video that is offered; else raises NotFound or VideoGone."""
    columns = [*columns, "gone_since", "gone_why"]
    videos = NewVideo.objects.filter(video_id=video_id)
    row = videos.values(*columns, **computed).first()
    if row is None:
        raise NotFound(NO_SUCH_VIDEO)
    since, why = row.pop("gone_since"), row.pop("gone_why")
    if since is not None:
        raise VideoGone(since, why)
    return row


class TooSlow(APIException):
    """The database was asked for something that no index serves, and gave up."""

    status_code = HTTP_503_SERVICE_UNAVAILABLE
    default_detail = (
        "This combination takes too long. Ask for less at once: with fewer or other "
        "filters, another ordering, or no facets."
    )
    default_code = "too_slow"
    wait = 5  # seconds, the header Retry-After
