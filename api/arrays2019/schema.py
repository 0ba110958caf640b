"""The prose of the OpenAPI document, apart from the code that it describes."""

from api.arrays2019.serializers import (
    CommentsSerializer,
    MoodSerializer,
    NewVideoDetailSerializer,
    NewVideoRequest,
    NewVideoSerializer,
    PredictionSerializer,
    StatisticsSerializer,
    ThumbnailSerializer,
)
from api.openapi.errors import EDITORS, ONE_VIDEO, QUERY
from api.openapi.responses import (
    A_VIDEO,
    CATALOGUE,
    IGNORES,
    ITS_TEXTS,
    OF_2019,
    public_post,
    public_read,
    request_example,
    response_example,
)

STATISTICS_OF_A_VIDEO = {
    "video_id": "dQw4w9WgXcQ",
    "video_view_count": 120345,
    "video_like_count": None,
    "new_video": "Rain",
}


NEW_VIDEOS = public_read(
    "new_videos",
    "All videos",
    "All offered videos as a bare array, newest first. `moods` is the mood that "
    "a person gave, else the model's; `mood_source` says which. Moods are "
    f"judgements of this service and its users, not YouTube's. {IGNORES}",
    NewVideoSerializer(many=True),
    response_example("A video", A_VIDEO),
    tags=OF_2019,
)

ADD_NEW_VIDEO = public_post(
    "add_new_video",
    "Add a video",
    "For signed-in people who may add videos, and tokens with the scope "
    "`videos:add`. `moods` becomes a judgement of the sender only with "
    "`labeled: true`, which needs the right to change videos too, so that no "
    "token can; without it `moods` is not stored. A video that the catalogue "
    "has is never changed.",
    NewVideoRequest,
    NewVideoSerializer,
    request_example(
        "A video and a judgement",
        {
            "video_id": "abcDEF_-124",
            "video_title": "A song",
            "moods": "HAPPY",
            "labeled": True,
        },
    ),
    response_example("It is there", A_VIDEO, "201"),
    tags=OF_2019,
    statuses=(201,),
    refused=(EDITORS, {409: "already_exists"}),
    auth=None,
)

NEW_VIDEO = public_read(
    "new_video",
    "One video",
    "The video with its description and tags. 410 once it was deleted, made "
    "private, not embeddable or not Creative Commons any more.",
    NewVideoDetailSerializer,
    response_example("A video", A_VIDEO | ITS_TEXTS),
    refused=(ONE_VIDEO,),
    tags=OF_2019,
)

PREDICTIONS = public_read(
    "predictions",
    "What the model says",
    "The predicted mood of each video and the version of the model; null where "
    f"it has not said yet. Newest videos first. {IGNORES}",
    PredictionSerializer(many=True),
    response_example(
        "A prediction",
        {name: A_VIDEO[name] for name in PredictionSerializer.Meta.fields},
    ),
    tags=OF_2019,
)

THUMBNAILS = public_read(
    "thumbnails",
    "Pictures",
    f"The thumbnail of each video, newest first. {IGNORES}",
    ThumbnailSerializer(many=True),
    response_example(
        "A picture",
        {name: A_VIDEO[name] for name in ThumbnailSerializer.Meta.fields},
    ),
    tags=OF_2019,
)

STATISTICS = public_read(
    "new_videos_stats",
    "How often seen and liked",
    "What YouTube counted, at the last refresh; null where it does not say. "
    f"`new_video` is the title. Newest videos first. {IGNORES}",
    StatisticsSerializer(many=True),
    response_example("Likes are hidden", STATISTICS_OF_A_VIDEO),
    tags=OF_2019,
)

STATISTICS_OF_ONE = public_read(
    "new_video_stats",
    "How often one video was seen and liked",
    "As in the list; 404 and 410 as for the video itself.",
    StatisticsSerializer,
    response_example("Likes are hidden", STATISTICS_OF_A_VIDEO),
    refused=(ONE_VIDEO,),
    tags=OF_2019,
)

COMMENTS = public_read(
    "new_comments",
    "Comments",
    "The texts of the comments on each video that we have comments of, the "
    "latest first; the other videos are not listed. Newest videos first. "
    f"{IGNORES}",
    CommentsSerializer(many=True),
    response_example(
        "Two comments",
        {"video_id": "dQw4w9WgXcQ", "comments": ["So calm.", "I sleep to this."]},
    ),
    tags=OF_2019,
)

MOODS = public_read(
    "moods",
    "The six moods",
    "Names, labels, and how many offered videos have each mood.",
    MoodSerializer(many=True),
    response_example(
        "Chill",
        {"name": "CHILL", "label": "Chill", "by_people": 84, "by_model": 5210},
    ),
    tags=CATALOGUE,
    refused=(QUERY,),
)
