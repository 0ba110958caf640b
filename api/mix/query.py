"""What `/api/mix/` may be asked for. Everything else is a 400 that names it."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.http.params import misused
from songs.labelling.suggestions import mood_named
from songs.mixes.selection import MixRequest
from songs.models import Mood

MINUTES = 45  # unless said otherwise
MOST_MINUTES = 600
SEED_LENGTH = 100
SUM_OFF = 0.02  # that shares may be off, as in 0.33, 0.33, 0.33
KNOWN = ", ".join(Mood)
TEXT = {"max_length": 200, "required": False}


class MoodField(serializers.CharField):
    """A text about moods, each in any spelling."""

    def mood(self, text: str) -> str:
        mood = mood_named(text)
        if mood is None:
            raise ValidationError(f"Unknown mood: {text[:50]!r}. Say some of {KNOWN}.")
        return mood.value


class MoodListField(MoodField):
    """Moods, separated by commas."""

    def to_internal_value(self, data: Any) -> frozenset[str]:
        return frozenset(map(self.mood, super().to_internal_value(data).split(",")))


class SharesField(MoodField):
    """Moods with their shares, `CHILL:0.7,HAPPY:0.3`; or moods alone, in equal shares."""

    def to_internal_value(self, data: Any) -> dict[str, float]:
        parts = super().to_internal_value(data).split(",")
        pairs = [part.partition(":") for part in parts]
        names = [self.mood(name) for name, _, _ in pairs]
        if len(set(names)) < len(names):
            raise ValidationError("A mood is named twice.")
        if not any(colon for _, colon, _ in pairs):
            return _equal(names)
        if not all(colon for _, colon, _ in pairs):
            raise ValidationError("Give every mood a share, or none.")
        shares = [_share(text) for _, _, text in pairs]
        total = sum(shares)
        if abs(total - 1) > SUM_OFF:
            raise ValidationError(f"The shares add up to {total:.4g}, not to 1.")
        return {name: share / total for name, share in zip(names, shares, strict=True)}


class CurveField(MoodField):
    """Two moods with a dash between, `chill-happy`, also where a name has its own."""

    def to_internal_value(self, data: Any) -> tuple[str, str]:
        words = super().to_internal_value(data).split("-")
        for at in range(1, len(words)):
            start = mood_named("-".join(words[:at]))
            end = mood_named("-".join(words[at:]))
            if start and end:
                if start == end:
                    raise ValidationError("Say two different moods.")
                return start.value, end.value
        raise ValidationError(f"Say two moods, such as chill-happy, out of {KNOWN}.")


class MixQuery(serializers.Serializer):
    """The query of `/api/mix/`."""

    mood = SharesField(
        **TEXT,
        help_text="Moods and their shares of the time, which add up to 1: "
        "`CHILL:0.7,HAPPY:0.3`; without shares equal ones. The default is the two of "
        "`curve`, else all that are not excluded.",
    )
    exclude = MoodListField(
        **TEXT,
        help_text="Moods to keep out, separated by commas: also what the model thinks "
        "likelier so than one in six.",
    )
    minutes = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        default=MINUTES,
        help_text="How long the list is to be.",
    )
    curve = CurveField(
        **TEXT, help_text="From one mood to another over the list: `chill-happy`."
    )
    seed = serializers.CharField(
        required=False,
        max_length=SEED_LENGTH,
        help_text="Any text; the same one gives the same list while the catalogue is "
        "the same. The default is today's date (UTC), such as `2026-11-21`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        exclude, curve = attrs.get("exclude", frozenset()), attrs.get("curve")
        others = [mood for mood in Mood.values if mood not in exclude]
        shares = attrs.get("mood") or _equal(curve or others)
        _refuse("exclude", exclude & set(shares), "Asked for, too")
        _refuse("curve", set(curve or ()) - set(shares), "Not among the moods")
        if not shares:
            raise ValidationError({"exclude": ["This leaves no mood."]})
        return attrs | {"shares": shares, "exclude": exclude, "curve": curve}


def understand(params: QueryDict, *, today: date) -> MixRequest:
    """What the query asks for. Raises ValidationError, which names what is wrong."""
    wrong = misused(params, {*MixQuery().fields, "format"})
    query = MixQuery(data=params.dict())
    if not query.is_valid() or wrong:
        raise ValidationError(query.errors | wrong)
    asked = query.validated_data
    return MixRequest(
        asked["shares"],
        asked["minutes"],
        asked.get("seed", today.isoformat()),
        asked["exclude"],
        asked["curve"],
    )


def _equal(moods: Sequence[str]) -> dict[str, float]:
    return {mood: 1 / len(moods) for mood in moods}


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share <= 1:  # not-a-number neither
        raise ValidationError(f"A share is above 0 and at most 1, not {text[:50]!r}.")
    return share


def _refuse(name: str, moods: set[str] | frozenset[str], wrong: str) -> None:
    if moods:
        named = ", ".join(sorted(moods))
        raise ValidationError({name: [f"{wrong}: {named}."]})
