"""What every request passes through."""

import logging
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from web.errors import error_body

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

PRIVATE_PATHS = ("/api", "/health", "/metrics", "/datasets/", "/recommenders/")
RETRY_AFTER_S = 10
MESSAGE = "The database cannot be reached right now. Please try again shortly."


def without_body_for_head(get_response: GetResponse) -> GetResponse:
    """Answers HEAD with the headers alone, which gunicorn leaves to us."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method != "HEAD":
            return response
        if response.streaming:
            response.streaming_content = ()  # what it replaces is closed at the end
        else:
            response.content = b""
        return response

    return respond


def without_nul(get_response: GetResponse) -> GetResponse:
    """Answers 400 where the query of an admin page holds a NUL.

    The lists of Django's admin hand any column's value to PostgreSQL, which takes none.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        nul = "%00" in request.META["QUERY_STRING"]
        if nul and request.path.startswith("/admin/"):
            raise BadRequest("A NUL in the query.")
        return get_response(request)

    return respond


def no_store_by_default(get_response: GetResponse) -> GetResponse:
    """Lets no cache keep what may be somebody's own, unless it says who may keep it."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith(PRIVATE_PATHS):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return respond


class DatabaseOutage:
    """Answers 503 with Retry-After while PostgreSQL is away."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        logger.error("database unavailable: %s", type(exception).__name__)
        if request.path.startswith(("/api/", "/health/")):
            body = error_body(MESSAGE, "database_unavailable")
            response: HttpResponse = JsonResponse(body, status=503)
        else:
            response = render(None, "503.html", {"message": MESSAGE}, status=503)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response
