"""The access log: each request gets an id, is counted, and has its line in the log.

Routes are named by their patterns. What a client makes up (paths, queries, methods)
never becomes a label, and never reaches the log.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from time import perf_counter

from django.conf import settings
from django.contrib.admindocs.views import simplify_regex
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Gauge, Histogram

from web import log_format
from web.errors import unknown_path
from web.middleware import GetResponse

logger = logging.getLogger(__name__)

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
OTHER_METHOD = "other"
UNKNOWN = "unknown"  # no route, or answered before one was looked for: CORS, redirects
STATIC = "/static/"
QUIET = ("/health/", "/metrics/", STATIC)  # asked all day, and nobody reads of it
NOT_MODIFIED = 304
LINE = "%s %s %d %s ms %d bytes"
FACTS = ("method", "route", "status", "milliseconds", "bytes")
COUNT = "http_request_duration_seconds_count"
LABELS = ("method", "route", "status")

REGISTRY = CollectorRegistry()  # of this process; see `web.metrics`
DURATION = Histogram(
    "http_request_duration_seconds",
    "Time until an answer was made, or streamed to its end.",
    LABELS,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
IN_PROGRESS = Gauge(
    "http_requests_in_progress",
    "Requests being answered now.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)


def log_access(get_response: GetResponse) -> GetResponse:
    """The outermost middleware, which meets no exception: Django made them answers."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        name = log_format.begin_request(request.META.get("HTTP_X_REQUEST_ID", ""))
        IN_PROGRESS.inc()
        response = get_response(request)
        response[log_format.REQUEST_ID_HEADER] = name
        finish = partial(_finish, request, response.status_code, started)
        if isinstance(response, FileResponse):
            finish(int(response.get("Content-Length", 0)))
        elif response.streaming:
            response.streaming_content = Counted(response.streaming_content, finish)
        else:
            finish(len(response.content))
        return response

    return respond


class Counted:
    """The chunks of a streamed body; tells how many bytes went out when it is closed.

    The server closes it in any case, also where the client left.
    """

    def __init__(
        self, chunks: Iterable[bytes], finish: Callable[[int], object]
    ) -> None:
        self.chunks, self.close = chunks, lambda: finish(self.size)
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.size += len(chunk)
            yield chunk


def _finish(request: HttpRequest, status: int, started: float, size: int) -> None:
    """Count a request that is over, and write its line."""
    seconds = perf_counter() - started
    method = request.method if request.method in METHODS else OTHER_METHOD
    route = _route(request)
    IN_PROGRESS.dec()
    DURATION.labels(method, route, _status(status)).observe(seconds)
    level = logging.DEBUG if route.startswith(QUIET) else logging.INFO
    facts = method, route, status, round(seconds * 1000, 1), size
    logger.log(level, LINE, *facts, extra={"arg_names": FACTS})


def _status(status: int) -> str:
    """The class of a status; 304 stands for itself, it is what caching saves."""
    return "304" if status == NOT_MODIFIED else f"{status // 100}xx"


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        static = request.path.startswith(settings.STATIC_URL)
        return STATIC if static else UNKNOWN
    return UNKNOWN if match.func is unknown_path else _name(match.route)


@cache  # as many as there are routes
def _name(pattern: str) -> str:
    """A pattern as people write it, the same with and without the last slash."""
    return simplify_regex(pattern).rstrip("/") + "/"
