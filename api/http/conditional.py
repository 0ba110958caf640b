"""What clients, browsers and CDNs may keep, and how they ask whether it still holds.

A list is valid as long as the catalogue is what it was: one query over a few rows
tells, and a 304 reads no video. One video is valid as long as its own text is the
same. What is not said to be public here is `no-store` (`stored_nowhere`).
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import django
import rest_framework
from django.conf import settings
from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.http.auth import sent_token
from songs.browse import version as versions
from songs.browse.version import Version
from web.response_cache import NOBODYS_TOKEN

READS = ("GET", "HEAD")
FOR = "max-age=10, stale-while-revalidate=50"  # seconds; at most a minute old


class PublicReads(APIView):
    """Reads that say the same to everybody, so that anybody's cache may keep them.

    No session is read, and no `Authorization` but the token of a program, whose
    requests are counted.
    """

    def get_permissions(self) -> list[BasePermission]:
        reads = self.request is not None and self.request.method in READS
        return [AllowAny()] if reads else super().get_permissions()

    def perform_authentication(self, request: Request) -> None:
        asked = sent_token(request) is not None or _for_a_person(request)
        if asked or request.method not in READS:
            super().perform_authentication(request)


def of_catalogue(
    request: Request, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """What `make` reads from the catalogue, or 304 where the client has that."""
    if _for_a_person(request):
        return make()
    known = request.headers.get("If-None-Match")
    if known is not None and _has(
        known, tag := _tag(request, number := versions.number())
    ):
        return _of_version(number, _public(request, HttpResponseNotModified(), tag))
    version = versions.latest()  # before the rows, see songs.browse.version
    dated = known is None and _has_dated(request, version)
    response = HttpResponseNotModified() if dated else make()
    tag = _tag(request, version.number)
    return _of_version(
        version.number, _public(request, response, tag, version.modified)
    )


def of_day(
    request: Request, make: Callable[[], HttpResponseBase], *, today: date
) -> HttpResponseBase:
    """What `make` reads from the catalogue on this day, or 304 where the client has it.

    At midnight it changes while the catalogue stays as it is, so it has no date.
    """
    if _for_a_person(request):
        return make()
    known = request.headers.get("If-None-Match", "")
    tag = _tag(request, versions.number(), f"-{today}")  # before the rows
    return _public(
        request, HttpResponseNotModified() if _has(known, tag) else make(), tag
    )


def of_code(request: Request, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `make` makes of the code alone, or 304 where the client has that."""
    if _for_a_person(request):
        return make()
    tag = _tag(request, 0)
    known = _has(request.headers.get("If-None-Match", ""), tag)
    return _public(request, HttpResponseNotModified() if known else make(), tag)


def of_content(
    request: Request, make: Callable[[], Response], *, dated: bool = True
) -> Response:
    """What `make` reads about one video, or 304 where the client has its very text.

    What changes without the catalogue, too, has no date.
    """
    if _for_a_person(request):
        return make()
    names = "If-None-Match" in request.headers or not dated
    version = None if names else versions.latest()  # before the row
    response = make()
    response.add_post_render_callback(lambda made: _compared(request, made, version))
    return response


@cache
def code_digest() -> str:
    """Stands for the code that makes the answers: another release, another text."""
    digest = sha256(f"{django.VERSION} {rest_framework.VERSION}".encode())
    for package in ("api", "songs"):
        for path in sorted(Path(settings.BASE_DIR, package).rglob("*")):
            if path.suffix in (".py", ".html"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _for_a_person(request: Request) -> bool:
    return request.accepted_renderer.format == "api"  # it shows who is signed in


def _tag(request: Request, number: int, day: str = "") -> str:
    """Weak: compressed or not, an answer in this format means the same."""
    return f'W/"{number:x}-{code_digest()}-{request.accepted_renderer.format}{day}"'


def _has(known: str, tag: str) -> bool:
    tags = parse_etags(known)
    return tags == ["*"] or tag.removeprefix("W/") in (
        name.removeprefix("W/") for name in tags
    )


def _has_dated(request: Request, version: Version) -> bool:
    """Whether the client names this very date; an older or newer one proves nothing."""
    asked = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return version.settled and asked == version.modified.timestamp()


def _compared(
    request: Request, response: Response, version: Version | None
) -> HttpResponseBase:
    tag = f'W/"{sha256(response.content).hexdigest()[:24]}"'
    known = _has(request.headers.get("If-None-Match", ""), tag)
    if known or (version and _has_dated(request, version)):
        response = _like(response, HttpResponseNotModified())
    return _public(request, response, tag, version and version.modified)


def _like(response: Response, short: HttpResponseBase) -> HttpResponseBase:
    """The short response, with the headers that the view gave the long one."""
    for name, value in response.items():
        if not name.startswith("Content-"):
            short[name] = value
    return short


def _of_version(number: int, response: HttpResponseBase) -> HttpResponseBase:
    response.catalogue_version = number  # for KeptAnswers
    return response


def _public(
    request: Request,
    response: HttpResponseBase,
    tag: str,
    modified: datetime | None = None,
) -> HttpResponseBase:
    response.is_public = True  # for web.compression
    response["ETag"] = tag
    response["Cache-Control"] = f"{_whose(request)}, {FOR}"
    patch_vary_headers(response, ("Accept", "Accept-Encoding"))
    if modified is not None:
        response["Last-Modified"] = http_date(modified.timestamp())
    return response


def _whose(request: Request) -> str:
    """Shared caches keep nothing that went to somebody who may be signed in."""
    token = request.headers.get("Authorization", "").strip()
    session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return "private" if session or token not in NOBODYS_TOKEN else "public"
