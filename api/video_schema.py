"""The prose of the OpenAPI document about `/api/videos/`."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiTypes,
    extend_schema,
    extend_schema_view,
)

from api.schema import NOT_MODIFIED, VALIDATORS
from api.serializers import ErrorSerializer, GoneSerializer, InvalidSerializer
from api.video_query import VideoQuery
from api.video_serializers import VideoDetailSerializer, VideoPageSerializer

TAGS = ["The catalogue"]
ANYBODY: list[str] = []  # no credentials needed
RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    description="Seconds to wait.",
    response=[503],
)
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
ITEM: dict[str, Any] = {
    "video_id": "abcDEF_-123",
    "video_title": "Rain",
    "moods": "CHILL",
    "mood_source": "model",
    "confidence": 0.71,
    "duration": 185,
}
SHORT = "video_id,video_title,moods,mood_source,confidence,duration"
ACT = {
    "at": "2026-11-20T09:30:00Z",
    "action": "label",
    "mood": "CHILL",
    "source": "admin",
    "taken_back": False,
}
LINKS = {
    "self": "https://moodibeats.example/api/videos/abcDEF_-123/",
    "watch": "https://www.youtube.com/watch?v=abcDEF_-123",
    "channel": None,
    "same_channel": None,
    "same_mood": "https://moodibeats.example/api/videos/?mood=CHILL",
}

VIDEOS = extend_schema_view(
    get=extend_schema(
        tags=TAGS,
        auth=ANYBODY,
        operation_id="videos",
        summary="Find videos",
        description=(
            "Offered videos by filters and words, a page at a time: follow `next` until "
            "it is null. All filters hold together. As CSV or NDJSON without `limit` all "
            "videos come in one answer, sent while they are read. An order by `rank` is "
            "exact up to 10,000 matches; of more, the newest 10,000 are ranked and "
            "`ranked.all` is false. Unknown parameters are a 400 that names them."
        ),
        parameters=[VideoQuery, FORMAT, LINK, RETRY_AFTER, *VALIDATORS],
        responses={
            (200, "application/json"): VideoPageSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "application/x-ndjson"): OpenApiTypes.STR,
            304: NOT_MODIFIED,
            (400, "application/json"): InvalidSerializer,
            (503, "application/json"): ErrorSerializer,
        },
        examples=[
            OpenApiExample(
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
                response_only=True,
                status_codes=["200"],
                media_type="application/json",
            ),
            OpenApiExample(
                "A cursor that is not ours",
                {
                    "detail": "Not understood: cursor.",
                    "code": "invalid",
                    "fields": {"cursor": ["This is not a cursor."]},
                },
                response_only=True,
                status_codes=["400"],
                media_type="application/json",
            ),
            OpenApiExample(
                "Too much at once",
                {"detail": "This combination takes too long.", "code": "too_slow"},
                response_only=True,
                status_codes=["503"],
                media_type="application/json",
            ),
        ],
    )
)

VIDEO = extend_schema_view(
    get=extend_schema(
        tags=TAGS,
        auth=ANYBODY,
        operation_id="video",
        summary="Everything about a video",
        description=(
            "All fields, what became of its label (without names) and of its licence, "
            "the latest first, and where to go from here. 410 once it is not offered."
        ),
        parameters=VALIDATORS,
        responses={
            200: VideoDetailSerializer,
            304: NOT_MODIFIED,
            400: InvalidSerializer,
            404: ErrorSerializer,
            410: GoneSerializer,
        },
        examples=[
            OpenApiExample(
                "A video",
                ITEM | {"label_history": [ACT], "licence_history": [], "links": LINKS},
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
)
