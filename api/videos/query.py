"""What `/api/videos/` may be asked for. Everything else is a 400 that names it."""

import math
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.http.fields import MoodNameField
from api.http.params import misused
from api.videos.serializers import DEFAULT_FIELDS, VideoSerializer
from songs.browse import cursors
from songs.browse.queries import FIRST, UNKNOWN, Cursor, VideoFilter, VideoOrder
from songs.models import Mood

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
MAX_DURATION = 2**31 - 1  # seconds
FACETS = {
    "mood": tuple(Mood),
    "source": ("person", "model"),
    "labelled": ("true", "false", UNKNOWN),
    "licence": ("creativeCommon", UNKNOWN),
}
FILTERS = {field.name for field in fields(VideoFilter)}
ONLY_JSON = "Only with JSON."
MOST_REMEMBERED = 500  # queries, of at most 8 kB each


@dataclass(frozen=True, slots=True)
class Asked:
    """Which videos, from where on, and how they are to be shown."""

    filters: VideoFilter
    cursor: Cursor
    limit: int | None  # None: the query names none
    fields: tuple[str, ...]
    facets: tuple[str, ...]


class NamesField(serializers.CharField):
    """Names out of a list, separated by commas."""

    def __init__(self, names: tuple[str, ...], **options: Any) -> None:
        self.names = names
        super().__init__(
            max_length=1000,
            help_text=f"Out of {', '.join(names)}; separated by commas.",
            **options,
        )

    def to_internal_value(self, data: Any) -> list[str]:
        chosen = [name.strip() for name in super().to_internal_value(data).split(",")]
        if unknown := sorted(set(chosen) - set(self.names)):
            named = ", ".join(name[:50] for name in unknown[:5])
            raise ValidationError(
                f"Unknown: {named}. Say some of {', '.join(self.names)}."
            )
        return list(dict.fromkeys(chosen))


class ConfidenceField(serializers.FloatField):
    """A probability; not-a-number is none."""

    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        return self.fail("invalid") if math.isnan(value) else value


class VideoQuery(serializers.Serializer):
    """The query of `/api/videos/`."""

    q = serializers.CharField(
        required=False,
        max_length=200,
        help_text='Words to search for: `piano "slow rain" or guitar -drums`.',
    )
    mood = MoodNameField(
        required=False,
        max_length=50,
        help_text="The mood shown: a person's, else the model's. In any spelling.",
    )
    source = serializers.ChoiceField(
        FACETS["source"], required=False, help_text="Whose mood is shown."
    )
    min_confidence = ConfidenceField(
        required=False,
        min_value=0,
        max_value=1,
        help_text="Leaves out what the model is less sure of; people's moods stay.",
    )
    labelled = serializers.ChoiceField(
        FACETS["labelled"],
        required=False,
        help_text="Whether a person gave a mood, could give none, or has not looked.",
    )
    channel = serializers.CharField(
        required=False, max_length=64, help_text="A `channel_id`."
    )
    licence = serializers.ChoiceField(FACETS["licence"], required=False)
    language = serializers.RegexField(
        r"^[A-Za-z0-9-]+\Z",
        required=False,
        max_length=35,
        help_text="As YouTube names it, such as `en` or `pt-BR`; or `unknown`.",
    )
    min_duration = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_DURATION, help_text="Seconds."
    )
    max_duration = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_DURATION, help_text="Seconds."
    )
    published_after = serializers.DateTimeField(
        required=False, help_text="From this day or moment on (UTC)."
    )
    published_before = serializers.DateTimeField(
        required=False, help_text="Before this day or moment (UTC)."
    )
    has_tag = serializers.CharField(
        required=False, max_length=200, help_text="A whole tag, in any case."
    )
    ordering = serializers.ChoiceField(
        [order.value for order in VideoOrder],
        required=False,
        help_text="The default is `rank` with `q`, else `newest`.",
    )
    limit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_LIMIT,
        help_text=f"Of a page; {DEFAULT_LIMIT} unless you say. CSV and NDJSON without "
        "it are all videos.",
    )
    cursor = serializers.CharField(
        required=False,
        max_length=cursors.MAX_LENGTH,
        help_text="Out of `next` or `previous`.",
    )
    fields = NamesField(tuple(VideoSerializer().fields), required=False)
    facets = NamesField(tuple(FACETS), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Asked]:
        for least, most in (
            ("min_duration", "max_duration"),
            ("published_after", "published_before"),
        ):
            if least in attrs and most in attrs and attrs[least] > attrs[most]:
                raise ValidationError({least: [f"It is more than {most}."]})
        default = VideoOrder.RANK if "q" in attrs else VideoOrder.NEWEST
        attrs["ordering"] = VideoOrder(attrs.get("ordering", default))
        if attrs["ordering"] is VideoOrder.RANK and "q" not in attrs:
            raise ValidationError({"ordering": ["There is no rank without `q`."]})
        return self._understood(attrs)

    def _understood(self, attrs: dict[str, Any]) -> dict[str, Asked]:
        filters = VideoFilter(**{name: attrs[name] for name in FILTERS & attrs.keys()})
        cursor = FIRST
        if "cursor" in attrs:
            try:
                cursor = cursors.decode(attrs["cursor"], filters)
            except cursors.BadCursor as exc:
                raise ValidationError({"cursor": [str(exc)]}) from exc
        asked = Asked(
            filters,
            cursor,
            limit=attrs.get("limit"),
            fields=tuple(attrs.get("fields", DEFAULT_FIELDS)),
            facets=tuple(attrs.get("facets", ())),
        )
        return {"asked": asked}


@lru_cache(maxsize=MOST_REMEMBERED)
def understand(query: str, *, format_: str) -> Asked:
    """What the query asks for. Raises ValidationError, which names what is wrong.

    To check it costs more than to read a page, and most clients ask the same.
    """
    params = QueryDict(query)
    wrong = misused(params, {*VideoQuery().fields, "format"})
    if format_ in ("csv", "ndjson") and "facets" in params:
        wrong["facets"] = [ONLY_JSON]
    checked = VideoQuery(data=params.dict())
    if not checked.is_valid() or wrong:
        raise ValidationError(checked.errors | wrong)
    return checked.validated_data["asked"]
