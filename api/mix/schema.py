"""The prose of the OpenAPI document about `/api/mix/`."""

from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiTypes,
)

from api.mix.query import MixParameters
from api.mix.serializers import MixSerializer
from api.openapi.errors import QUERY
from api.openapi.responses import (
    CATALOGUE,
    RETRY_AFTER,
    VALIDATORS,
    public_read,
    response_example,
)

FORMAT = OpenApiParameter(
    "format",
    enum=["json", "m3u", "jspf", "csv"],
    description="As the header `Accept` would say it.",
)
LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
CC_BY = "https://creativecommons.org/licenses/by/3.0/"
CREDIT = f'"Rain" by Calm, {LINK}, CC BY ({CC_BY})'
CREDIT_HTML = (
    f'<a href="{LINK}">Rain</a> by Calm, <a rel="license" href="{CC_BY}">CC BY</a>'
)
WHY = "Chill: the model says so, 71% sure. 12% of the way from Chill to Happy."
A_TRACK: dict[str, Any] = {
    "place": 1,
    "starts": 0,
    "video_id": "dQw4w9WgXcQ",
    "video_title": "Rain",
    "channel_title": "Calm",
    "duration": 185,
    "moods": "CHILL",
    "mood_source": "model",
    "confidence": 0.71,
    "on_curve": 0.12,
    "why": WHY,
    "watch": LINK,
    "licence": "https://moodibeats.example/api/videos/dQw4w9WgXcQ/licence/",
    "credit": CREDIT,
}
A_MIX: dict[str, Any] = {
    "title": "MoodiBeats mix: Chill, Happy, 3 min, 2026-11-21",
    "seed": "2026-11-21",
    "asked_seconds": 180,
    "seconds": 185,
    "tolerance": 92.5,
    "complete": True,
    "short": [
        {
            "mood": "HAPPY",
            "text": "Happy: 0:54 asked, no track found.",
            "reasons": [
                {
                    "code": "looked_at",
                    "tracks": 1,
                    "text": "1 track of this mood was looked at.",
                },
                {
                    "code": "excluded",
                    "tracks": 1,
                    "text": "1 track of them: likely of an excluded mood.",
                },
            ],
        }
    ],
    "curve": ["CHILL", "HAPPY"],
    "exclude": ["ANGRY"],
    "moods": [
        {
            "mood": "CHILL",
            "share": 0.7,
            "asked_seconds": 126,
            "seconds": 185,
            "tracks": 1,
        },
        {"mood": "HAPPY", "share": 0.3, "asked_seconds": 54, "seconds": 0, "tracks": 0},
    ],
    "tracks": [A_TRACK],
    "credits": {
        "text": f"{CREDIT}\n",
        "html": f"<ul>\n<li>{CREDIT_HTML}</li>\n</ul>\n",
        "markdown": f"- [Rain]({LINK}) by Calm, [CC BY]({CC_BY})\n",
        "notes": [],
    },
}
M3U = f"""#EXTM3U
#EXTENC:UTF-8
#PLAYLIST:MoodiBeats mix: Chill, 3 min, 2026-11-21
# Credits:
# {CREDIT}
# Chill: the model says so, 71% sure.
#EXTINF:185,Calm - Rain
{LINK}
"""

MIX = public_read(
    "mix",
    "A list that fills a time with moods",
    "An ordered list of offered tracks whose lengths and channels are known. It "
    "is as long as asked, within `tolerance`: 2 % of the time or half a median "
    "track, whichever is more; at most two tracks of a channel, never adjacent; "
    "no track takes more than a quarter of the time or 15 minutes, but 10 are "
    "always fine. Each track says why it is there; where a mood comes up short, "
    "`short` says why. The same query and seed give the same list while the "
    "catalogue is the same; without `seed` today's date (UTC) is the seed. All "
    "formats carry the credits of all tracks.",
    {
        (200, "application/json"): MixSerializer,
        (200, "audio/x-mpegurl"): OpenApiTypes.STR,
        (200, "application/jspf+json"): OpenApiTypes.OBJECT,
        (200, "text/csv"): OpenApiTypes.STR,
    },
    response_example("From chill to happy, in a catalogue that has little", A_MIX),
    OpenApiExample(
        "For a player",
        M3U,
        response_only=True,
        status_codes=["200"],
        media_type="audio/x-mpegurl",
    ),
    response_example(
        "Shares that do not add up",
        {
            "detail": "Not understood: mood.",
            "code": "invalid",
            "fields": {"mood": ["The shares add up to 1.2, not to 1."]},
        },
        "400",
    ),
    tags=CATALOGUE,
    parameters=[MixParameters, FORMAT, RETRY_AFTER, *VALIDATORS],
    refused=(
        QUERY,
        {503: "too_slow"},
    ),
)
