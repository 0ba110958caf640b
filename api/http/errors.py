"""Every code that an error of this API may have: what a program can branch on."""

from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from api.http.parsers import BodyTooLarge
from songs.models.video import Gone

CODES: dict[int, dict[str, str]] = {
    400: {
        "invalid": "what you sent is wrong: `fields` says where",
        "parse_error": "the body is no JSON, or the query has too many parameters",
        "bad_request": "the `Host` is none of ours, or the request is malformed",
    },
    401: {
        "not_authenticated": "this is private: sign in",
        "authentication_failed": "this token opens nothing: sign in again",
        "token_refused": "the token of a program is unknown, revoked or expired, or opens nothing here",
        "google_token_refused": "Google's token is old, forged or for another service",
    },
    403: {
        "not_authenticated": "nobody may write here without signing in",
        "permission_denied": "you may not do this, or the CSRF token is missing",
        "insufficient_scope": "the token of a program may not do this",
    },
    404: {
        "not_found": "no such thing or route, or it belongs to another",
        "unknown_name": "nothing here is called so: `suggestions` has the names most like it",
    },
    405: {"method_not_allowed": "the route does not do that"},
    406: {"not_acceptable": "not in the format that `Accept` asks for"},
    409: {
        "already_exists": "the catalogue has this video; its entry stays as it is",
        "limit_reached": "as many playlists or songs as there may be",
        "not_compared": "what is like this video is not known: not yet, or it has no text",
        "not_trained": "this recommender has not learned yet: ask again when it has",
        "not_stored": "nothing of this dataset is stored yet: ask again in a while",
        "order_outdated": "the order is of other songs than the playlist has now",
    },
    410: {"gone": "no longer offered: `gone_since`, `gone_why`"},
    413: {"too_large": "the body is larger than 1 MiB"},
    415: {"unsupported_media_type": "the body is not `application/json`"},
    429: {"throttled": "too many of your requests: wait for `Retry-After` seconds"},
    500: {"error": "a fault of ours; it is logged"},
    503: {
        "database_unavailable": "wait for `Retry-After` seconds and ask again",
        "too_slow": "this combination takes too long: ask for less at once",
        "similar_unavailable": "the database lacks pgvector; its operator sees why",
        "model_refused": "the mood model may not be used; its operator sees why",
        "recommender_damaged": "files of this recommender are damaged; its operator sees why",
        "sign_in_not_configured": "nobody can sign in here: it is not set up",
        "google_unreachable": "nobody can sign in for the moment: try again shortly",
    },
}
NAMES = sorted({code for codes in CODES.values() for code in codes})
EVERYWHERE = {  # on each route
    400: ("bad_request",),
    401: ("token_refused",),
    503: ("database_unavailable",),
}
OF_PROGRAMS = {429: ("throttled",)}  # where a program's token opens something
EVERYWHERE_UNSAID = (405, 406, 500)  # too, and said once for the whole document

NON_FIELD_ERRORS_KEY = api_settings.NON_FIELD_ERRORS_KEY
MOST_NAMES = 10  # of wrong fields in the sentence; `fields` has all


class AlreadyExists(APIException):
    """The catalogue has this video; its entry stays as it is."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "The catalogue has this video already."
    default_code = "already_exists"


class VideoGone(APIException):
    """The video was offered once; `facts` says since when it is not, and why."""

    status_code = status.HTTP_410_GONE
    default_code = "gone"

    def __init__(self, since: datetime, why: str) -> None:
        super().__init__(
            f"This video left the catalogue on {since:%Y-%m-%d}: {Gone(why).label}."
        )
        self.facts = {"gone_since": since, "gone_why": why}


def answer(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an error that a client may know of into its response; None for others."""
    if isinstance(exc, TooManyFieldsSent):
        exc = ParseError("The query has too many parameters.")
    elif isinstance(exc, RequestDataTooBig):
        exc = BodyTooLarge()
    response = exception_handler(exc, context)
    if response is None:
        return None
    _never_yaml(context["request"])
    if isinstance(exc, ValidationError):
        response.data = _invalid(response.data)
    else:
        detail = response.data["detail"]
        facts = getattr(exc, "facts", {})
        response.data = {"detail": detail, "code": detail.code, **facts}
    return response


def _never_yaml(request: Request) -> None:
    """An error is JSON, or a page that shows it, also where the answer is neither."""
    chosen = getattr(request, "accepted_renderer", None)  # None: none was acceptable
    if not isinstance(chosen, BrowsableAPIRenderer):
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type


def _invalid(errors: dict[str, Any] | list[Any]) -> dict[str, Any]:
    whole = errors if isinstance(errors, dict) else {NON_FIELD_ERRORS_KEY: errors}
    fields = _flat(whole)
    names = ", ".join(islice(fields, MOST_NAMES))
    more = len(fields) - MOST_NAMES
    names += f" and {more} more" if more > 0 else ""
    return {"detail": f"Not understood: {names}.", "code": "invalid", "fields": fields}


def _flat(errors: dict[Any, Any], path: str = "") -> dict[str, list[str]]:
    """Each field by its path: the title of the third of the texts is texts.2.title."""
    flat = {}
    for name, wrong in errors.items():
        if isinstance(wrong, list) and any(isinstance(part, dict) for part in wrong):
            wrong = dict(
                enumerate(wrong)
            )  # one dict an item, {} where nothing is wrong
        if isinstance(wrong, dict):
            flat |= _flat(wrong, f"{path}{name}.")
        elif path and name == NON_FIELD_ERRORS_KEY:  # the thing itself is wrong
            flat[path.removesuffix(".")] = wrong
        else:
            flat[f"{path}{name}"] = wrong
    return flat
