"""What the API reads and writes. Responses are made of rows (dicts), not of models.

A list has tens of thousands of rows: building a model and asking each field for its
value costs many times what reading the columns does.
"""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api.http.fields import FlagField, TextField, VideoIdField
from ml.moods.predict import SURE_ACCURACY
from songs.models import Mood, NewVideo
from songs.models.video import comments_of_a_video
from songs.youtube.fields import MAX_LINE, MAX_TEXT

Row = dict[str, Any]
ITEM_FIELDS = (
    "video_id",
    "video_title",
    "moods",
    "mood_source",
    "labeled",
    "predicted_moods",
    "predicted_by",
    "predicted_sure",
    "mood_scores",
    "video_thumbnail",
    "licence",
    "channel_id",
    "channel_title",
    "published_at",
)


class NewVideoRequest(serializers.Serializer):
    """A video to add. Only `labeled: true` makes `moods` a judgement of the sender."""

    video_id = VideoIdField()
    video_title = TextField(
        required=False, allow_null=True, allow_blank=True, max_length=MAX_LINE
    )
    video_description = TextField(
        required=False, allow_null=True, allow_blank=True, max_length=MAX_TEXT
    )
    moods = serializers.ChoiceField(
        Mood.choices,
        required=False,
        allow_null=True,
        error_messages={"invalid_choice": f"Not one of {', '.join(Mood.values)}."},
    )
    labeled = FlagField(required=False, allow_null=True)

    def validate(self, attrs: Row) -> Row:
        if attrs.get("labeled") and not attrs.get("moods"):
            raise serializers.ValidationError(
                {"moods": "Needed where labeled is true."}, code="required"
            )
        return attrs


class RowSerializer(serializers.ModelSerializer):
    """Describes the columns of a row; its representation is the row itself."""

    computed: dict[str, Any] = {}  # annotations, from columns of other names

    @classmethod
    def columns(cls) -> list[str]:
        """The database columns to read; the source of a mood is computed from them."""
        others = {"mood_source", *cls.computed}
        return [name for name in cls.Meta.fields if name not in others]

    def to_representation(self, instance: Row) -> Row:
        return instance


class NewVideoSerializer(RowSerializer):
    """A video of the catalogue with its mood and where that comes from."""

    mood_source = serializers.ChoiceField(
        ["person", "model"], read_only=True, allow_null=True
    )
    predicted_sure = serializers.BooleanField(
        read_only=True,
        allow_null=True,
        help_text=f"By a threshold that was chosen for {SURE_ACCURACY:.0%} right.",
    )
    mood_scores = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=1),
        read_only=True,
        allow_null=True,
        help_text="The probability of each mood; {} where only the mood is known.",
    )

    class Meta:
        model = NewVideo
        fields = read_only_fields = ITEM_FIELDS

    def to_representation(self, instance: Row) -> Row:
        label, prediction = instance["moods"], instance["predicted_moods"]
        instance["moods"] = label or prediction
        source = "person" if label else "model" if prediction else None
        instance["mood_source"] = source
        return instance


class NewVideoDetailSerializer(NewVideoSerializer):
    """A video with its texts and where it may be played."""

    tags = serializers.ListField(child=serializers.CharField(), read_only=True)
    region_blocked = serializers.ListField(
        child=serializers.CharField(), read_only=True, allow_null=True
    )
    region_allowed = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        allow_null=True,
        help_text="Country codes; null: everywhere that is not blocked.",
    )

    class Meta:
        model = NewVideo
        fields = read_only_fields = (
            *ITEM_FIELDS,
            "video_description",
            "tags",
            "language",
            "region_blocked",
            "region_allowed",
            "origin",
            "predicted_at",
        )


class PredictionSerializer(RowSerializer):
    """What the model says, whatever people say."""

    class Meta:
        model = NewVideo
        fields = ("video_id", "video_title", "predicted_moods", "predicted_by")
        read_only_fields = fields


class ThumbnailSerializer(RowSerializer):
    """Where the picture of a video is."""

    class Meta:
        model = NewVideo
        fields = read_only_fields = ("video_id", "video_thumbnail")


class StatisticsSerializer(RowSerializer):
    """How often a video was seen and liked, as YouTube counted."""

    video_view_count = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Null: not known, never 0."
    )
    video_like_count = serializers.IntegerField(read_only=True, allow_null=True)
    new_video = serializers.CharField(
        read_only=True, allow_null=True, help_text="The title of the video."
    )
    computed = {
        "video_view_count": F("view_count"),
        "video_like_count": F("like_count"),
        "new_video": F("video_title"),
    }

    class Meta:
        model = NewVideo
        fields = ("video_id", "video_view_count", "video_like_count", "new_video")
        read_only_fields = fields


class CommentsSerializer(RowSerializer):
    """What people wrote under a video, the latest first."""

    comments = serializers.ListField(child=serializers.CharField(), read_only=True)
    computed = {"texts": comments_of_a_video()}

    class Meta:
        model = NewVideo
        fields = read_only_fields = ("video_id", "comments")

    @classmethod
    def columns(cls) -> list[str]:
        return ["video_id"]

    def to_representation(self, instance: Row) -> Row:
        return {"video_id": instance["video_id"], "comments": instance["texts"]}


class MoodSerializer(serializers.Serializer):
    """One of the six moods and how many offered videos have it."""

    name = serializers.ChoiceField(Mood.choices, source="mood")
    label = serializers.CharField(source="mood.label")
    by_people = serializers.IntegerField()
    by_model = serializers.IntegerField()
