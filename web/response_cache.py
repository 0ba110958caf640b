"""Responses of public lists, cached in each process until the catalogue changes.

To build a page takes ten times what it takes to ask which version the catalogue has, and
each commit that changes the catalogue makes another version: no cached response is older
than one built now. Why it is done so is in docs/decisions/0017.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch
from django.utils.module_loading import import_string

ANONYMOUS_TOKENS = {"", "null", "undefined"}  # the React client sends them, signed out
MAX_BYTES = 64_000  # of one response with its key; settings.CACHES bounds their number
VARIES_BY = (  # whatever a response to anybody depends on
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_HOST",
    "HTTP_ORIGIN",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "PATH_INFO",
    "QUERY_STRING",
)


# After each change of the catalogue one request builds a page, and the others that ask for
# it wait: with many changes they would else do nothing but build it, eight at once.
BUILDING: WeakValueDictionary[str, Lock] = WeakValueDictionary()
ONE_AT_A_TIME = Lock()  # to find or make one of those locks


class CachedResponse(NamedTuple):
    """What a client was sent when the catalogue had this version."""

    version: int
    route: str  # for the access log and the metrics
    status: int
    headers: dict[str, str]
    body: bytes

    def to_response(self, request: HttpRequest) -> HttpResponse:
        request.resolver_match = ResolverMatch(_cached, (), {}, route=self.route)
        response = HttpResponse(self.body, status=self.status)
        del response["Content-Type"]  # a 304 has none
        for name, value in self.headers.items():
            response[name] = value
        return response

    @property
    def size(self) -> int:
        lengths = (len(name) + len(value) for name, value in self.headers.items())
        return len(self.body) + sum(lengths)


class ResponseCache:
    """Answers GETs of the public API from the cache while the version is the same.

    A view marks what may be cached: it sets `catalogue_version` of its response to the
    version that it read before the rows. The version that is asked here, by the function
    that settings.CATALOGUE_VERSION names, stands in `request.catalogue_version`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.version: Callable[[], int] = import_string(settings.CATALOGUE_VERSION)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_public(request.META):
            return self.get_response(request)
        key = _key(request.META)
        cached: CachedResponse | None = cache.get(key)
        version = self._ask_version(request) if cached else None
        if cached is None or version is None:
            return self._build(request, key)
        if cached.version == version:
            return cached.to_response(request)
        with ONE_AT_A_TIME:
            building = BUILDING.setdefault(key, Lock())
        with building:
            newer: CachedResponse | None = cache.get(
                key
            )  # somebody else may have built
            if newer and cached.version < version <= newer.version:
                return newer.to_response(request)
            return self._build(request, key)

    def _build(self, request: HttpRequest, key: str) -> HttpResponseBase:
        response = self.get_response(request)
        if _is_cacheable(response):
            built = CachedResponse(
                response.catalogue_version,
                request.resolver_match.route,
                response.status_code,
                dict(response.items()),
                response.content,
            )
            if built.size + len(key) <= MAX_BYTES:
                cache.set(key, built)
        return response

    def _ask_version(self, request: HttpRequest) -> int | None:
        """None while the database is away: the view finds out, and says so."""
        try:
            request.catalogue_version = self.version()
        except (DatabaseError, InterfaceError):
            return None
        return request.catalogue_version


def _cached(request: HttpRequest) -> None:
    """Stands for the view of a response that no view was called for."""


def _key(environ: Mapping[str, Any]) -> str:
    return sha256(repr([*map(environ.get, VARIES_BY)]).encode()).hexdigest()


def _is_public(environ: Mapping[str, Any]) -> bool:
    """A browser signed in to the admin, or a program, may get another response."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ["PATH_INFO"].startswith("/api/")
        and "HTTP_HOST" in environ
        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")
        and environ.get("HTTP_AUTHORIZATION", "").strip() in ANONYMOUS_TOKENS
    )


def _is_cacheable(response: Any) -> bool:
    """Whether it follows from the catalogue alone, and nobody counts who asks."""
    return (
        hasattr(response, "catalogue_version")
        and not response.streaming
        and not response.cookies
        and "RateLimit-Limit" not in response
    )
