"""Query parameters of `/api/videos/`; any other one is a 400 that names it."""

from collections.abc import Mapping
from dataclasses import dataclass

from rest_framework import serializers

from api.http.params import ParsedParameters
from api.videos.serializers import ALL_FIELDS, DEFAULT_FIELDS
from songs.browse import cursors
from songs.browse.filter import (
    FACETS,
    LANGUAGE,
    MAX_CHANNEL,
    MAX_DURATION,
    MAX_LANGUAGE,
    MAX_TAG,
    MAX_WORDS,
    filter_of,
)
from songs.browse.filter import PARSERS as OF_FILTER
from songs.browse.queries import FIRST, Cursor, VideoFilter, VideoOrder
from songs.models import Mood
from web.parameters import BadParameters, Parser, choices, integer, parse_each, text

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
OF_PAGE: dict[str, Parser] = {
    "limit": integer(1, MAX_LIMIT),
    "cursor": text(cursors.MAX_LENGTH),
    "fields": choices(ALL_FIELDS),
    "facets": choices(tuple(FACETS)),
}


@dataclass(frozen=True, slots=True)
class VideoQuery:
    """Which videos, from where on, and how they are to be shown."""

    filters: VideoFilter
    cursor: Cursor
    limit: int | None  # None: the query names none
    fields: tuple[str, ...]
    facets: tuple[str, ...]


def parse_video_query(values: Mapping[str, str]) -> VideoQuery:
    """Return what the texts ask for; raises BadParameters naming each wrong one."""
    parsed = parse_each(values, OF_FILTER | OF_PAGE)
    filters, cursor = filter_of(parsed), FIRST
    if "cursor" in parsed:
        try:
            cursor = cursors.decode(parsed["cursor"], filters)
        except cursors.BadCursor as exc:
            raise BadParameters({"cursor": [str(exc)]}) from exc
    return VideoQuery(
        filters,
        cursor,
        parsed.get("limit"),
        parsed.get("fields", DEFAULT_FIELDS),
        parsed.get("facets", ()),
    )


class VideoParameters(ParsedParameters):
    """The query of `/api/videos/`."""

    parse = staticmethod(parse_video_query)

    q = serializers.CharField(
        required=False,
        max_length=MAX_WORDS,
        help_text='Words to search for: `piano "slow rain" or guitar -drums`.',
    )
    mood = serializers.ChoiceField(
        Mood.values,
        required=False,
        help_text="The mood shown: a person's, else the model's. In any spelling.",
    )
    source = serializers.ChoiceField(
        FACETS["source"], required=False, help_text="Whose mood is shown."
    )
    min_confidence = serializers.FloatField(
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
        required=False, max_length=MAX_CHANNEL, help_text="A `channel_id`."
    )
    licence = serializers.ChoiceField(FACETS["licence"], required=False)
    language = serializers.RegexField(
        rf"^{LANGUAGE}\Z",
        required=False,
        max_length=MAX_LANGUAGE,
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
        required=False, max_length=MAX_TAG, help_text="A whole tag, in any case."
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
    fields = serializers.CharField(required=False)
    facets = serializers.CharField(required=False)
