"""Parameters, responses and examples that the descriptions of several resources share."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)

from api.openapi.errors import BODY, errors

CATALOGUE = ["The catalogue"]
OF_2019 = ["Whole lists"]
Security = list[dict[str, list[str]]]
ANYBODY: Security = [{}, {"programToken": []}]  # needs no token
ROOT = extend_schema(exclude=True)
VALIDATORS = [
    OpenApiParameter(
        "If-None-Match",
        str,
        OpenApiParameter.HEADER,
        description="The `ETag` of the answer that you have.",
    ),
    OpenApiParameter(
        "ETag",
        str,
        OpenApiParameter.HEADER,
        description="Names this state of the answer.",
        response=[200, 304],
    ),
]
NOT_MODIFIED = OpenApiResponse(description="The answer that you have still holds.")
IGNORES = "Unknown query parameters are ignored."

SCORES = {
    "ANGRY": 0.02,
    "CHILL": 0.71,
    "CONFIDENT-SASSY": 0.05,
    "HAPPY": 0.09,
    "IN-LOVE": 0.04,
    "SAD": 0.09,
}
A_VIDEO: dict[str, Any] = {
    "video_id": "dQw4w9WgXcQ",
    "video_title": "Rain",
    "moods": "CHILL",
    "mood_source": "model",
    "labeled": None,
    "predicted_moods": "CHILL",
    "predicted_by": "shipped-lexicon-tfidf-e923b983",
    "predicted_sure": True,
    "mood_scores": SCORES,
    "video_thumbnail": "https://i.ytimg.com/vi/dQw4w9WgXcQ/mqdefault.jpg",
    "licence": "creativeCommon",
    "channel_id": "UCcalm",
    "channel_title": "Calm",
    "published_at": "2026-03-01T04:00:00Z",
}
ITS_TEXTS = {
    "video_description": "A calm piano piece, free to use.",
    "tags": ["piano", "calm"],
    "language": "en",
    "region_blocked": None,
    "region_allowed": None,
    "origin": "youtube",
    "predicted_at": "2026-11-20T04:05:00Z",
}


def response_example(name: str, value: Any, *statuses: str) -> OpenApiExample:
    """Show what an operation answers; of a list, one of its items."""
    codes = statuses or ("200",)
    kind = "application/json"
    return OpenApiExample(
        name, value, response_only=True, status_codes=codes, media_type=kind
    )


def request_example(name: str, value: Any) -> OpenApiExample:
    """Show what is sent to an operation."""
    return OpenApiExample(name, value, request_only=True)


def public_read(
    operation_id: str,
    summary: str,
    description: str,
    answer: Any,
    *examples: OpenApiExample,
    tags: list[str],
    parameters: Sequence[Any] = VALIDATORS,
    refused: Sequence[dict[int, str]] = (),
    auth: Security | None = ANYBODY,
    shapes: dict[int, Any] | None = None,
) -> Any:
    """Describe a GET that needs no account; `answer` is a shape, or shapes by type."""
    answers = answer if isinstance(answer, dict) else {200: answer}
    unchanged = {304: NOT_MODIFIED} if VALIDATORS[0] in parameters else {}
    return extend_schema_view(
        get=extend_schema(
            tags=tags,
            auth=auth,
            operation_id=operation_id,
            summary=summary,
            description=description,
            parameters=[*parameters],
            responses={**answers, **unchanged, **errors(*refused, shapes=shapes)},
            examples=[*examples],
        )
    )


def public_post(
    operation_id: str,
    summary: str,
    description: str,
    request: Any,
    answer: Any,
    *examples: OpenApiExample,
    tags: list[str],
    statuses: Sequence[int] = (200,),
    refused: Sequence[dict[int, str]] = (),
    auth: Security | None = ANYBODY,
    shapes: dict[int, Any] | None = None,
) -> Any:
    """Describe a POST that needs no account."""
    return extend_schema_view(
        post=extend_schema(
            tags=tags,
            auth=auth,
            operation_id=operation_id,
            summary=summary,
            description=description,
            request=request,
            responses={
                **dict.fromkeys(statuses, answer),
                **errors(BODY, *refused, shapes=shapes),
            },
            examples=[*examples],
        )
    )


RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    description="Seconds to wait.",
    response=[503],
)
NUMBERS = {"confidence": 0.71, "duration": 185, "view_count": 120345}
