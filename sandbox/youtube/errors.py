"""The refusals of the YouTube Data API, as it writes them.

YouTube has two envelopes: the old one (errors, code, message) and that of newer Google
APIs (code, message, errors, status, details). Each refusal here is in the one that it
was seen in.
"""

from __future__ import annotations

from functools import partial
from typing import Any

Json = dict[str, Any]


class ErrorReply(Exception):
    """The API refuses the request: `status` and `body` are its reply."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(body["error"]["message"])
        self.status = status
        self.body = body


def old_style(
    status: int, domain: str, reason: str, message: str, *, location: str | None = None
) -> ErrorReply:
    entry = {"domain": domain, "reason": reason, "message": message}
    if location is not None:
        entry |= {"locationType": "parameter", "location": location}
    error = {"errors": [entry], "code": status, "message": message}
    return ErrorReply(status, {"error": error})


def new_style(
    status: int,
    canonical: str,
    reason: str,
    message: str,
    *,
    details: str | None = None,
    domain: str = "global",
) -> ErrorReply:
    """`canonical` is the gRPC status; `details` the reason inside an ErrorInfo."""
    error: Json = {
        "code": status,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason}],
        "status": canonical,
    }
    if details is not None:
        error["details"] = [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": details,
                "domain": "googleapis.com",
                "metadata": {"service": "youtube.googleapis.com"},
            },
            {
                "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
                "locale": "en-US",
                "message": message,
            },
        ]
    return ErrorReply(status, {"error": error})


def missing_parameter(name: str) -> ErrorReply:
    return bad_parameter(
        "missingRequiredParameter", f"Required parameter: {name}", location=name
    )


def permission_denied() -> ErrorReply:
    """A refusal that is none: the reason says that the service was unavailable."""
    refusal = new_style(
        403,
        "PERMISSION_DENIED",
        "SERVICE_UNAVAILABLE",
        "Permission denied.",
        domain="youtube.CoreErrorDomain",
    )
    refusal.body["error"]["message"] = "The caller does not have permission"
    return refusal


# Each call makes a new one, to be raised or sent.
bad_parameter = partial(old_style, 400, "youtube.parameter")
bad_request = partial(new_style, 400, "INVALID_ARGUMENT", "badRequest")
no_filter_selected = partial(
    bad_parameter, "missingRequiredParameter", "No filter selected.", location=""
)
invalid_page_token = partial(
    bad_parameter,
    "invalidPageToken",
    "The request specifies an invalid page token.",
    location="pageToken",
)
no_key = partial(
    new_style,
    403,
    "PERMISSION_DENIED",
    "forbidden",
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API.",
)
quota_exceeded = partial(
    old_style,
    403,
    "youtube.quota",
    "quotaExceeded",
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.',
)
rate_limit_exceeded = partial(
    old_style, 403, "usageLimits", "rateLimitExceeded", "Rate Limit Exceeded"
)
too_many_requests = partial(
    new_style,
    429,
    "RESOURCE_EXHAUSTED",
    "rateLimitExceeded",
    "Resource has been exhausted (e.g. check quota).",
)
internal_error = partial(old_style, 500, "global", "backendError", "Backend Error")
unavailable = partial(old_style, 503, "global", "backendError", "Backend Error")
key_invalid_old = partial(old_style, 400, "usageLimits", "keyInvalid", "Bad Request")
api_key_invalid = partial(
    bad_request,
    "API key not valid. Please pass a valid API key.",
    details="API_KEY_INVALID",
)
access_not_configured = partial(
    new_style,
    403,
    "PERMISSION_DENIED",
    "accessNotConfigured",
    "YouTube Data API v3 has not been used in project 0 before or it is disabled. "
    "Enable it, then retry.",
    details="SERVICE_DISABLED",
    domain="usageLimits",
)

_VIDEO_ID_LINK = (
    'The video identified by the <code><a href="/youtube/v3/docs/commentThreads/list'
    '#videoId">videoId</a></code> parameter'
)
comments_disabled = partial(
    old_style,
    403,
    "youtube.commentThread",
    "commentsDisabled",
    f"{_VIDEO_ID_LINK} has disabled comments.",
    location="videoId",
)
video_not_found = partial(
    old_style,
    404,
    "youtube.commentThread",
    "videoNotFound",
    f"{_VIDEO_ID_LINK} could not be found.",
    location="videoId",
)
