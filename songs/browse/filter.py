"""What a list of videos is asked for, parsed from the texts of a query.

The API and the pages take the same parameters by the same names.
"""

from collections.abc import Mapping
from typing import Any

from songs.browse.queries import UNKNOWN, VideoFilter, VideoOrder
from songs.models import Mood
from web.parameters import (
    BadParameters,
    BadValue,
    Parser,
    choice,
    integer,
    moment,
    number,
    parse_each,
    text,
)

FACETS: dict[str, tuple[str, ...]] = {  # what is counted by, and its values
    "mood": tuple(Mood),
    "source": ("person", "model"),
    "labelled": ("true", "false", UNKNOWN),
    "licence": ("creativeCommon", UNKNOWN),
}
MAX_WORDS, MAX_MOOD, MAX_CHANNEL, MAX_LANGUAGE, MAX_TAG = 200, 50, 64, 35, 200
MAX_DURATION = 2**31 - 1  # seconds
LANGUAGE = "[A-Za-z0-9-]+"


def mood(value: str) -> Mood:
    """Parse a mood in any spelling: `Happy`, `IN-LOVE`, `Confident/Sassy`."""
    if (named := Mood.named(text(MAX_MOOD)(value))) is None:
        raise BadValue(f"Say one of {', '.join(Mood.values)}.")
    return named


PARSERS: dict[str, Parser] = {
    "q": text(MAX_WORDS),
    "mood": mood,
    "source": choice(FACETS["source"]),
    "min_confidence": number(0, 1),
    "labelled": choice(FACETS["labelled"]),
    "channel": text(MAX_CHANNEL),
    "licence": choice(FACETS["licence"]),
    "language": text(MAX_LANGUAGE, LANGUAGE),
    "min_duration": integer(0, MAX_DURATION),
    "max_duration": integer(0, MAX_DURATION),
    "published_after": moment,
    "published_before": moment,
    "has_tag": text(MAX_TAG),
    "ordering": choice([order.value for order in VideoOrder]),
}


def parse_filter(values: Mapping[str, str]) -> VideoFilter:
    """Return the filter that the texts ask for; raises BadParameters naming each wrong one."""
    return filter_of(parse_each(values, PARSERS))


def filter_of(parsed: Mapping[str, Any]) -> VideoFilter:
    """Return the filter of parsed parameters; raises BadParameters where they clash."""
    parsed = {name: parsed[name] for name in PARSERS.keys() & parsed.keys()}
    for least, most in (
        ("min_duration", "max_duration"),
        ("published_after", "published_before"),
    ):
        if least in parsed and most in parsed and parsed[least] > parsed[most]:
            raise BadParameters({least: [f"It is more than {most}."]})
    default = VideoOrder.RANK if "q" in parsed else VideoOrder.NEWEST
    parsed["ordering"] = VideoOrder(parsed.get("ordering", default))
    if parsed["ordering"] is VideoOrder.RANK and "q" not in parsed:
        raise BadParameters({"ordering": ["There is no rank without `q`."]})
    return VideoFilter(**parsed)
