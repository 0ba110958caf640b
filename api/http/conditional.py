"""Cache headers and conditional requests (ETag, Last-Modified, 304) of public reads.

A list is valid as long as the catalogue has the same version: one query over a few rows
tells, and a 304 reads no video. One video is valid as long as its own body is the
same. What is not made public here is `no-store` (web.middleware).
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
from web.response_cache import ANONYMOUS_TOKENS

READS = ("GET", "HEAD")
FRESHNESS = "max-age=10, stale-while-revalidate=50"  # seconds; at most a minute old


class PublicReads(APIView):
    """Reads with the same response for everybody, so that shared caches may keep it.

    No session is read, and no `Authorization` but the token of a program, whose
    requests are counted.
    """

    def get_permissions(self) -> list[BasePermission]:
        reads = self.request is not None and self.request.method in READS
        return [AllowAny()] if reads else super().get_permissions()

    def perform_authentication(self, request: Request) -> None:
        needed = sent_token(request) is not None or _is_browsable(request)
        if needed or request.method not in READS:
            super().perform_authentication(request)


def of_catalogue(
    request: Request, build: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return `build()`, or 304 if the client's validator is of the present version.

    The version is read before the rows, see `songs.browse.version`.
    """
    if _is_browsable(request):
        return build()
    named = "If-None-Match" in request.headers
    if named:
        number = _number(request)
        if _matches(request, tag := _tag(request, number)):
            return _of_version(number, _public(request, HttpResponseNotModified(), tag))
    version = versions.latest()
    unchanged = not named and _matches_date(request, version)
    response = HttpResponseNotModified() if unchanged else build()
    tag = _tag(request, version.number)
    response = _public(request, response, tag, version.modified)
    return _of_version(version.number, response)


def of_day(
    request: Request, build: Callable[[], HttpResponseBase], *, today: date
) -> HttpResponseBase:
    """Return `build()`, or 304 if the client's ETag is of the version and this day.

    At midnight it changes while the catalogue stays as it is, so it has no date.
    """
    if _is_browsable(request):
        return build()
    return _by_tag(request, build, _tag(request, _number(request), f"-{today}"))


def of_code(
    request: Request, build: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return `build()`, or 304 if the client's ETag is of this release's code."""
    if _is_browsable(request):
        return build()
    return _by_tag(request, build, _tag(request, 0))


def of_content(
    request: Request, build: Callable[[], Response], *, dated: bool = True
) -> Response:
    """Return `build()`, or 304 if the client's ETag is the digest of its body.

    What changes without the catalogue, too, is not `dated`.
    """
    if _is_browsable(request):
        return build()
    needs_date = dated and "If-None-Match" not in request.headers
    version = versions.latest() if needs_date else None  # before the row
    response = build()
    response.add_post_render_callback(
        lambda rendered: _compare(request, rendered, version)
    )
    return response


@cache
def code_digest() -> str:
    """Stands for the code that makes the answers: another release, another text."""
    digest = sha256(f"{django.VERSION} {rest_framework.VERSION}".encode())
    for package in ("api", "songs", "web"):
        for path in sorted(Path(settings.BASE_DIR, package).rglob("*")):
            if path.suffix in (".py", ".html"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _is_browsable(request: Request) -> bool:
    return request.accepted_renderer.format == "api"  # it shows who is signed in


def _number(request: Request) -> int:
    """The catalogue's version, which the response cache may have asked for already."""
    known = getattr(request, "catalogue_version", None)
    return versions.number() if known is None else known


def _tag(request: Request, number: int, day: str = "") -> str:
    """Weak: compressed or not, an answer in this format means the same."""
    return f'W/"{number:x}-{code_digest()}-{request.accepted_renderer.format}{day}"'


def _matches(request: Request, tag: str) -> bool:
    """Whether If-None-Match names the tag; a proxy may have made it a strong one."""
    tags = parse_etags(request.headers.get("If-None-Match", ""))
    names = {name.removeprefix("W/") for name in tags}
    return tags == ["*"] or tag.removeprefix("W/") in names


def _matches_date(request: Request, version: Version) -> bool:
    """Whether the client names this very date; an older or newer one proves nothing."""
    date_sent = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return version.settled and date_sent == version.modified.timestamp()


def _by_tag(
    request: Request, build: Callable[[], HttpResponseBase], tag: str
) -> HttpResponseBase:
    unchanged = _matches(request, tag)
    return _public(request, HttpResponseNotModified() if unchanged else build(), tag)


def _compare(
    request: Request, response: Response, version: Version | None
) -> HttpResponseBase:
    tag = f'W/"{sha256(response.content).hexdigest()[:24]}"'
    if _matches(request, tag) or (version and _matches_date(request, version)):
        headers = {n: v for n, v in response.items() if not n.startswith("Content-")}
        response = HttpResponseNotModified(headers=headers)
    return _public(request, response, tag, version and version.modified)


def _of_version(number: int, response: HttpResponseBase) -> HttpResponseBase:
    response.catalogue_version = number  # for web.response_cache
    return response


def _public(
    request: Request,
    response: HttpResponseBase,
    tag: str,
    modified: datetime | None = None,
) -> HttpResponseBase:
    response.is_public = True  # for web.compression
    response["ETag"] = tag
    response["Cache-Control"] = f"{_scope(request)}, {FRESHNESS}"
    patch_vary_headers(response, ("Accept", "Accept-Encoding"))
    if modified is not None:
        response["Last-Modified"] = http_date(modified.timestamp())
    return response


def _scope(request: Request) -> str:
    """Shared caches keep nothing that went to somebody who may be signed in."""
    token = request.headers.get("Authorization", "").strip()
    session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return "private" if session or token not in ANONYMOUS_TOKENS else "public"
