"""What an HTTP answer means: a result, something to try again, or the end."""

import json

import pytest

from songs.youtube import client
from songs.youtube.responses import RetryableError, parse_response


def envelope(*reasons, status=None, details=(), message="A message."):
    """An error body in YouTube's form."""
    errors = [{"message": "A message.", "reason": reason} for reason in reasons]
    error = {"message": message, "errors": errors, "details": list(details)}
    return {"error": error | ({"status": status} if status else {})}


def read(status, body, *, retry_after=None):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_response(status, body, retry_after=retry_after)


@pytest.mark.parametrize(
    "answer", [{"items": []}, {"kind": "youtube#videoListResponse"}, {"items": [1]}]
)
def test_parse_response_returns_a_list_even_one_left_out_for_being_empty(answer):
    assert read(200, answer) == answer


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><title>Sign in to the Wi-Fi</title></html>",
        b'{"items": [{"id": ',
        b"\xff\xfe\x00{",
        b"[1, 2]",
        b'"text"',
        b"null",
        b"[" * 100_000,
        b"{}",
        b'{"items": {}}',
        b'{"items": null}',
        b'{"error": "text"}',
        b'{"error": null}',
        b'{"error": {"code": 200, "message": null}}',
    ],
)
def test_parse_response_retries_garbage_under_200(body):
    with pytest.raises(RetryableError, match="^HTTP 200"):
        read(200, body)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, envelope("rateLimitExceeded")),
        (403, envelope("userRateLimitExceeded")),
        (403, envelope("SERVICE_UNAVAILABLE", status="PERMISSION_DENIED")),
        (403, envelope("backendError")),
        (429, envelope("rateLimitExceeded", status="RESOURCE_EXHAUSTED")),
        (429, envelope()),
        (500, envelope("backendError")),
        (502, b"<html>Bad Gateway</html>"),
        (503, b""),
        (504, {"error": {"code": 504, "message": None}}),
        (302, b"<html>Moved</html>"),
        (302, {}),
        (204, b""),
        (403, b"<html>Blocked by the proxy</html>"),
        (403, {"error": "status text"}),
        (400, {"error": {"code": 400, "message": None}}),
        (400, {"error": {"errors": "none", "details": [None, {}, "x"]}}),
        (404, {"error": ["not", "an", "object"]}),
        (400, {}),
    ],
)
def test_parse_response_retries_what_may_pass(status, body):
    with pytest.raises(RetryableError, match=f"^HTTP {status}"):
        read(status, body)


@pytest.mark.parametrize("reason", ["quotaExceeded", "dailyLimitExceeded"])
@pytest.mark.parametrize("status", [403, 429])
def test_parse_response_knows_a_spent_quota(status, reason):
    with pytest.raises(client.QuotaExceeded):
        read(status, envelope(reason, message=None))


def test_parse_response_knows_the_daily_limit_that_calls_itself_a_rate_limit():
    metric, limit = "'Search Queries'", "'Search Queries per day'"
    message = f"Quota exceeded for quota metric {metric} and limit {limit} of service"

    with pytest.raises(client.QuotaExceeded):
        read(429, envelope("rateLimitExceeded", message=message))


def error_info(reason):
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}


@pytest.mark.parametrize(
    ("status", "body", "hint"),
    [
        (400, envelope("keyInvalid"), "copy it again"),
        (400, envelope("keyExpired"), "copy it again"),
        (
            400,
            envelope("badRequest", details=[error_info("API_KEY_INVALID")]),
            "copy it again",
        ),
        (401, envelope("authError"), "copy it again"),
        (403, envelope("accessNotConfigured"), "enable YouTube Data API v3"),
        (
            403,
            envelope("forbidden", details=[error_info("SERVICE_DISABLED")]),
            "enable YouTube Data API v3",
        ),
        (403, envelope("ipRefererBlocked"), "allow this machine"),
        (
            403,
            envelope("forbidden", details=[error_info("API_KEY_SERVICE_BLOCKED")]),
            "allow this machine",
        ),
    ],
)
def test_parse_response_says_what_to_do_about_a_refused_key(status, body, hint):
    with pytest.raises(client.KeyRefused, match=hint):
        read(status, body)


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (403, "commentsDisabled", client.CommentsDisabled),
        (404, "videoNotFound", client.VideoNotFound),
        (400, "invalidPageToken", client.InvalidPageToken),
        (400, "invalidSearchFilter", client.RequestRefused),
        (403, "forbidden", client.RequestRefused),
        (404, "channelNotFound", client.RequestRefused),
    ],
)
def test_parse_response_tells_refusals_apart(status, reason, error):
    with pytest.raises(error) as refused:
        read(status, envelope(reason))

    assert type(refused.value) is error
    assert getattr(refused.value, "reason", reason) == reason


def test_parse_response_falls_back_to_the_canonical_status():
    with pytest.raises(client.RequestRefused, match="INVALID_ARGUMENT"):
        read(400, envelope(status="INVALID_ARGUMENT"))


def test_parse_response_repeats_no_reason_that_is_more_than_a_word():
    with pytest.raises(client.RequestRefused) as refused:
        read(400, envelope("see https://example.com/?key=AIzaSample", "badRequest"))

    assert refused.value.reason == "badRequest"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), (None, 0.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0)],
)
@pytest.mark.parametrize("body", [b"<html>", envelope("backendError")])
def test_parse_response_passes_the_wait_on(body, header, seconds):
    with pytest.raises(RetryableError) as error:
        read(503, body, retry_after=header)

    assert error.value.retry_after_s == seconds
