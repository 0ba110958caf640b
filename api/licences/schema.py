"""The prose of the OpenAPI document about licences and claims."""

from typing import Any

from api.licences.serializers import ClaimRequest, ClaimSerializer, PassportSerializer
from api.openapi.errors import QUERY, WRITERS
from api.openapi.responses import (
    VALIDATORS,
    public_post,
    public_read,
    request_example,
    response_example,
)
from songs.licensing.risk import SUMMARIES, Level

LICENCES = ["Licences"]
LINK = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
CHANNEL = "https://www.youtube.com/channel/UCcalm"
CC_BY = "https://creativecommons.org/licenses/by/3.0/"
A_PASSPORT: dict[str, Any] = {
    "video_id": "dQw4w9WgXcQ",
    "video_title": "Rain",
    "link": LINK,
    "channel_id": "UCcalm",
    "channel_title": "Calm",
    "licence": "creativeCommon",
    "verified": {"licence": "creativeCommon", "at": "2026-11-20T04:00:00Z"},
    "first_seen": "2026-03-01T04:00:00Z",
    "gone_since": None,
    "gone_why": None,
    "changes": [
        {
            "at": "2026-08-02T04:00:00Z",
            "what": "embeddable",
            "before": None,
            "after": True,
        }
    ],
    "claims": {"accepted": 0, "last": None},
    "attribution": {
        "text": f'"Rain" by Calm, {LINK}, CC BY ({CC_BY})',
        "html": f'<a href="{LINK}">Rain</a> by <a href="{CHANNEL}">Calm</a>, '
        f'<a rel="license" href="{CC_BY}">CC BY</a>',
        "markdown": f"[Rain]({LINK}) by [Calm]({CHANNEL}), [CC BY]({CC_BY})",
        "note": None,
    },
    "safe_to_use": {
        "level": "likely",
        "summary": SUMMARIES[Level.LIKELY],
        "reasons": [
            {
                "code": "verified",
                "level": "likely",
                "text": "Last verified 1 day ago; after 7 days it may have changed.",
            }
        ],
    },
}

PASSPORT = public_read(
    "licence_passport",
    "The licence passport of a video",
    "What YouTube said of the licence and when, what changed since, a credit "
    "ready to be pasted, and how safe a use seems, with every reason. It is "
    "what is known here, never a promise. A video that is gone has a passport "
    "too: what was verified and when, and that it is no longer offered. Titles "
    "and names are kept for 30 days at most; past that the credit has the link "
    "and says what it lacks.",
    PassportSerializer,
    response_example("A passport", A_PASSPORT),
    tags=LICENCES,
    parameters=VALIDATORS,
    refused=(
        QUERY,
        {404: "not_found"},
    ),
)

CLAIMS = public_post(
    "report_claim",
    "Report a Content ID claim",
    "For anybody, without an account. A report waits until a person accepts or "
    "rejects it; an accepted one lowers `safe_to_use` for all. One counts per "
    "video, address and day (UTC): the answer to a second one is 200 with the "
    "first, which stands. Gone videos take reports too. What is reported is "
    "shown to reviewers only.",
    ClaimRequest,
    ClaimSerializer,
    request_example(
        "A claim",
        {"claimant": "A label", "details": "Claimed 0:12 to 1:40 of my video."},
    ),
    response_example(
        "It is kept",
        {
            "video_id": "dQw4w9WgXcQ",
            "claimant": "A label",
            "at": "2026-11-21T10:00:00Z",
            "detail": "Thank you. Your report waits until a person has looked at it.",
        },
        "200",
        "201",
    ),
    tags=LICENCES,
    statuses=(200, 201),
    refused=(
        WRITERS,
        {404: "not_found"},
    ),
)
