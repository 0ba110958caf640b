"""What the API reads and writes of suggested moods."""

from rest_framework import serializers

from api.arrays2019.serializers import RowSerializer
from api.http.fields import MoodNameField, VideoIdField
from songs.models import Mood, MoodSuggestion


class SuggestionRequest(serializers.Serializer):
    """A mood for a video of the catalogue; other fields are ignored."""

    video_id = VideoIdField()
    correct_moods = MoodNameField(
        max_length=50, help_text="One of the six moods, in any case and spelling."
    )


class AcceptedSuggestionSerializer(RowSerializer):
    """A suggested mood that a person has accepted."""

    video_title = serializers.CharField(read_only=True, allow_null=True)
    correct_moods = serializers.ChoiceField(Mood.choices, read_only=True)

    class Meta:
        model = MoodSuggestion
        fields = read_only_fields = ("video_id", "video_title", "correct_moods")


class SuggestionSerializer(serializers.Serializer):
    """The suggestion that stands: of an address, for a video, on a day."""

    video_id = serializers.CharField()
    video_title = serializers.CharField(allow_null=True)
    correct_moods = serializers.ChoiceField(Mood.choices)
    detail = serializers.CharField(help_text="What becomes of it, for a person.")
