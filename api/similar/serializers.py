"""The query and the response of `/api/videos/{id}/similar/`."""

from rest_framework import serializers

from api.videos.serializers import DEFAULT_FIELDS, WholeVideoSerializer
from songs.similar.query import MOST

DEFAULT_N = 10
SHOWN_FIELDS = list(DEFAULT_FIELDS)


class SimilarQuery(serializers.Serializer):
    """The query of `/api/videos/{id}/similar/`."""

    n = serializers.IntegerField(
        default=DEFAULT_N, min_value=1, max_value=MOST, help_text="How many, at most."
    )


class WhySerializer(serializers.Serializer):
    """What brings the two together."""

    words = serializers.ListField(
        child=serializers.CharField(),
        help_text="That both have in title, tags or description, the strongest first; "
        "may be empty where the moods, or words that often come together, are alike.",
    )
    mood_closeness = serializers.FloatField(
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="How much of the six moods' shares is the same: 1 is all of them. "
        "Null: not known of one of the two.",
    )


class SimilarVideoSerializer(WholeVideoSerializer):
    """A video, how much it is like the other one, and why."""

    similarity = serializers.FloatField(
        min_value=-1, max_value=1, help_text="Of words and moods together; 1: the same."
    )
    why = WhySerializer()

    class Meta(WholeVideoSerializer.Meta):
        fields = (*DEFAULT_FIELDS, "similarity", "why")


class SimilarSerializer(serializers.Serializer):
    """The videos most like one video, the most similar first."""

    video_id = serializers.CharField()
    results = SimilarVideoSerializer(many=True)
