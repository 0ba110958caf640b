"""The prose of the OpenAPI document, apart from the code that it describes."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)

from api.schema_errors import BODY, EDITORS, ONE_VIDEO, QUERY, WRITERS, errors
from api.serializers import (
    AcceptedSuggestionSerializer,
    CommentsSerializer,
    MoodSerializer,
    NewVideoDetailSerializer,
    NewVideoRequest,
    NewVideoSerializer,
    PredictionSerializer,
    StatisticsSerializer,
    SuggestionRequest,
    SuggestionSerializer,
    ThumbnailSerializer,
)

CATALOGUE = ["The catalogue"]
OF_2019 = ["Whole lists"]
SUGGESTED = ["Suggested moods"]
ANYBODY: list[dict[str, list[str]]] = [{}, {"programToken": []}]  # needs no token
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
STATISTICS_OF_A_VIDEO = {
    "video_id": "dQw4w9WgXcQ",
    "video_view_count": 120345,
    "video_like_count": None,
    "new_video": "Rain",
}


def answered(name: str, value: Any, *statuses: str) -> OpenApiExample:
    """What an operation answers; of a list, one of its items."""
    codes = statuses or ("200",)
    kind = "application/json"
    return OpenApiExample(
        name, value, response_only=True, status_codes=codes, media_type=kind
    )


def asked(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


def public_read(
    operation_id: str,
    summary: str,
    description: str,
    answer: Any,
    example: OpenApiExample,
    *,
    tags: list[str] = OF_2019,
    refused: tuple[dict[int, str], ...] = (),
) -> Any:
    """A GET for anybody, with its validators."""
    return extend_schema(
        tags=tags,
        auth=ANYBODY,
        operation_id=operation_id,
        summary=summary,
        description=description,
        parameters=VALIDATORS,
        responses={200: answer, 304: NOT_MODIFIED, **errors(*refused)},
        examples=[example],
    )


NEW_VIDEOS = extend_schema_view(
    get=public_read(
        "new_videos",
        "All videos",
        "All offered videos as a bare array, newest first. `moods` is the mood that "
        "a person gave, else the model's; `mood_source` says which. Moods are "
        f"judgements of this service and its users, not YouTube's. {IGNORES}",
        NewVideoSerializer(many=True),
        answered("A video", A_VIDEO),
    ),
    post=extend_schema(
        tags=OF_2019,
        operation_id="add_new_video",
        summary="Add a video",
        description=(
            "For signed-in people who may add videos, and tokens with the scope "
            "`videos:add`. `moods` becomes a judgement of the sender only with "
            "`labeled: true`, which needs the right to change videos too, so that no "
            "token can; without it `moods` is not stored. A video that the catalogue "
            "has is never changed."
        ),
        request=NewVideoRequest,
        responses={
            201: NewVideoSerializer,
            **errors(BODY, EDITORS, {409: "already_exists"}),
        },
        examples=[
            asked(
                "A video and a judgement",
                {
                    "video_id": "abcDEF_-124",
                    "video_title": "A song",
                    "moods": "HAPPY",
                    "labeled": True,
                },
            ),
            answered("It is there", A_VIDEO, "201"),
        ],
    ),
)

NEW_VIDEO = extend_schema_view(
    get=public_read(
        "new_video",
        "One video",
        "The video with its description and tags. 410 once it was deleted, made "
        "private, not embeddable or not Creative Commons any more.",
        NewVideoDetailSerializer,
        answered("A video", A_VIDEO | ITS_TEXTS),
        refused=(ONE_VIDEO,),
    )
)

PREDICTIONS = extend_schema_view(
    get=public_read(
        "predictions",
        "What the model says",
        "The predicted mood of each video and the version of the model; null where "
        f"it has not said yet. Newest videos first. {IGNORES}",
        PredictionSerializer(many=True),
        answered(
            "A prediction",
            {name: A_VIDEO[name] for name in PredictionSerializer.Meta.fields},
        ),
    )
)

THUMBNAILS = extend_schema_view(
    get=public_read(
        "thumbnails",
        "Pictures",
        f"The thumbnail of each video, newest first. {IGNORES}",
        ThumbnailSerializer(many=True),
        answered(
            "A picture",
            {name: A_VIDEO[name] for name in ThumbnailSerializer.Meta.fields},
        ),
    )
)

STATISTICS = extend_schema_view(
    get=public_read(
        "new_videos_stats",
        "How often seen and liked",
        "What YouTube counted, at the last refresh; null where it does not say. "
        f"`new_video` is the title. Newest videos first. {IGNORES}",
        StatisticsSerializer(many=True),
        answered("Likes are hidden", STATISTICS_OF_A_VIDEO),
    )
)

STATISTICS_OF_ONE = extend_schema_view(
    get=public_read(
        "new_video_stats",
        "How often one video was seen and liked",
        "As in the list; 404 and 410 as for the video itself.",
        StatisticsSerializer,
        answered("Likes are hidden", STATISTICS_OF_A_VIDEO),
        refused=(ONE_VIDEO,),
    )
)

COMMENTS = extend_schema_view(
    get=public_read(
        "new_comments",
        "Comments",
        "The texts of the comments on each video that we have comments of, the "
        "latest first; the other videos are not listed. Newest videos first. "
        f"{IGNORES}",
        CommentsSerializer(many=True),
        answered(
            "Two comments",
            {"video_id": "dQw4w9WgXcQ", "comments": ["So calm.", "I sleep to this."]},
        ),
    )
)

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

MOODS = extend_schema_view(
    get=public_read(
        "moods",
        "The six moods",
        "Names, labels, and how many offered videos have each mood.",
        MoodSerializer(many=True),
        answered(
            "Chill",
            {"name": "CHILL", "label": "Chill", "by_people": 84, "by_model": 5210},
        ),
        tags=CATALOGUE,
        refused=(QUERY,),
    )
)
