"""The WSGI application: kept answers go out before Django begins.

Most requests want one of a few answers that `web.response_cache` has. Of what such a
request costs, Django's own request and response are more than half: here it is one
query, its count, its line in the log and the headers.
"""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

from web import access_log, response_cache
from web import request_id as request_ids


class KeptFirst(WSGIHandler):
    """Django's handler, for all that is not kept or no longer holds."""

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        started = perf_counter()
        answer = response_cache.holding(environ)
        if answer is None:
            return super().__call__(environ, start_response)
        request_id = request_ids.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        said = [*answer.headers.items(), (request_ids.HEADER, request_id)]
        start_response(answer.status_line, said)
        route = access_log.named(answer.route.route)
        access_log.finish("GET", route, answer.status, started, len(answer.body))
        return [answer.body]
