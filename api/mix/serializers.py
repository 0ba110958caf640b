"""What `/api/mix/` shows."""

from typing import Any

from django.http import HttpRequest
from rest_framework import serializers

from songs.mixes.build import Entry, MadeMix
from songs.mixes.wording import title, why
from songs.models import Mood

DECIMALS = 4


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


TRACK_FIELDS = list(MixTrackSerializer().fields)


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
        "short": ShortageSerializer(made.short, many=True).data,
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
        "tracks": tracks_of(request, made),
        "credits": CreditsSerializer(made.credits).data,
    }


def tracks_of(request: HttpRequest, made: MadeMix) -> list[dict[str, Any]]:
    """The fields of each track, in the order of TRACK_FIELDS."""
    return [
        _track(request, made, number, entry)
        for number, entry in enumerate(made.entries, start=1)
    ]


def _track(
    request: HttpRequest, made: MadeMix, number: int, entry: Entry
) -> dict[str, Any]:
    slot, video = entry.slot, entry.video
    track, position = slot.track, slot.curve_position
    sure = None if track.by_person else track.scores.get(track.mood)
    licence = f"/api/videos/{video.pk}/licence/"
    return {
        "place": number,
        "starts": slot.starts,
        "video_id": video.pk,
        "video_title": video.video_title,
        "channel_title": video.channel_title,
        "duration": track.seconds,
        "moods": track.mood,
        "mood_source": "person" if track.by_person else "model",
        "confidence": sure,
        "on_curve": None if position is None else round(position, DECIMALS),
        "why": why(slot, made.mix.request.curve),
        "watch": video.watch_url,
        "licence": request.build_absolute_uri(licence),
        "credit": entry.credit.text,
    }
