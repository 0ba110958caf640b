"""Parse HTTP responses of the YouTube Data API into a result or one of our errors.

Nothing that the server wrote reaches a message, except its one-word reasons: a body
may hold addresses, HTML, or the key itself.
"""

from __future__ import annotations

import json
import re

from songs.youtube.client import (
    CommentsDisabled,
    InvalidPageToken,
    Item,
    KeyRefused,
    QuotaExceeded,
    RequestRefused,
    VideoNotFound,
    YouTubeError,
)

_CONSOLE = "in the Google Cloud console, APIs & Services"
_WRONG_KEY = (
    "YouTube says DEVELOPER_KEY is not a valid API key; "
    f"copy it again from Credentials {_CONSOLE}."
)
_API_OFF = (
    "The project of DEVELOPER_KEY has not switched the API on; "
    f"enable YouTube Data API v3 {_CONSOLE}, and wait a few minutes."
)
_RESTRICTED = (
    "The restrictions of DEVELOPER_KEY forbid this call; "
    f"allow this machine and YouTube Data API v3 under Credentials {_CONSOLE}."
)
_KEY_HINTS = {
    "keyInvalid": _WRONG_KEY,
    "keyExpired": _WRONG_KEY,
    "API_KEY_INVALID": _WRONG_KEY,
    "dailyLimitExceededUnreg": _WRONG_KEY,  # the call went out without a key
    "accessNotConfigured": _API_OFF,
    "SERVICE_DISABLED": _API_OFF,
    "ipRefererBlocked": _RESTRICTED,
    "API_KEY_SERVICE_BLOCKED": _RESTRICTED,
    "API_KEY_IP_ADDRESS_BLOCKED": _RESTRICTED,
    "API_KEY_HTTP_REFERRER_BLOCKED": _RESTRICTED,
}
_DAY_IS_SPENT = {"quotaExceeded", "dailyLimitExceeded"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
_TEMPORARY = _TOO_FAST | {"SERVICE_UNAVAILABLE", "backendError", "internalError"}
_REFUSALS: dict[str, type[CommentsDisabled | VideoNotFound]] = {
    "commentsDisabled": CommentsDisabled,
    "videoNotFound": VideoNotFound,
}


class RetryableError(Exception):
    """One try failed in a way that another may not; the message says how."""

    def __init__(self, cause: str, *, retry_after_s: float = 0.0) -> None:
        super().__init__(cause)
        self.retry_after_s = retry_after_s


def parse_response(status: int, body: bytes, *, retry_after: str | None) -> Item:
    """The JSON object of a good response; `retry_after` is the header of that name.

    Raises RetryableError when trying again may help, YouTubeError when it will not.
    """
    answer = _json_object(body)
    if answer is None:
        what = f"HTTP {status} whose body is not a JSON object"
        raise RetryableError(what, retry_after_s=_seconds(retry_after))
    if status != 200 or "error" in answer:
        failure = _failure(status, answer.get("error"))
        if isinstance(failure, RetryableError):
            failure.retry_after_s = _seconds(retry_after)
        raise failure
    if not isinstance(answer.get("items", [] if "kind" in answer else None), list):
        raise RetryableError("HTTP 200 whose body is not a list of anything")
    return answer


def _seconds(retry_after: str | None) -> float:
    """Seconds to wait; 0 without the header, or in its rare form, a date."""
    given = re.fullmatch(r"[0-9]{1,9}", retry_after or "")
    return float(given[0]) if given else 0.0


def _json_object(body: bytes) -> Item | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _failure(status: int, error: object) -> RetryableError | YouTubeError:
    reasons = _reasons(error)
    what = f"HTTP {status} {reasons[0]}" if reasons else f"HTTP {status}"
    if _DAY_IS_SPENT.intersection(reasons) or _is_daily_limit(error, reasons):
        return QuotaExceeded()
    for reason in reasons:
        if reason in _KEY_HINTS:
            return KeyRefused(_KEY_HINTS[reason])
        if reason in _REFUSALS:
            return _REFUSALS[reason]()
        if reason == "invalidPageToken":
            return InvalidPageToken(reason)
    if status == 401:
        return KeyRefused(_WRONG_KEY)
    if status == 429 or not 400 <= status < 500 or _TEMPORARY.intersection(reasons):
        return RetryableError(what)
    return (
        RequestRefused(reasons[0])
        if reasons
        else RetryableError(f"{what} without a reason")
    )


def _reasons(error: object) -> list[str]:
    """YouTube's words for what is wrong, the most telling first.

    The old envelope has them in errors[].reason, the new one in details[].reason too
    and a canonical `status` beside them.
    """
    if not isinstance(error, dict):
        return []
    reasons = [
        entry.get("reason")
        for name in ("errors", "details")
        if isinstance(entries := error.get(name), list)
        for entry in entries
        if isinstance(entry, dict)
    ]
    return [
        reason
        for reason in (*reasons, error.get("status"))
        if isinstance(reason, str) and re.fullmatch(r"[A-Za-z_]{1,60}", reason)
    ]


def _is_daily_limit(error: object, reasons: list[str]) -> bool:
    """Whether a rate limit is the day's: a dry search bucket answers 429 and
    rateLimitExceeded, and only the message says "limit 'Search Queries per day'"."""
    message = error.get("message") if isinstance(error, dict) else None
    return bool(_TOO_FAST.intersection(reasons)) and "per day" in str(message)
