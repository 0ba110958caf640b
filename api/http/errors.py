"""The errors of this API: every code that a program can branch on, and when it is sent.

Exceptions of the apps below become responses here, and nowhere else.
"""

from collections.abc import Callable
from dataclasses import asdict
from itertools import islice
from typing import Any, NamedTuple

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from accounts import google, playlists
from accounts.models import Account, Playlist, PlaylistSong
from api.http.parsers import BodyTooLarge
from datasets import errors as datasets
from recommenders.answers import ask as recommenders
from recommenders.versions import loading
from songs.browse import lookup, queries
from songs.ingestion import add_video
from songs.models import ListedVideo, NewVideo
from songs.predictions import predict
from songs.similar import pgvector
from songs.similar import query as similar
from web.errors import error_body

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
EVERYWHERE_IMPLIED = (405, 406, 500)  # on each route too; the introduction says so

NON_FIELD_ERRORS_KEY = api_settings.NON_FIELD_ERRORS_KEY
MAX_NAMES = 10  # of wrong fields in the sentence; `fields` has all


class Known(NamedTuple):
    """How an exception of an app below is answered."""

    status: int
    code: str
    detail: str | None = None  # None: the exception's own sentence
    wait: int | None = None  # seconds, for Retry-After
    auth_header: str | None = None  # for WWW-Authenticate
    facts: Callable[[Any], dict[str, Any]] | None = None  # beside detail and code


NOTHING_YOURS = Known(404, "not_found", "You have nothing of this id.")
TOO_SLOW = Known(
    503,
    "too_slow",
    "This combination takes too long. Ask for less at once: with fewer or other "
    "filters, another ordering, or no facets.",
    wait=5,
)
NO_SUCH_VIDEO = Known(404, "not_found", "The catalogue has no such video.")
FROM_BELOW: dict[type[Exception], Known] = {
    NewVideo.DoesNotExist: NO_SUCH_VIDEO,
    ListedVideo.DoesNotExist: NO_SUCH_VIDEO,
    lookup.VideoGone: Known(
        410, "gone", facts=lambda exc: {"gone_since": exc.since, "gone_why": exc.why}
    ),
    add_video.AlreadyThere: Known(
        409, "already_exists", "The catalogue has this video already."
    ),
    queries.QueryTooSlow: TOO_SLOW,
    similar.NotEmbedded: Known(
        409,
        "not_compared",
        "This video has not been compared with the others yet, or nothing is known of "
        "it to compare by. New videos are compared once a day.",
    ),
    pgvector.NoPgvector: Known(
        503,
        "similar_unavailable",
        "This server cannot search for similar videos; its operator can see why.",
    ),
    predict.NoModel: Known(
        503,
        "model_refused",
        "The mood model may not be used right now; the operator can see why.",
    ),
    Account.DoesNotExist: NOTHING_YOURS,
    Playlist.DoesNotExist: NOTHING_YOURS,
    PlaylistSong.DoesNotExist: NOTHING_YOURS,
    playlists.PlaylistFull: Known(409, "limit_reached"),
    playlists.OrderOutdated: Known(409, "order_outdated"),
    google.GoogleTokenRefused: Known(401, "google_token_refused", auth_header="Token"),
    google.GoogleUnreachable: Known(
        503,
        "google_unreachable",
        "Google cannot be asked right now. Please try again shortly.",
        wait=google.RETRY_AFTER_S,
    ),
    datasets.FilesGone: Known(
        404, "not_found", "This dataset has no such version, or it is not stored."
    ),
    datasets.QuestionTooSlow: TOO_SLOW,
    recommenders.UnknownName: Known(
        404,
        "unknown_name",
        facts=lambda exc: {"suggestions": [*map(asdict, exc.unknown.suggestions)]},
    ),
    loading.NotTrained: Known(409, "not_trained", loading.NotTrained.__doc__),
    loading.Damaged: Known(
        503,
        "recommender_damaged",
        "The files of this recommender are damaged; its operator can see why.",
    ),
}


def handle_exception(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the response to an exception that clients may know of; None for others."""
    exc = _as_api_exception(exc)
    response = exception_handler(exc, context)
    if response is None:
        return None
    _render_as_json(context["request"])
    if isinstance(exc, ValidationError):
        response.data = _invalid(response.data)
    else:
        detail = response.data["detail"]
        facts = getattr(exc, "facts", {})
        response.data = error_body(detail, detail.code, **facts)
    return response


def _as_api_exception(exc: Exception) -> Exception:
    """Return the framework's exception for one of Django or of an app below."""
    if isinstance(exc, TooManyFieldsSent):
        return ParseError("The query has too many parameters.")
    if isinstance(exc, RequestDataTooBig):
        return BodyTooLarge()
    known = next(filter(None, map(FROM_BELOW.get, type(exc).__mro__)), None)
    if known is not None:
        error = APIException(known.detail or str(exc), known.code)
        error.status_code, error.wait = known.status, known.wait
        error.auth_header = known.auth_header
        error.facts = known.facts(exc) if known.facts else {}
        return error
    if isinstance(exc, datasets.BadQuestion):
        return ValidationError(str(exc))
    return exc


def _render_as_json(request: Request) -> None:
    """Render an error as JSON, or as the browsable page, whatever format was chosen."""
    chosen = getattr(request, "accepted_renderer", None)  # None: none was acceptable
    if not isinstance(chosen, BrowsableAPIRenderer):
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type


def _invalid(errors: dict[str, Any] | list[Any]) -> dict[str, Any]:
    whole = errors if isinstance(errors, dict) else {NON_FIELD_ERRORS_KEY: errors}
    fields = _flat(whole)
    names = ", ".join(islice(fields, MAX_NAMES))
    more = len(fields) - MAX_NAMES
    names += f" and {more} more" if more > 0 else ""
    return error_body(f"Not understood: {names}.", "invalid", fields=fields)


def _flat(errors: dict[Any, Any], path: str = "") -> dict[str, list[str]]:
    """Return the errors by path: the title of the third of the texts is texts.2.title."""
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
