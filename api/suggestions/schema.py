"""How the OpenAPI document describes suggested moods."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from api.openapi.errors import BODY, ONE_VIDEO, WRITERS, errors
from api.openapi.responses import ANYBODY, IGNORES, answered, asked, public_read
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
SUGGESTIONS = extend_schema_view(
    get=public_read(
        "accepted_suggestions",
        "Accepted suggestions",
        f"The suggested moods that a person has accepted, the latest first. {IGNORES}",
        AcceptedSuggestionSerializer(many=True),
        answered("An accepted one", A_SUGGESTION),
        tags=SUGGESTED,
    ),
    post=extend_schema(
        tags=SUGGESTED,
        auth=ANYBODY,
        operation_id="suggest_mood",
        summary="Suggest a mood",
        description=(
            "For anybody, without an account. `correct_moods` may be written in any "
            "case and spelling (`Happy`, `IN-LOVE`, `Confident/Sassy`); other fields, "
            "such as `video_title`, are ignored. A suggestion changes no mood: it waits "
            "until a person accepts or rejects it. One counts per video, address and day "
            "(UTC): the answer to a second one is 200 with the first, which stands."
        ),
        request=SuggestionRequest,
        responses={
            200: SuggestionSerializer,
            201: SuggestionSerializer,
            **errors(BODY, WRITERS, ONE_VIDEO),
        },
        examples=[
            asked(
                "A suggestion",
                {"video_id": "dQw4w9WgXcQ", "correct_moods": "CONFIDENT-SASSY"},
            ),
            answered(
                "It is kept",
                A_SUGGESTION
                | {
                    "detail": "Thank you. Your suggestion waits until a person has "
                    "looked at it."
                },
                "200",
                "201",
            ),
        ],
    ),
)
