"""The prose of the OpenAPI document about `/api/videos/`."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiTypes,
)

from api.openapi.errors import ONE_VIDEO, QUERY
from api.openapi.responses import (
    A_VIDEO,
    CATALOGUE,
    ITS_TEXTS,
    NUMBERS,
    RETRY_AFTER,
    VALIDATORS,
    public_read,
    response_example,
)
from api.videos.query import VideoParameters
from api.videos.serializers import (
    ALL_FIELDS,
    VideoDetailSerializer,
    VideoPageSerializer,
)
from songs.browse.filter import FACETS

NAMES = {  # style and explode: `fields=video_id,moods`
    "many": True,
    "style": "form",
    "explode": False,
    "description": "Separated by commas.",
}
FIELDS = OpenApiParameter("fields", enum=ALL_FIELDS, **NAMES)
FACETS_WANTED = OpenApiParameter("facets", enum=tuple(FACETS), **NAMES)
LINK = OpenApiParameter(
    "Link",
    str,
    OpenApiParameter.HEADER,
    description='The pages beside this one (RFC 8288), as `rel="next"` and `rel="prev"`.',
    response=[200],
)
FORMAT = OpenApiParameter(
    "format",
    enum=["json", "csv", "ndjson"],
    description="As the header `Accept` would say it.",
)
SHORT = "video_id,video_title,moods,mood_source,confidence,duration"
ITEM = {name: (A_VIDEO | NUMBERS)[name] for name in SHORT.split(",")}
EVERYTHING: dict[str, Any] = {
    "like_count": None,
    "comment_count": 12,
    "topics": ["Music"],
    "embeddable": True,
    "first_seen": "2026-03-02T04:00:00Z",
    "last_fetched": "2026-11-20T04:00:00Z",
}
ACT = {
    "at": "2026-11-20T09:30:00Z",
    "action": "label",
    "mood": "CHILL",
    "source": "admin",
    "taken_back": False,
}
LINKS = {
    "self": "https://moodibeats.example/api/videos/dQw4w9WgXcQ/",
    "watch": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "channel": None,
    "same_channel": None,
    "same_mood": "https://moodibeats.example/api/videos/?mood=CHILL",
    "similar": "https://moodibeats.example/api/videos/dQw4w9WgXcQ/similar/",
    "licence": "https://moodibeats.example/api/videos/dQw4w9WgXcQ/licence/",
    "claims": "https://moodibeats.example/api/videos/dQw4w9WgXcQ/claims/",
}

VIDEOS = public_read(
    "videos",
    "Find videos",
    "Offered videos by filters and words, a page at a time: follow `next` until "
    "it is null. All filters hold together. As CSV or NDJSON without `limit` all "
    "videos come in one answer, sent while they are read. The order by `rank` has "
    "the videos with all the words in their title before those with words in tags, "
    "channel or description, the newest first in each; it is exact for any number "
    "of videos. Unknown parameters are a 400 that names them.",
    {
        (200, "application/json"): VideoPageSerializer,
        (200, "text/csv"): OpenApiTypes.STR,
        (200, "application/x-ndjson"): OpenApiTypes.STR,
    },
    response_example(
        "The first page of calm music",
        {
            "results": [ITEM],
            "facets": {
                "source": [
                    {"value": "person", "count": 84, "more": False},
                    {"value": "model", "count": 10000, "more": True},
                ]
            },
            "next": "https://moodibeats.example/api/videos/?mood=CHILL&limit=1"
            f"&fields={SHORT}&facets=source&cursor=WyJuZXdlc3Qi",
            "previous": None,
        },
    ),
    response_example(
        "A cursor that is not ours",
        {
            "detail": "Not understood: cursor.",
            "code": "invalid",
            "fields": {"cursor": ["This is not a cursor."]},
        },
        "400",
    ),
    response_example(
        "Too much at once",
        {"detail": "This combination takes too long.", "code": "too_slow"},
        "503",
    ),
    tags=CATALOGUE,
    parameters=[
        VideoParameters,
        FIELDS,
        FACETS_WANTED,
        FORMAT,
        LINK,
        RETRY_AFTER,
        *VALIDATORS,
    ],
    refused=(
        QUERY,
        {503: "too_slow"},
    ),
)

VIDEO = public_read(
    "video",
    "Everything about a video",
    "All fields, what became of its label (without names) and of its licence, "
    "the latest first, and where to go from here. 410 once it is not offered.",
    VideoDetailSerializer,
    response_example(
        "A video",
        A_VIDEO
        | ITS_TEXTS
        | NUMBERS
        | EVERYTHING
        | {"label_history": [ACT], "licence_history": [], "links": LINKS},
    ),
    tags=CATALOGUE,
    parameters=VALIDATORS,
    refused=(
        QUERY,
        ONE_VIDEO,
    ),
)
