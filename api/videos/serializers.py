"""What `/api/videos/` shows of a video, and where each field is read from."""

from collections.abc import Iterable

from django.db.models import Case, Expression, Value, When
from rest_framework import serializers

from api.arrays2019.serializers import ITEM_FIELDS, NewVideoDetailSerializer
from songs.models import Mood, MoodLabel, NewVideo, listed

DEFAULT_FIELDS = (*ITEM_FIELDS, "confidence", "duration", "language", "view_count")
ALL_FIELDS = (
    *DEFAULT_FIELDS,
    "like_count",
    "comment_count",
    "video_description",
    "tags",
    "topics",
    "embeddable",
    "region_blocked",
    "region_allowed",
    "origin",
    "first_seen",
    "last_fetched",
    "predicted_at",
)
OTHERWISE_NAMED: dict[str, str | Expression] = {  # in ListedVideo
    "moods": "mood",
    "duration": "seconds",
    "mood_source": Case(
        When(labeled=True, then=Value("person")),
        When(mood__isnull=False, then=Value("model")),
    ),
}


def columns(fields: Iterable[str]) -> tuple[str | Expression, ...]:
    """Where each field is read: from ListedVideo if it has it, else from the video."""
    return tuple(
        name if name in listed.COLUMNS else OTHERWISE_NAMED.get(name, f"video__{name}")
        for name in fields
    )


class WholeVideoSerializer(NewVideoDetailSerializer):
    """All fields of a video."""

    moods = serializers.ChoiceField(
        Mood.choices,
        read_only=True,
        allow_null=True,
        help_text="A person's mood, else the model's.",
    )
    confidence = serializers.FloatField(
        read_only=True,
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="The probability of the mood by the model; null for people's moods.",
    )
    duration = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Seconds."
    )
    topics = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = NewVideo
        fields = read_only_fields = ALL_FIELDS


class VideoSerializer(WholeVideoSerializer):
    """A video; with `fields=` only those of its fields."""

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only = field.required = False
        return fields


class FacetSerializer(serializers.Serializer):
    """One value, and how many videos have it within the other filters."""

    value = serializers.CharField()
    count = serializers.IntegerField(min_value=0)
    more = serializers.BooleanField(help_text="There are more: read `10,000+`.")


class VideoPageSerializer(serializers.Serializer):
    """A page of videos."""

    results = VideoSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    facets = serializers.DictField(child=FacetSerializer(many=True), required=False)


class LabelActSerializer(serializers.Serializer):
    """One judgement of a person, who is not named."""

    at = serializers.DateTimeField()
    action = serializers.ChoiceField(MoodLabel.Action.choices)
    mood = serializers.ChoiceField(Mood.choices, allow_null=True)
    source = serializers.ChoiceField(MoodLabel.Source.choices)
    taken_back = serializers.BooleanField()


class LicenceChangeSerializer(serializers.Serializer):
    """A change of the licence at YouTube, or of what follows from it."""

    at = serializers.DateTimeField()
    licence_was = serializers.CharField(allow_null=True)
    licence = serializers.CharField(allow_null=True)
    embeddable_was = serializers.BooleanField(allow_null=True)
    embeddable = serializers.BooleanField(allow_null=True)
    gone_was = serializers.CharField(allow_null=True)
    gone = serializers.CharField(allow_null=True)


class VideoLinksSerializer(serializers.Serializer):
    """Where to go from a video."""

    self = serializers.URLField()
    watch = serializers.URLField()
    channel = serializers.URLField(allow_null=True)
    same_channel = serializers.URLField(allow_null=True)
    same_mood = serializers.URLField(allow_null=True)
    similar = serializers.URLField()
    licence = serializers.URLField()
    claims = serializers.URLField(help_text="POST here.")


class VideoDetailSerializer(WholeVideoSerializer):
    """Everything about a video."""

    label_history = LabelActSerializer(many=True)
    licence_history = LicenceChangeSerializer(many=True)
    links = VideoLinksSerializer()

    class Meta(WholeVideoSerializer.Meta):
        fields = (*ALL_FIELDS, "label_history", "licence_history", "links")
