"""A local Last.fm: answers artist.getInfo about invented artists, with faults on demand.

`python -m sandbox.lastfm --help` says what it can do.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote_plus
from zlib import crc32

from sandbox import wire
from sandbox.http import listening, run
from sandbox.wire import Delivery, Reply

PATH = "/2.0/"
PORT = 8098
STAR = (
    "https://lastfm.freetls.fastly.net/i/u/300x300/2a96cbd8b46e442fc41c2b86b821562f.png"
)
PLACES = ("a harbour town", "the hills", "a flat above a bakery", "an old cinema")
TAGS = ("ambient", "folk", "electronic", "indie", "jazz", "piano", "rock", "soul")
SCRIPT = (
    '<script>alert(1)</script><img src=x onerror="alert(2)"><b onclick="alert(3)">'
    '<a href="javascript:alert(4)">four</a></b><iframe src="//evil.example"></iframe>'
)
PROXY_PAGE = b"<!DOCTYPE html><html><title>Sign in to this network</title></html>"


def refusal(status: int, error: int, message: str) -> Reply:
    """An error as Last.fm writes it."""
    return Reply(status, {"error": error, "message": message, "links": []})


UNKNOWN = refusal(404, 6, "The artist you supplied could not be found")
FAULTS: dict[str, Reply] = {
    "down": refusal(503, 11, "Service Offline - temporarily offline. Try again later"),
    "failed": refusal(
        500, 8, "Operation failed - most likely the backend service failed"
    ),
    "rateLimited": refusal(429, 29, "Rate Limit Exceeded - too many requests"),
    "keyInvalid": refusal(403, 10, "Invalid API key - You must be granted a valid key"),
    "unknown": UNKNOWN,
    "html": Reply(200, PROXY_PAGE, wire.HTML),
    "empty": Reply(200, b""),
    "reset": Reply(200, b"", delivery=Delivery.RESET),
    "silent": Reply(200, b"", delivery=Delivery.SILENT),
    "drip": Reply(200, b"{" + b" " * 200, delivery=Delivery.DRIP),
}
CHANGES = ("script", "bare")  # of what is said about the artist
KINDS = (*FAULTS, *CHANGES)


class UnknownFault(ValueError):
    """A fault is one of those that --help lists."""


class LastfmServer:
    """A running Last.fm; `serve` makes one."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.requests: list[Mapping[str, str]] = []  # the parameters of each
        self.faults = faults
        self.url = ""

    @property
    def faults(self) -> list[str]:
        """The faults of all replies from now on; setting raises UnknownFault."""
        return self._faults

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        self._faults = list(names)
        for name in self._faults:
            if name not in KINDS:
                raise UnknownFault(f"{name!r}: a fault is one of {', '.join(KINDS)}")

    def reply(self, params: Mapping[str, str]) -> Reply:
        self.requests.append(params)
        for name in self.faults:
            if name in FAULTS:
                return FAULTS[name]
        if params.get("method", "").lower() != "artist.getinfo":
            return refusal(400, 3, "Invalid Method - No method with that name")
        if not params.get("api_key"):
            return FAULTS["keyInvalid"]
        name = params.get("artist", "").strip()
        if not name or "nobody" in name.lower():
            return UNKNOWN
        return Reply(200, {"artist": self._artist(name)})

    def _artist(self, name: str) -> dict[str, Any]:
        url = f"https://www.last.fm/music/{quote_plus(name)}"
        draw = crc32(name.encode(errors="replace"))
        start, place = 1970 + draw % 50, PLACES[draw % len(PLACES)]
        more = f' <a href="{url}">Read more on Last.fm</a>'
        words = f"{name} began in {place} in {start}. This artist is invented."
        if "script" in self.faults:
            words += SCRIPT
        tags: Any = {"tag": [_tag(TAGS[(draw + n) % len(TAGS)]) for n in range(3)]}
        bare = "bare" in self.faults  # as Last.fm shows those that it hardly knows
        return {
            "name": name,
            "url": url,
            "image": [{"#text": STAR, "size": size} for size in ("small", "mega")],
            "stats": {"listeners": str(draw % 9000), "playcount": str(draw % 90000)},
            "tags": "" if bare else tags,
            "bio": {"summary": more if bare else words + more, "content": words},
        }


def _tag(name: str) -> dict[str, str]:
    return {"name": name, "url": f"https://www.last.fm/tag/{name}"}


@contextmanager
def serve(*, port: int = 0, faults: Iterable[str] = ()) -> Iterator[LastfmServer]:
    """A Last.fm on this machine for as long as the block lasts; port 0: a free one.

    Raises UnknownFault, OSError if the port is taken.
    """
    server = LastfmServer(faults)

    def respond(
        path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Reply:
        return server.reply(params) if path == PATH else UNKNOWN

    with listening(respond, port=port) as address:
        server.url = address + PATH
        yield server


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 told to stop, 1 the port cannot be used, 2 usage."""
    parser = ArgumentParser(
        prog="python -m sandbox.lastfm", description="A local Last.fm on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=PORT, help="0: any that is free")
    parser.add_argument("--fault", action="append", default=[], choices=KINDS)
    options = parser.parse_args(arguments)
    serving = serve(port=options.port, faults=options.fault)
    return run(serving, _text, port=options.port)


def _text(server: LastfmServer) -> str:
    return (
        f"{server.url} ; give it to MoodiBeats as LASTFM_API_ENDPOINT. Any key will do."
    )


if __name__ == "__main__":
    sys.exit(main())
