"""Answers kept in memory, and given again as long as the catalogue is what it was.

Most clients ask for the same few pages. To make one takes ten times what it takes to
ask for the version of the catalogue, and with every commit that changes the catalogue
that version is another: no kept answer is ever older than one made anew.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http.client import responses
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from songs.browse import version as versions

NOBODYS_TOKEN = {"", "null", "undefined"}  # what the React client sends, signed out
MOST_BYTES = 32_000_000  # of all answers, in each process
MOST_OF_ONE = 1_000_000
BESIDE_ITS_BODY = 2_000  # bytes that an answer takes, roughly
ASKED_WITH = (  # whatever an answer to anybody depends on
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
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was sent, when the catalogue had this version."""

    version: int
    status: int
    headers: dict[str, str]
    body: bytes
    route: ResolverMatch  # for the log and the metrics

    @property
    def size(self) -> int:
        return len(self.body) + BESIDE_ITS_BODY

    @property
    def status_line(self) -> str:
        return f"{self.status} {responses[self.status]}"

    def again(self, request: HttpRequest) -> HttpResponse:
        request.resolver_match = self.route
        return HttpResponse(self.body, status=self.status, headers=self.headers)


class Answers:
    """As many as there is room for; those that nobody asked for the longest go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Answer | None:
        with self._lock:
            answer = self._kept.get(key)
            if answer is not None:
                self._kept.move_to_end(key)
            return answer

    def keep(self, key: Key, answer: Answer) -> None:
        with self._lock:
            if (older := self._kept.pop(key, None)) is not None:
                self._size -= older.size
            self._kept[key] = answer
            self._size += answer.size
            while self._size > MOST_BYTES:
                self._size -= self._kept.popitem(last=False)[1].size

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0


ANSWERS = Answers()
# With each change of the catalogue, one request makes a page anew and the others that
# ask for it wait; else all would make it, and with many changes do nothing else.
MAKING = [Lock() for _ in range(64)]


class KeptAnswers:
    """Stands before everything but what observes, for GETs that concern nobody.

    What holds still went out before, see `music_selector.kept_first`; but for requests
    that come another way, and the first of a connection.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _from_anybody(request.META):
            return self.get_response(request)
        key = _key(request.META)
        kept = ANSWERS.get(key)
        if kept is None:
            return self._made(request, key)
        version = _version()
        if kept.version == version:
            return kept.again(request)
        with MAKING[hash(key) % len(MAKING)]:
            newer = ANSWERS.get(key)  # somebody may have made it while we waited
            if newer and newer is not kept and newer.version >= (version or 0):
                return newer.again(request)
            return self._made(request, key)

    def _made(self, request: HttpRequest, key: Key) -> HttpResponseBase:
        response = self.get_response(request)
        if (answer := _answer(request, response)) is not None:
            ANSWERS.keep(key, answer)
        return response


def holding(environ: dict[str, Any]) -> Answer | None:
    """The answer that is kept for such a request, if it holds still; makes none."""
    kept = ANSWERS.get(_key(environ)) if _from_anybody(environ) else None
    if kept is None or kept.version != versions.number_at_hand():
        return None
    return kept


def _key(environ: dict[str, Any]) -> Key:
    return tuple(map(environ.get, ASKED_WITH))


def _from_anybody(environ: dict[str, Any]) -> bool:
    """A browser signed in to the admin, or a program, may be answered otherwise."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ["PATH_INFO"].startswith("/api/")
        and "HTTP_HOST" in environ
        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")
        and environ.get("HTTP_AUTHORIZATION", "").strip() in NOBODYS_TOKEN
    )


def _version() -> int | None:
    """None while the database is away: the view finds out, and says so."""
    try:
        return versions.number()
    except (OperationalError, InterfaceError):
        return None


def _answer(request: HttpRequest, response: Any) -> Answer | None:
    """What may be kept: it follows from the catalogue, and nobody counts who asks."""
    version = getattr(response, "catalogue_version", None)
    if version is None or response.streaming or response.cookies:
        return None
    if "RateLimit-Limit" in response or len(response.content) > MOST_OF_ONE:
        return None
    return Answer(
        version,
        response.status_code,
        dict(response.items()),
        response.content,
        request.resolver_match,
    )
