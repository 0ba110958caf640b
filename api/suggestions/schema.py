"""How the OpenAPI document describes suggested moods."""

from api.openapi.errors import ONE_VIDEO, WRITERS
from api.openapi.responses import (
    IGNORES,
    public_post,
    public_read,
    request_example,
    response_example,
)
from api.suggestions.serializers import (
    AcceptedSuggestionSerializer,
    SuggestionRequest,
    SuggestionSerializer,
)

SUGGESTED = ["Suggested moods"]

A_SUGGESTION = {
    "video_id": "dQw4w9WgXcQ",
    "video_title": "Rain",
    "correct_moods": "CONFIDENT-SASSY",
}
SUGGESTIONS = public_read(
    "accepted_suggestions",
    "Accepted suggestions",
    f"The suggested moods that a person has accepted, the latest first. {IGNORES}",
    AcceptedSuggestionSerializer(many=True),
    response_example("An accepted one", A_SUGGESTION),
    tags=SUGGESTED,
)

SUGGEST = public_post(
    "suggest_mood",
    "Suggest a mood",
    "For anybody, without an account. `correct_moods` may be written in any "
    "case and spelling (`Happy`, `IN-LOVE`, `Confident/Sassy`); other fields, "
    "such as `video_title`, are ignored. A suggestion changes no mood: it waits "
    "until a person accepts or rejects it. One counts per video, address and day "
    "(UTC): the answer to a second one is 200 with the first, which stands.",
    SuggestionRequest,
    SuggestionSerializer,
    request_example(
        "A suggestion",
        {"video_id": "dQw4w9WgXcQ", "correct_moods": "CONFIDENT-SASSY"},
    ),
    response_example(
        "It is kept",
        A_SUGGESTION
        | {
            "detail": "Thank you. Your suggestion waits until a person has "
            "looked at it."
        },
        "200",
        "201",
    ),
    tags=SUGGESTED,
    statuses=(200, 201),
    refused=(
        WRITERS,
        ONE_VIDEO,
    ),
)
