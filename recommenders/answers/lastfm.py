"""Last.fm's `artist.getInfo` as records. Knows neither models nor settings.

The key travels in the query, as Last.fm demands; so no error here carries an address.
"""

import html
import json
import time
import unicodedata
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import nh3

LASTFM = "https://ws.audioscrobbler.com/2.0/"
AGENT = "MoodiBeats (self-hosted; profiles of artists, cached)"
TIMEOUT_S = 5.0  # between two bytes
DEADLINE_S = 10.0  # for the whole answer, within one more TIMEOUT_S
MAX_BODY = 1_000_000  # bytes; a profile is about 5,000
PIECE = 65_536
MAX_BIOGRAPHY = 3_000  # characters; Last.fm's summaries have about 800
MAX_TAGS = 5
MAX_LINE = 300
IMAGES = "lastfm.freetls.fastly.net"
NO_IMAGE = "2a96cbd8b46e442fc41c2b86b821562f"  # the star that all have who have none
UNKNOWN_ARTIST = 6
REFUSED_KEY = {4, 10, 14, 17, 26}
TOO_MANY = 29
KEPT = {"a": {"href"}, "p": set(), "br": set(), "em": set(), "strong": set()}
LINK_REL = "nofollow noopener noreferrer"


class LastfmError(Exception):
    """Base of this module: Last.fm could not be reached, or answered what is no profile."""


class LastfmUnreachable(LastfmError):
    """Last.fm is down, or what answers is not Last.fm."""


class RateLimited(LastfmError):
    """Last.fm wants fewer requests of us; ask again in some minutes."""


class LastfmKeyRefused(LastfmError):
    """Last.fm refuses LASTFM_API_KEY; see https://www.last.fm/api/accounts."""


@dataclass(frozen=True, slots=True)
class ArtistInfo:
    """What Last.fm says of an artist, fit to be shown."""

    biography: str  # HTML of the tags of KEPT alone; "" where there is none
    tags: tuple[str, ...]  # at most MAX_TAGS
    url: str  # on Last.fm; "" where it is no such address
    image: str  # an address on IMAGES; "" where there is none


class _NoRedirects(HTTPRedirectHandler):
    """The key goes to the address of the settings and nowhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def get_info(
    name: str,
    *,
    key: str,
    endpoint: str = LASTFM,
    timeout_s: float = TIMEOUT_S,
    deadline_s: float = DEADLINE_S,
) -> ArtistInfo | None:
    """Ask about an artist; None if Last.fm does not know the name.

    A name with a control character is no artist's, and is not sent. Raises LastfmError.
    """
    if not is_one_line(name):
        return None
    parameters = {
        "method": "artist.getinfo",
        "artist": name,
        "autocorrect": 0,
        "format": "json",
        "api_key": key,
    }
    request = Request(
        f"{endpoint}?{urlencode(parameters)}", headers={"User-Agent": AGENT}
    )
    try:
        status, body = _read(request, timeout_s, deadline_s)
    except (URLError, HTTPException, OSError, ValueError) as exc:
        kind = type(exc).__name__
    else:
        return _parse(status, body)
    # outside of the except block: no chain that could carry the address
    raise LastfmUnreachable(f"Last.fm could not be asked ({kind}).")


def is_one_line(text: str) -> bool:
    """Whether a text has neither control characters nor halves of surrogates."""
    return not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


def clean(text: str) -> str:
    """HTML of unknown origin with nothing left in it but words, links and emphasis."""
    text = text.replace("\0", "").encode(errors="replace").decode()  # no surrogates
    kept = nh3.clean(
        text,
        tags=set(KEPT),
        attributes={name: set(attributes) for name, attributes in KEPT.items()},
        url_schemes={"https", "http"},
        link_rel=LINK_REL,
    ).strip()
    if len(kept) <= MAX_BIOGRAPHY:
        return kept
    words = html.unescape(nh3.clean(text, tags=set(), attributes={}))
    return f"{html.escape(words[:MAX_BIOGRAPHY].rpartition(' ')[0])} ..."


def _read(request: Request, timeout_s: float, deadline_s: float) -> tuple[int, bytes]:
    deadline = time.monotonic() + deadline_s
    opener = build_opener(_NoRedirects)
    try:
        response = opener.open(request, timeout=timeout_s)
    except HTTPError as exc:
        response = exc  # which is an answer, too
    with response:
        pieces, size = [], 0
        while piece := response.read1(PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_BODY or time.monotonic() > deadline:
                raise TimeoutError
    return response.status, b"".join(pieces)


def _parse(status: int, body: bytes) -> ArtistInfo | None:
    try:
        payload = json.loads(body)
        if "error" in payload:
            return _error(int(payload["error"]))
        if status == HTTPStatus.OK:
            return _artist(payload["artist"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass  # what Last.fm would never say; the status may tell more
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise RateLimited(RateLimited.__doc__)
    raise LastfmUnreachable(f"Last.fm answered {status} and nothing that is a profile.")


def _error(code: int) -> None:
    if code == UNKNOWN_ARTIST:
        return
    if code in REFUSED_KEY:
        raise LastfmKeyRefused(LastfmKeyRefused.__doc__)
    if code == TOO_MANY:
        raise RateLimited(RateLimited.__doc__)
    raise LastfmUnreachable(f"Last.fm says that it cannot answer (error {code}).")


def _artist(payload: dict[str, Any]) -> ArtistInfo:
    biography = payload.get("bio") or {}
    return ArtistInfo(
        biography=clean(str(biography.get("summary") or "")),
        tags=_tags(payload.get("tags")),
        url=_address(payload.get("url"), ("www.last.fm", "last.fm")),
        image=_image(payload.get("image")),
    )


def _tags(payload: Any) -> tuple[str, ...]:
    """Last.fm writes "" for no tags, and one tag without its list."""
    tags = payload.get("tag", []) if isinstance(payload, dict) else []
    tags = [tags] if isinstance(tags, dict) else tags
    names = [_line(tag.get("name")) for tag in tags if isinstance(tag, dict)]
    return tuple(name for name in names if name)[:MAX_TAGS]


def _image(payload: Any) -> str:
    """The largest, which comes last."""
    for image in reversed(payload if isinstance(payload, list) else []):
        address = image.get("#text") if isinstance(image, dict) else None
        if (found := _address(address, (IMAGES,))) and NO_IMAGE not in found:
            return found
    return ""


def _address(payload: Any, hosts: tuple[str, ...]) -> str:
    if (
        not isinstance(payload, str)
        or len(payload) > MAX_LINE
        or not is_one_line(payload)
    ):
        return ""
    try:
        parts = urlsplit(payload)
    except ValueError:
        return ""
    return payload if parts.scheme == "https" and parts.hostname in hosts else ""


def _line(payload: Any) -> str:
    """One line of text: no control characters, not too long."""
    words = "".join(c if c.isprintable() else " " for c in str(payload or ""))
    return " ".join(words.split())[:MAX_LINE]
