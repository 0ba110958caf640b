"""The prose of the OpenAPI document about `/api/videos/{id}/similar/`."""

from api.openapi.errors import ONE_VIDEO, QUERY
from api.openapi.responses import (
    A_VIDEO,
    CATALOGUE,
    NUMBERS,
    RETRY_AFTER,
    VALIDATORS,
    public_read,
    response_example,
)
from api.similar.serializers import SimilarQuery, SimilarSerializer
from songs.similar.query import MAX_OF_A_CHANNEL

A_NEIGHBOUR = (
    A_VIDEO
    | NUMBERS
    | {
        "video_id": "abcDEF_-123",
        "video_title": "Slow Rain (piano)",
        "language": "en",
        "similarity": 0.8412,
        "why": {"words": ["rain", "piano"], "mood_closeness": 0.93},
    }
)

SIMILAR = public_read(
    "similar_videos",
    "Videos like this one",
    "The offered videos whose words (title, tags, description without links and "
    "boilerplate) and moods are nearest, the most similar first, each with why. "
    f"At most {MAX_OF_A_CHANNEL} of a channel; the same track uploaded again, "
    "by the title, description and length, is left out. Fewer than `n` where "
    "there are no more. 409 `not_compared` until a new video has been compared, "
    "which happens once a day, and for a video without text. 503 "
    "`similar_unavailable` where the database lacks the extension for it.",
    SimilarSerializer,
    response_example(
        "One neighbour", {"video_id": "dQw4w9WgXcQ", "results": [A_NEIGHBOUR]}
    ),
    response_example(
        "Not compared yet",
        {
            "detail": "This video has not been compared with the others yet.",
            "code": "not_compared",
        },
        "409",
    ),
    response_example(
        "Without the extension",
        {
            "detail": "This server cannot search for similar videos.",
            "code": "similar_unavailable",
        },
        "503",
    ),
    tags=CATALOGUE,
    parameters=[SimilarQuery, RETRY_AFTER, *VALIDATORS],
    refused=(
        QUERY,
        ONE_VIDEO,
        {409: "not_compared", 503: "similar_unavailable too_slow"},
    ),
)
