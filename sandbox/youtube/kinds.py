"""The kinds of faults: what each does to an reply.

Kinds about videos touch the video that their spec names. Without a name those that
garble an item touch the first of each page, those that change a video's state all.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox import wire
from sandbox.wire import Delivery, Reply
from sandbox.youtube import errors
from sandbox.youtube.errors import ErrorReply
from sandbox.youtube.faults import EVERYWHERE, Call, FaultKind, Spoil
from sandbox.youtube.paging import FIRST_PAGE, encode

Json = dict[str, Any]
Edit = Callable[[Json], object]  # changes the item it is given

SEARCH = frozenset({"search.list"})
VIDEOS = frozenset({"videos.list"})
ITEMS = SEARCH | VIDEOS
COMMENTED = VIDEOS | {"commentThreads.list"}

PROXY_PAGE = b"<!DOCTYPE html><html><title>Sign in to this network</title></html>"
BAD_GATEWAY = b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title></html>"
HUGE = "la " * 100_000  # 300 kB
BAD_TEXT = (
    "NUL\0 lone surrogate \ud83d right-to-left \u202eabc\u202c \u05e9\u05dc\u05d5\u05dd"
    " emoji \U0001f525 zero\u200bwidth\u200d\ufeff"
)


def _refusing(refuse: Callable[[], ErrorReply]) -> Spoil:
    def spoil(call: Call, reply: Reply) -> Reply:
        refusal = refuse()
        return Reply(refusal.status, refusal.body)

    return spoil


def _replying(instead: Reply) -> Spoil:
    return lambda call, reply: instead


def _delivering(delivery: Delivery) -> Spoil:
    return lambda call, reply: replace(reply, delivery=delivery)


def _truncated(call: Call, reply: Reply) -> Reply:
    body = reply.encoded()
    return replace(reply, body=body[: len(body) // 2])


def _editing(edit: Edit, *, first_only: bool) -> Spoil:
    """Applies `edit` to copies of the items that the call is about."""

    def spoil(call: Call, reply: Reply) -> Reply:
        items = copy.deepcopy(reply.items)
        if call.video_id:
            touched = [item for item in items if _id_of(item) == call.video_id]
        else:
            touched = items[:1] if first_only else items
        for item in touched:
            edit(item)
        return _with_fields(reply, items=items) if items else reply

    return spoil


def _garbling(**fields: object) -> Spoil:
    return _editing(_setting("snippet", fields), first_only=True)


def _state(**fields: object) -> Spoil:
    return _editing(_setting("status", fields), first_only=False)


def _setting(part: str, fields: Json) -> Edit:
    """Sets fields of a part, where the part was asked for."""

    def edit(item: Json) -> None:
        if part in item:
            item[part].update(fields)

    return edit


def _without(name: str, *, part: str | None = None) -> Spoil:
    """Takes a field out of a part, or a whole part out of an item."""

    def edit(item: Json) -> None:
        (item.get(part, {}) if part else item).pop(name, None)

    return _editing(edit, first_only=False)


def _gone(call: Call, reply: Reply) -> Reply:
    if call.method == "commentThreads.list":
        return _about_comments(call, reply, errors.video_not_found())
    left = [item for item in reply.items if call.video_id not in (None, _id_of(item))]
    return _with_fields(reply, items=left)


def _comments_disabled(call: Call, reply: Reply) -> Reply:
    if call.method == "commentThreads.list":
        return _about_comments(call, reply, errors.comments_disabled())
    return _without("commentCount", part="statistics")(call, reply)


def _about_comments(call: Call, reply: Reply, refusal: ErrorReply) -> Reply:
    if call.video_id in (None, call.params.get("videoId")):
        return Reply(refusal.status, refusal.body)
    return reply


def _no_video_id(call: Call, reply: Reply) -> Reply:
    """The first two results are a channel and a playlist."""
    items = copy.deepcopy(reply.items)
    for item, kind in zip(items, ("channel", "playlist"), strict=False):
        item["id"] = {"kind": f"youtube#{kind}", f"{kind}Id": f"sample-{kind}"}
    return _with_fields(reply, items=items) if items else reply


def _duplicate(call: Call, reply: Reply) -> Reply:
    items = reply.items
    return _with_fields(reply, items=[*items, *items[:1]]) if items else reply


def _duplicate_across(call: Call, reply: Reply) -> Reply:
    """The first result of all stands on every later page too."""
    if call.earlier is None or not reply.items:
        return reply
    return _with_fields(reply, items=[*reply.items, call.earlier])


def _token_loop(call: Call, reply: Reply) -> Reply:
    return _with_fields(reply, nextPageToken=FIRST_PAGE)


def _token_invalid(call: Call, reply: Reply) -> Reply:
    if "pageToken" not in call.params:
        return reply
    refusal = errors.invalid_page_token()
    return Reply(refusal.status, refusal.body)


def _empty_page_with_token(call: Call, reply: Reply) -> Reply:
    return _with_fields(reply, items=[], nextPageToken=encode(50))


def _with_fields(reply: Reply, **fields: object) -> Reply:
    if reply.status != 200 or not isinstance(reply.body, dict):
        return reply
    return replace(reply, body={**reply.body, **fields})


def _id_of(item: Json) -> object:
    """The video id of an item of search.list or of videos.list."""
    found = item["id"]
    return found.get("videoId") if isinstance(found, dict) else found


def _refusal(name: str, help_: str, refuse: Callable[[], ErrorReply]) -> FaultKind:
    return FaultKind(name, help_, _refusing(refuse))


def _garbled(name: str, help_: str, spoil: Spoil) -> FaultKind:
    return FaultKind(name, help_, spoil, ITEMS, about_videos=True)


def _changed(
    name: str, help_: str, spoil: Spoil, methods: frozenset[str] = VIDEOS
) -> FaultKind:
    return FaultKind(name, help_, spoil, methods, about_videos=True)


_KINDS = (
    _refusal("quotaExceeded", "403, the day's quota is spent", errors.quota_exceeded),
    _refusal("rateLimitExceeded", "403, too fast", errors.rate_limit_exceeded),
    _refusal("429", "too fast, as newer Google APIs say it", errors.too_many_requests),
    _refusal("500", "backendError", errors.internal_error),
    FaultKind("502", "an HTML page", _replying(Reply(502, BAD_GATEWAY, wire.HTML))),
    _refusal("503", "backendError", errors.unavailable),
    _refusal("keyInvalid", "400, a bad key, old form", errors.key_invalid_old),
    _refusal("apiKeyInvalid", "400, a bad key, new form", errors.api_key_invalid),
    _refusal(
        "accessNotConfigured",
        "403, the API is not switched on",
        errors.access_not_configured,
    ),
    _refusal(
        "permission", "403 that means SERVICE_UNAVAILABLE", errors.permission_denied
    ),
    FaultKind("reset", "the connection is reset", _delivering(Delivery.RESET)),
    FaultKind("silent", "accepts and never answers", _delivering(Delivery.SILENT)),
    FaultKind("drip", "one byte of the body a second", _delivering(Delivery.DRIP)),
    FaultKind("html", "200 with a page", _replying(Reply(200, PROXY_PAGE, wire.HTML))),
    FaultKind("truncated", "200 with half of the JSON", _truncated),
    FaultKind("empty", "200 without a body", _replying(Reply(200, b""))),
    FaultKind(
        "errorText", '{"error": "text"}', _replying(Reply(200, {"error": "text"}))
    ),
    FaultKind(
        "errorNullMessage",
        "500 whose error.message is null",
        _replying(Reply(500, {"error": {"code": 500, "message": None}})),
    ),
    FaultKind("noVideoId", "a channel and a playlist among them", _no_video_id, SEARCH),
    _garbled("nullTitle", "a title that is null", _garbling(title=None)),
    _garbled("hugeDescription", "300 kB of it", _garbling(description=HUGE)),
    _garbled(
        "badText",
        "NUL, lone surrogate, RTL, emoji, zero-width",
        _garbling(title=BAD_TEXT, description=BAD_TEXT),
    ),
    FaultKind("duplicate", "a video twice on a page", _duplicate, ITEMS),
    FaultKind("duplicateAcross", "a video on two pages", _duplicate_across, SEARCH),
    FaultKind("tokenLoop", "the next page is the first", _token_loop, SEARCH),
    FaultKind("tokenInvalid", "400 for every page token", _token_invalid, EVERYWHERE),
    FaultKind(
        "emptyPageWithToken",
        "no items, and a token for more",
        _empty_page_with_token,
        SEARCH,
    ),
    _changed("licenceFlip", "no longer CC", _state(license="youtube")),
    _changed("private", "not there any more", _gone, COMMENTED),
    _changed("deleted", "not there any more", _gone, COMMENTED),
    _changed("notEmbeddable", "says so", _state(embeddable=False)),
    _changed(
        "commentsDisabled",
        "403 for its comments, and no count",
        _comments_disabled,
        COMMENTED,
    ),
    _changed("hiddenLikes", "no likeCount", _without("likeCount", part="statistics")),
    _changed("noStatistics", "none at all", _without("statistics")),
    _changed(
        "noThumbnails", "none at all", _without("thumbnails", part="snippet"), ITEMS
    ),
)
KINDS = {kind.name: kind for kind in _KINDS}
