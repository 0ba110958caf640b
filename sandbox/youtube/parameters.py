"""Request parameters, checked as the real API checks them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from sandbox.youtube.errors import bad_parameter, bad_request, missing_parameter

Params = Mapping[str, str]

COMMON = "$.xgafv alt key prettyPrint quotaUser "
KNOWN = {
    method: frozenset((COMMON + names).split())
    for method, names in {
        "search.list": "channelId channelType eventType location locationRadius "
        "maxResults order pageToken part publishedAfter publishedBefore q regionCode "
        "relevanceLanguage safeSearch topicId type videoCaption videoCategoryId "
        "videoDefinition videoDimension videoDuration videoEmbeddable videoLicense "
        "videoPaidProductPlacement videoSyndicated videoType",
        "videos.list": "chart hl id maxHeight maxResults maxWidth myRating pageToken "
        "part regionCode videoCategoryId",
        "commentThreads.list": "allThreadsRelatedToChannelId channelId id maxResults "
        "moderationStatus order pageToken part searchTerms textFormat videoId",
    }.items()
}
PARTS = {
    "search.list": {"id", "snippet"},
    "videos.list": {"id", "snippet", "contentDetails", "status", "statistics"}
    | {"topicDetails"},
    "commentThreads.list": {"id", "snippet", "replies"},
}


def check(method: str, params: Params) -> None:
    """Raises errors.ErrorReply for what no call of `method` may say."""
    for name in params:
        if name not in KNOWN[method]:
            raise bad_request(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind '
                f"query parameter. Field '{name}' could not be found in request message."
            )
    if not params.get("part"):
        raise missing_parameter("part")
    for part in parts(params):
        if part not in PARTS[method]:
            raise bad_parameter("unknownPart", f"'{part}'", location="part")
    choice(params, "alt", {"json"}, default="json")


def parts(params: Params) -> list[str]:
    return [part.strip() for part in params["part"].split(",")]


def number(
    params: Params, name: str, *, lowest: int, highest: int, default: int
) -> int:
    text = params.get(name)
    if text is None:
        return default
    try:
        value = int(text)
    except ValueError as exc:
        raise bad_request(
            f"Invalid value at '{name}' (TYPE_UINT32), \"{text}\""
        ) from exc
    if not lowest <= value <= highest:
        raise bad_parameter(
            "invalidParameter",
            f"Invalid value '{text}'. Values must be within the range: "
            f"[{lowest}, {highest}]",
            location=name,
        )
    return value


def choice(params: Params, name: str, allowed: Collection[str], *, default: str) -> str:
    value = params.get(name, default)
    if value not in allowed:
        raise bad_parameter(
            "invalidParameter",
            f"Invalid string value: '{value}'. Allowed values: "
            f"[{', '.join(sorted(allowed))}]",
            location=name,
        )
    return value


def moment(params: Params, name: str) -> datetime | None:
    """An RFC 3339 time, as UTC; None if it is not asked for."""
    text = params.get(name)
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
        if value.tzinfo is None or "T" not in text:
            raise ValueError("no time with its zone")
        return value.astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise bad_request(
            f"Invalid value at '{name}' (type.googleapis.com/google.protobuf.Timestamp)"
            f", Field '{name}', Illegal timestamp format; \"{text}\""
        ) from exc
