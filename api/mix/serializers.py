"""What `/api/mix/` shows."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from rest_framework import serializers

from songs.mixes.build import MadeMix
from songs.mixes.formats import DECIMALS, mix_tracks
from songs.mixes.wording import title
from songs.models import Mood


class PartSerializer(serializers.Serializer):
    """One mood: what was asked of it, and what the list has."""

    mood = serializers.ChoiceField(Mood.choices)
    share = serializers.FloatField(min_value=0, max_value=1, help_text="As asked.")
    asked_seconds = serializers.IntegerField(min_value=0)
    seconds = serializers.IntegerField(min_value=0)
    tracks = serializers.IntegerField(min_value=0)


class ShortReasonSerializer(serializers.Serializer):
    """One reason, and how many tracks it is about."""

    code = serializers.ChoiceField(
        [
            "looked_at",
            "excluded",
            "channel_limit",
            "same_song",
            "too_long",
            "longer",
            "unknown",
        ]
    )
    tracks = serializers.IntegerField(min_value=0)
    text = serializers.CharField()


class ShortageSerializer(serializers.Serializer):
    """A mood of which there was less than asked."""

    mood = serializers.ChoiceField(Mood.choices)
    text = serializers.CharField()
    reasons = ShortReasonSerializer(many=True)


class MixTrackSerializer(serializers.Serializer):
    """A track at its place in the list."""

    place = serializers.IntegerField(min_value=1)
    starts = serializers.IntegerField(min_value=0, help_text="Seconds into the list.")
    video_id = serializers.CharField()
    video_title = serializers.CharField(allow_null=True)
    channel_title = serializers.CharField(allow_null=True)
    duration = serializers.IntegerField(min_value=1, help_text="Seconds.")
    moods = serializers.ChoiceField(Mood.choices)
    mood_source = serializers.ChoiceField(["person", "model"])
    confidence = serializers.FloatField(
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="The probability of the mood by the model; null for people's moods.",
    )
    on_curve = serializers.FloatField(
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="0: all of the first mood, 1: all of the second; null: no curve.",
    )
    why = serializers.CharField()
    watch = serializers.URLField()
    licence = serializers.URLField(help_text="The licence passport.")
    credit = serializers.CharField(help_text="The credit of this track as text.")


class CreditsSerializer(serializers.Serializer):
    """One block that credits all tracks, three times."""

    text = serializers.CharField(allow_blank=True)
    html = serializers.CharField(allow_blank=True)
    markdown = serializers.CharField(allow_blank=True)
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What the credits lack."
    )


class MixSerializer(serializers.Serializer):
    """An ordered list of tracks."""

    title = serializers.CharField()
    seed = serializers.CharField()
    asked_seconds = serializers.IntegerField(min_value=60)
    seconds = serializers.IntegerField(min_value=0)
    tolerance = serializers.FloatField(
        min_value=0, help_text="Seconds that the list may be off."
    )
    complete = serializers.BooleanField(help_text="It fills the time asked.")
    short = ShortageSerializer(
        many=True, help_text="The moods that came up short, and why."
    )
    curve = serializers.ListField(
        child=serializers.ChoiceField(Mood.choices),
        allow_null=True,
        min_length=2,
        max_length=2,
    )
    exclude = serializers.ListField(child=serializers.ChoiceField(Mood.choices))
    moods = PartSerializer(many=True)
    tracks = MixTrackSerializer(many=True)
    credits = CreditsSerializer()


def mix_body(request: HttpRequest, made: MadeMix) -> dict[str, Any]:
    """The whole answer in JSON."""
    mix, mix_request = made.mix, made.mix.request
    return {
        "title": title(mix_request),
        "seed": mix_request.seed,
        "asked_seconds": mix_request.seconds,
        "seconds": mix.seconds,
        "tolerance": mix.tolerance,
        "complete": mix.complete,
        "short": list(map(asdict, made.short)),
        "curve": mix_request.curve,
        "exclude": sorted(mix_request.exclude),
        "moods": [
            {
                "mood": part.mood,
                "share": round(mix_request.shares[part.mood], DECIMALS),
                "asked_seconds": part.asked,
                "seconds": part.seconds,
                "tracks": len(part.chosen),
            }
            for part in mix.parts
        ],
        "tracks": list(map(asdict, mix_tracks(made, request.build_absolute_uri))),
        "credits": asdict(made.credits),
    }
