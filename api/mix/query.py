"""Query parameters of `/api/mix/`; any other one is a 400 that names it."""

from rest_framework import serializers

from api.http.params import ParsedParameters
from songs.mixes.request import (
    MAX_MINUTES,
    MAX_MOODS,
    MAX_SEED,
    MINUTES,
    parse_mix_request,
)

TEXT = {"max_length": MAX_MOODS, "required": False}


class MixParameters(ParsedParameters):
    """The query of `/api/mix/`."""

    parse = staticmethod(parse_mix_request)

    mood = serializers.CharField(
        **TEXT,
        help_text="Moods and their shares of the time, which add up to 1: "
        "`CHILL:0.7,HAPPY:0.3`; without shares equal ones. The default is the two of "
        "`curve`, else all that are not excluded.",
    )
    exclude = serializers.CharField(
        **TEXT,
        help_text="Moods to keep out, separated by commas: also what the model thinks "
        "likelier so than one in six.",
    )
    minutes = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_MINUTES,
        default=MINUTES,
        help_text="How long the list is to be.",
    )
    curve = serializers.CharField(
        **TEXT, help_text="From one mood to another over the list: `chill-happy`."
    )
    seed = serializers.CharField(
        required=False,
        max_length=MAX_SEED,
        help_text="Any text; the same one gives the same list while the catalogue is "
        "the same. The default is today's date (UTC), such as `2026-11-21`.",
    )
