"""The kinds of faults: what each does to an answer.

Kinds about videos touch the video that their spec names. Without a name those that
garble an item touch the first of each page, those that change a video's state all.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox import errors, wire
from sandbox.errors import Refused
from sandbox.faults import EVERYWHERE, Call, Kind, Spoil
from sandbox.paging import FIRST_PAGE, encode
from sandbox.wire import Answer, Delivery

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


def _refusing(refuse: Callable[[], Refused]) -> Spoil:
    def spoil(call: Call, answer: Answer) -> Answer:
        refusal = refuse()
        return Answer(refusal.status, refusal.body)

    return spoil


def _saying(said: Answer) -> Spoil:
    return lambda call, answer: said


def _delivering(delivery: Delivery) -> Spoil:
    return lambda call, answer: replace(answer, delivery=delivery)


def _truncated(call: Call, answer: Answer) -> Answer:
    body = answer.encoded()
    return replace(answer, body=body[: len(body) // 2])


def _editing(edit: Edit, *, first_only: bool) -> Spoil:
    """Applies `edit` to copies of the items that the call is about."""

    def spoil(call: Call, answer: Answer) -> Answer:
        items = copy.deepcopy(answer.items)
        if call.video_id:
            touched = [item for item in items if _id_of(item) == call.video_id]
        else:
            touched = items[:1] if first_only else items
        for item in touched:
            edit(item)
        return _with_items(answer, items) if items else answer

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


def _gone(call: Call, answer: Answer) -> Answer:
    if call.method == "commentThreads.list":
        return _about_comments(call, answer, errors.video_not_found())
    left = [item for item in answer.items if call.video_id not in (None, _id_of(item))]
    return _with_items(answer, left)


def _comments_disabled(call: Call, answer: Answer) -> Answer:
    if call.method == "commentThreads.list":
        return _about_comments(call, answer, errors.comments_disabled())
    return _without("commentCount", part="statistics")(call, answer)


def _about_comments(call: Call, answer: Answer, refusal: Refused) -> Answer:
    if call.video_id in (None, call.params.get("videoId")):
        return Answer(refusal.status, refusal.body)
    return answer


def _no_video_id(call: Call, answer: Answer) -> Answer:
    """The first two results are a channel and a playlist."""
    items = copy.deepcopy(answer.items)
    for item, kind in zip(items, ("channel", "playlist"), strict=False):
        item["id"] = {"kind": f"youtube#{kind}", f"{kind}Id": f"sample-{kind}"}
    return _with_items(answer, items) if items else answer


def _duplicate(call: Call, answer: Answer) -> Answer:
    items = answer.items
    return _with_items(answer, [*items, *items[:1]]) if items else answer


def _duplicate_across(call: Call, answer: Answer) -> Answer:
    """The first result of all stands on every later page too."""
    if call.earlier is None or not answer.items:
        return answer
    return _with_items(answer, [*answer.items, call.earlier])


def _token_loop(call: Call, answer: Answer) -> Answer:
    return _with_fields(answer, nextPageToken=FIRST_PAGE)


def _token_invalid(call: Call, answer: Answer) -> Answer:
    if "pageToken" not in call.params:
        return answer
    refusal = errors.invalid_page_token()
    return Answer(refusal.status, refusal.body)


def _empty_page_with_token(call: Call, answer: Answer) -> Answer:
    return _with_fields(answer, items=[], nextPageToken=encode(50))


def _with_items(answer: Answer, items: list[Json]) -> Answer:
    return _with_fields(answer, items=items)


def _with_fields(answer: Answer, **fields: object) -> Answer:
    if answer.status != 200 or not isinstance(answer.body, dict):
        return answer
    return replace(answer, body={**answer.body, **fields})


def _id_of(item: Json) -> object:
    """The video id of an item of search.list or of videos.list."""
    found = item["id"]
    return found.get("videoId") if isinstance(found, dict) else found


def _refusal(name: str, help_: str, refuse: Callable[[], Refused]) -> Kind:
    return Kind(name, help_, _refusing(refuse))


def _broken(name: str, help_: str, spoil: Spoil) -> Kind:
    return Kind(name, help_, spoil)


def _garbled(name: str, help_: str, spoil: Spoil) -> Kind:
    return Kind(name, help_, spoil, ITEMS, about_videos=True)


def _changed(
    name: str, help_: str, spoil: Spoil, methods: frozenset[str] = VIDEOS
) -> Kind:
    return Kind(name, help_, spoil, methods, about_videos=True)


_KINDS = (
    _refusal("quotaExceeded", "403, the day's quota is spent", errors.quota_exceeded),
    _refusal("rateLimitExceeded", "403, too fast", errors.rate_limit_exceeded),
    _refusal("429", "too fast, as newer Google APIs say it", errors.too_many_requests),
    _refusal("500", "backendError", lambda: errors.backend_error(500)),
    Kind("502", "an HTML page", _saying(Answer(502, BAD_GATEWAY, wire.HTML))),
    _refusal("503", "backendError", lambda: errors.backend_error(503)),
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
    _broken("reset", "the connection is reset", _delivering(Delivery.RESET)),
    _broken("silent", "accepts and never answers", _delivering(Delivery.SILENT)),
    _broken("drip", "one byte of the body a second", _delivering(Delivery.DRIP)),
    _broken("html", "200 with a page", _saying(Answer(200, PROXY_PAGE, wire.HTML))),
    _broken("truncated", "200 with half of the JSON", _truncated),
    _broken("empty", "200 without a body", _saying(Answer(200, b""))),
    _broken("errorText", '{"error": "text"}', _saying(Answer(200, {"error": "text"}))),
    _broken(
        "errorNullMessage",
        "500 whose error.message is null",
        _saying(Answer(500, {"error": {"code": 500, "message": None}})),
    ),
    Kind("noVideoId", "a channel and a playlist among them", _no_video_id, SEARCH),
    _garbled("nullTitle", "a title that is null", _garbling(title=None)),
    _garbled("hugeDescription", "300 kB of it", _garbling(description=HUGE)),
    _garbled(
        "badText",
        "NUL, lone surrogate, RTL, emoji, zero-width",
        _garbling(title=BAD_TEXT, description=BAD_TEXT),
    ),
    Kind("duplicate", "a video twice on a page", _duplicate, ITEMS),
    Kind("duplicateAcross", "a video on two pages", _duplicate_across, SEARCH),
    Kind("tokenLoop", "the next page is the first", _token_loop, SEARCH),
    Kind("tokenInvalid", "400 for every page token", _token_invalid, EVERYWHERE),
    Kind(
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
