"""The one shape of an error: {"detail", "code"}, with "fields" where fields are wrong.

What went wrong inside is logged, never sent.
"""

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

from api.parsers import BodyTooLarge
from songs.models.video import Gone

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
