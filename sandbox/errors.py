"""The refusals of the YouTube Data API, as it writes them.

YouTube has two envelopes: the old one (errors, code, message) and that of newer Google
APIs (code, message, errors, status, details). Each refusal here is in the one that it
was seen in.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """The API refuses the request: `status` and `body` are its answer."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(body["error"]["message"])
        self.status = status
        self.body = body


def old_style(
    status: int, *, domain: str, reason: str, message: str, location: str | None = None
) -> Refused:
    entry = {"domain": domain, "reason": reason, "message": message}
    if location is not None:
        entry |= {"locationType": "parameter", "location": location}
    error = {"errors": [entry], "code": status, "message": message}
    return Refused(status, {"error": error})


def new_style(
    status: int,
    canonical: str,
    *,
    reason: str,
    message: str,
    details: str | None = None,
    domain: str = "global",
) -> Refused:
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
    return Refused(status, {"error": error})


def bad_parameter(reason: str, message: str, *, location: str) -> Refused:
    return old_style(
        400,
        domain="youtube.parameter",
        reason=reason,
        message=message,
        location=location,
    )


def bad_request(message: str) -> Refused:
    return new_style(400, "INVALID_ARGUMENT", reason="badRequest", message=message)


def missing_parameter(name: str) -> Refused:
    return bad_parameter(
        "missingRequiredParameter", f"Required parameter: {name}", location=name
    )


def no_filter_selected() -> Refused:
    return bad_parameter("missingRequiredParameter", "No filter selected.", location="")


def invalid_page_token() -> Refused:
    return bad_parameter(
        "invalidPageToken",
        "The request specifies an invalid page token.",
        location="pageToken",
    )


def no_key() -> Refused:
    return new_style(
        403,
        "PERMISSION_DENIED",
        reason="forbidden",
        message="Method doesn't allow unregistered callers (callers without "
        "established identity). Please use API Key or other form of API consumer "
        "identity to call this API.",
    )


def quota_exceeded() -> Refused:
    return old_style(
        403,
        domain="youtube.quota",
        reason="quotaExceeded",
        message="The request cannot be completed because you have exceeded your "
        '<a href="/youtube/v3/getting-started#quota">quota</a>.',
    )


def rate_limit_exceeded() -> Refused:
    return old_style(
        403,
        domain="usageLimits",
        reason="rateLimitExceeded",
        message="Rate Limit Exceeded",
    )


def too_many_requests() -> Refused:
    return new_style(
        429,
        "RESOURCE_EXHAUSTED",
        reason="rateLimitExceeded",
        message="Resource has been exhausted (e.g. check quota).",
    )


def backend_error(status: int) -> Refused:
    return old_style(
        status, domain="global", reason="backendError", message="Backend Error"
    )


def key_invalid_old() -> Refused:
    return old_style(
        400, domain="usageLimits", reason="keyInvalid", message="Bad Request"
    )


def api_key_invalid() -> Refused:
    return new_style(
        400,
        "INVALID_ARGUMENT",
        reason="badRequest",
        message="API key not valid. Please pass a valid API key.",
        details="API_KEY_INVALID",
    )


def access_not_configured() -> Refused:
    return new_style(
        403,
        "PERMISSION_DENIED",
        domain="usageLimits",
        reason="accessNotConfigured",
        message="YouTube Data API v3 has not been used in project 0 before or it is "
        "disabled. Enable it, then retry.",
        details="SERVICE_DISABLED",
    )


def permission_denied() -> Refused:
    """A refusal that is none: the reason says that the service was unavailable."""
    refusal = new_style(
        403,
        "PERMISSION_DENIED",
        domain="youtube.CoreErrorDomain",
        reason="SERVICE_UNAVAILABLE",
        message="Permission denied.",
    )
    refusal.body["error"]["message"] = "The caller does not have permission"
    return refusal


_VIDEO_ID_LINK = (
    'The video identified by the <code><a href="/youtube/v3/docs/commentThreads/list'
    '#videoId">videoId</a></code> parameter'
)


def comments_disabled() -> Refused:
    return old_style(
        403,
        domain="youtube.commentThread",
        reason="commentsDisabled",
        message=f"{_VIDEO_ID_LINK} has disabled comments.",
        location="videoId",
    )


def video_not_found() -> Refused:
    return old_style(
        404,
        domain="youtube.commentThread",
        reason="videoNotFound",
        message=f"{_VIDEO_ID_LINK} could not be found.",
        location="videoId",
    )
