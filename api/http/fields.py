"""Fields of requests, and the shapes of errors, that several resources share."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.http.errors import NAMES
from songs.models import Mood
from songs.models.video import Gone


class OnlyText:
    """In bodies a number is no text; it would hide a client's mistake."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextField(OnlyText, serializers.CharField):
    """A text."""


class FlagField(serializers.BooleanField):
    """True or false, and not what looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        return data if isinstance(data, bool) else self.fail("invalid", input=data)


class VideoIdField(OnlyText, serializers.RegexField):
    """The id that YouTube gave a video."""

    default_error_messages = {"invalid": "Not the 11 characters of a YouTube id."}

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[A-Za-z0-9_-]{11}\Z", **options)


@extend_schema_field(serializers.ChoiceField(Mood.choices))  # the spelling to teach
class MoodNameField(TextField):
    """A mood as people write it: `Happy`, `IN-LOVE`, `Confident/Sassy`."""

    default_error_messages = dict.fromkeys(
        ["required", "null", "blank", "invalid", "max_length", "unknown"],
        f"Say one of {', '.join(Mood.values)}.",
    )

    def to_internal_value(self, data: Any) -> Mood:
        mood = Mood.named(super().to_internal_value(data))
        return mood or self.fail("unknown")


class ErrorSerializer(serializers.Serializer):
    """Every error has this shape."""

    detail = serializers.CharField(help_text="For a person.")
    code = serializers.ChoiceField(NAMES, help_text="For a program.")


class InvalidSerializer(ErrorSerializer):
    """An error in what was sent."""

    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="With `invalid`: each wrong field or parameter, and why.",
    )


class GoneSerializer(ErrorSerializer):
    """A video that is no longer offered."""

    gone_since = serializers.DateTimeField()
    gone_why = serializers.ChoiceField(Gone.choices)
