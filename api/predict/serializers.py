"""What `/api/predict/` reads and writes."""

from typing import Any

from rest_framework import serializers

from api.http.fields import TextField
from ml.moods.recipe import MOODS
from songs.models import Mood
from songs.youtube.fields import MAX_LINE, MAX_LIST, MAX_TEXT

MAX_TEXTS = 200


class TextRequest(serializers.Serializer):
    """The words of one video; at least a title or a description."""

    title = TextField(required=False, allow_blank=True, default="", max_length=MAX_LINE)
    description = TextField(
        required=False, allow_blank=True, default="", max_length=MAX_TEXT
    )
    tags = serializers.ListField(
        child=TextField(allow_blank=True, max_length=MAX_LINE),
        required=False,
        default=list,
        max_length=MAX_LIST,
        help_text="Kept for recipes that read them; today's does not.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["title"] and not attrs["description"]:
            raise serializers.ValidationError(
                {"title": "Say a title or a description."}, code="required"
            )
        return attrs


class PredictRequest(serializers.Serializer):
    """Texts to ask the live model about."""

    texts = TextRequest(many=True, min_length=1, max_length=MAX_TEXTS)


class ReasonSerializer(serializers.Serializer):
    """A word or phrase that pushed the mood."""

    phrase = serializers.CharField(help_text="As the text spells it.")
    weight = serializers.FloatField(
        min_value=0,
        help_text="Log-odds that it adds to the mood, beside the mean of the six.",
    )


class TextMoodSerializer(serializers.Serializer):
    """What the model says of one text."""

    mood = serializers.ChoiceField(Mood.choices)
    second = serializers.ChoiceField(Mood.choices, help_text="The next likeliest.")
    sure = serializers.BooleanField(help_text="By the model's own threshold.")
    scores = serializers.DictField(
        child=serializers.FloatField(min_value=0, max_value=1),
        help_text=f"The probability of each of the six: {', '.join(MOODS)}.",
    )
    why = ReasonSerializer(
        many=True, help_text="The strongest first; empty where no word is known."
    )


class PredictSerializer(serializers.Serializer):
    """One entry for each text, in the order that they came."""

    model = serializers.CharField(help_text="The version that said it.")
    predictions = TextMoodSerializer(many=True)
