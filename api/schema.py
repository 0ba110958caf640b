"""The prose of the OpenAPI document, apart from the code that it describes."""

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)

from api.schema_limits import limited
from api.serializers import (
    AcceptedSuggestionSerializer,
    CommentsSerializer,
    ErrorSerializer,
    GoneSerializer,
    InvalidSerializer,
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
ANYBODY: list[str] = []  # no credentials needed
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

NEW_VIDEOS = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="new_videos",
        parameters=VALIDATORS,
        responses={200: NewVideoSerializer(many=True), 304: NOT_MODIFIED},
        summary="The catalogue",
        description=(
            "All offered videos as a bare array, newest first. `moods` is the mood that "
            "a person gave, else the model's; `mood_source` says which. Moods are "
            "judgements of this service and its users, not YouTube's. Unknown query "
            "parameters are ignored."
        ),
    ),
    post=extend_schema(
        tags=CATALOGUE,
        operation_id="add_new_video",
        summary="Add a video",
        description=(
            "For signed-in people who may add videos. `moods` becomes a judgement of "
            "the sender only with `labeled: true`, which needs the right to change "
            "videos too; without it `moods` is not stored. A video that the catalogue "
            "has is never changed."
        ),
        request=NewVideoRequest,
        responses={
            201: NewVideoSerializer,
            400: InvalidSerializer,
            403: ErrorSerializer,
            409: ErrorSerializer,
            413: ErrorSerializer,
            415: ErrorSerializer,
        },
        examples=[
            OpenApiExample(
                "A video and a judgement",
                {
                    "video_id": "dQw4w9WgXcQ",
                    "video_title": "A song",
                    "moods": "HAPPY",
                    "labeled": True,
                },
                request_only=True,
            )
        ],
    ),
)

NEW_VIDEO = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="new_video",
        parameters=VALIDATORS,
        summary="One video",
        description=(
            "The video with its description and tags. 410 once it was deleted, made "
            "private, not embeddable or not Creative Commons any more."
        ),
        responses={
            200: NewVideoDetailSerializer,
            304: NOT_MODIFIED,
            404: ErrorSerializer,
            410: GoneSerializer,
        },
    )
)

PREDICTIONS = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="predictions",
        parameters=VALIDATORS,
        responses={200: PredictionSerializer(many=True), 304: NOT_MODIFIED},
        summary="What the model says",
        description=(
            "The predicted mood of each video and the version of the model; null where "
            "it has not said yet. Newest videos first. Unknown query parameters are "
            "ignored."
        ),
    )
)

THUMBNAILS = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="thumbnails",
        parameters=VALIDATORS,
        responses={200: ThumbnailSerializer(many=True), 304: NOT_MODIFIED},
        summary="Pictures",
        description=(
            "The thumbnail of each video, newest first. Unknown query parameters are "
            "ignored."
        ),
    )
)

STATISTICS = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="new_videos_stats",
        parameters=VALIDATORS,
        responses={200: StatisticsSerializer(many=True), 304: NOT_MODIFIED},
        summary="How often seen and liked",
        description=(
            "What YouTube counted, at the last refresh; null where it does not say. "
            "`new_video` is the title. Newest videos first. Unknown query parameters "
            "are ignored."
        ),
    )
)

STATISTICS_OF_ONE = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="new_video_stats",
        parameters=VALIDATORS,
        summary="How often one video was seen and liked",
        description="As in the list; 404 and 410 as for the video itself.",
        responses={
            200: StatisticsSerializer,
            304: NOT_MODIFIED,
            404: ErrorSerializer,
            410: GoneSerializer,
        },
    )
)

COMMENTS = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="new_comments",
        parameters=VALIDATORS,
        responses={200: CommentsSerializer(many=True), 304: NOT_MODIFIED},
        summary="Comments",
        description=(
            "The texts of the comments on each video that we have comments of, the "
            "latest first; the other videos are not listed. Newest videos first. "
            "Unknown query parameters are ignored."
        ),
    )
)

SUGGESTIONS = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="accepted_suggestions",
        summary="Accepted suggestions",
        description=(
            "The suggested moods that a person has accepted, the latest first. Unknown "
            "query parameters are ignored."
        ),
        parameters=VALIDATORS,
        responses={200: AcceptedSuggestionSerializer(many=True), 304: NOT_MODIFIED},
    ),
    post=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="suggest_mood",
        summary="Suggest a mood",
        description=(
            "For anybody, without an account. `correct_moods` may be written in any "
            "case and spelling (`Happy`, `IN-LOVE`, `Confident/Sassy`); other fields, "
            "such as `video_title`, are ignored. A suggestion changes no mood: it waits until "
            "a person accepts or rejects it. One counts per video, address and day "
            "(UTC): the answer to a second one is 200 with the first, which stands."
        ),
        request=SuggestionRequest,
        responses={
            200: SuggestionSerializer,
            201: SuggestionSerializer,
            400: InvalidSerializer,
            403: ErrorSerializer,
            404: ErrorSerializer,
            410: GoneSerializer,
            413: ErrorSerializer,
            415: ErrorSerializer,
            429: ErrorSerializer,
        },
        parameters=limited(200, 201),
        examples=[
            OpenApiExample(
                "A suggestion",
                {"video_id": "dQw4w9WgXcQ", "correct_moods": "Confident/Sassy"},
                request_only=True,
            ),
            OpenApiExample(
                "It is kept",
                {
                    "video_id": "dQw4w9WgXcQ",
                    "video_title": "A song",
                    "correct_moods": "CONFIDENT-SASSY",
                    "detail": "Thank you. Your suggestion waits until a person has "
                    "looked at it.",
                },
                response_only=True,
                status_codes=["201"],
            ),
        ],
    ),
)

MOODS = extend_schema_view(
    get=extend_schema(
        tags=CATALOGUE,
        auth=ANYBODY,
        operation_id="moods",
        summary="The six moods",
        description="Names, labels, and how many offered videos have each mood.",
        parameters=VALIDATORS,
        responses={
            200: MoodSerializer(many=True),
            304: NOT_MODIFIED,
            400: InvalidSerializer,
        },
    )
)
