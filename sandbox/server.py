"""The sandbox as an HTTP server, for the command line and inside of tests."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox import catalogue as catalogues
from sandbox import faults as fault_specs
from sandbox import selection, wire
from sandbox.api import YouTube
from sandbox.errors import Refused, no_key, quota_exceeded
from sandbox.kinds import KINDS
from sandbox.listening import LOOPBACK, listening
from sandbox.quota import Clock, Quota
from sandbox.wire import Answer

METHODS = {
    "/youtube/v3/search": "search.list",
    "/youtube/v3/videos": "videos.list",
    "/youtube/v3/commentThreads": "commentThreads.list",
}
NOT_FOUND = Answer(
    404, b"<!DOCTYPE html><title>Error 404 (Not Found)</title>", wire.HTML
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked."""

    method: str  # "search.list"
    params: Mapping[str, str]  # a repeated one joined by commas
    headers: Mapping[str, str]  # names in lower case


class Server:
    """A running sandbox; `serve` makes one."""

    def __init__(
        self, catalogue: catalogues.Catalogue, *, faults: Iterable[str], quota: Quota
    ) -> None:
        self.requests: list[Request] = []
        self._catalogue = catalogue
        self._youtube = YouTube(catalogue)
        self._quota = quota
        self._lock = threading.Lock()
        self.faults = faults
        self.url = ""

    def __len__(self) -> int:
        """The number of videos that a search can find."""
        return len(self._catalogue.indexed)

    @property
    def faults(self) -> list[str]:
        """The specs in force; setting them starts their counts of calls anew.

        Setting raises faults.BadFault.
        """
        return list(self._specs)

    @faults.setter
    def faults(self, specs: Iterable[str]) -> None:
        specs = list(specs)
        faults = fault_specs.parse(specs, KINDS)
        known = {video.id for video in self._catalogue.indexed}
        for fault in faults.faults:
            if fault.video_id and fault.video_id not in known:
                raise fault_specs.BadFault(f"there is no video {fault.video_id}")
        with self._lock:
            self._specs, self._faults = specs, faults

    def change(self, video_id: str, **columns: Any) -> None:
        """Change what videos.list says, e.g. license="youtube"; see catalogue.Video.

        The search index does not notice. Raises KeyError or TypeError.
        """
        with self._lock:
            self._catalogue.change(video_id, **columns)

    def remove(self, video_id: str) -> None:
        """Delete a video, which is still found by searches. Raises KeyError."""
        with self._lock:
            self._catalogue.remove(video_id)

    def answer(self, request: Request) -> Answer:
        """What comes back, faults included."""
        with self._lock:
            self.requests.append(request)
            answer = self._faultless(request)
            answer = self._faults.spoil(request.method, request.params, answer)
        fields = request.params.get("fields")
        if not fields or not answer.items:
            return answer
        chosen = selection.select(answer.body, selection.parse(fields))
        return replace(answer, body=chosen)

    def _faultless(self, request: Request) -> Answer:
        try:
            if not (request.headers.get("x-goog-api-key") or request.params.get("key")):
                raise no_key()
            bucket = "search" if request.method == "search.list" else "units"
            if not self._quota.take(bucket):
                raise quota_exceeded()
            return Answer(200, self._youtube.answer(request.method, request.params))
        except Refused as exc:
            return Answer(exc.status, exc.body)


@contextmanager
def serve(
    *,
    port: int = 0,
    catalogue: Path | None = None,
    faults: Iterable[str] = (),
    clock: Clock = lambda: datetime.now(UTC),
    searches_per_day: int = 100,
    units_per_day: int = 10_000,
) -> Iterator[Server]:
    """A sandbox on this machine for as long as the block lasts; port 0: a free one.

    `catalogue` is a CSV in the columns of the article, None the sample. `clock` gives
    timezone-aware times and decides when the quota is renewed.

    Raises catalogue.BadCatalogue, faults.BadFault, OSError if the port is taken.
    """
    server = Server(
        catalogues.sample() if catalogue is None else catalogues.read_csv(catalogue),
        faults=faults,
        quota=Quota({"search": searches_per_day, "units": units_per_day}, clock=clock),
    )
    with listening(_HttpServer(server, port=port)) as server.url:
        yield server


class _HttpServer(ThreadingHTTPServer):
    """Closes every connection when it ends, also those that a fault keeps waiting."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, sandbox: Server, *, port: int) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        super().__init__((LOOPBACK, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._open):
            with suppress(OSError):  # the client was faster
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    """One request a connection: what a fault does to it hurts no other."""

    server: _HttpServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        method = METHODS.get(parts.path)
        if method is None:
            answer = NOT_FOUND
        else:
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(method, _params(parts.query), headers)
            answer = self.server.sandbox.answer(request)
        self.close_connection = True
        with suppress(OSError):  # the client did not wait
            wire.send(self.connection, answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: the URL may hold the key."""


def _params(query: str) -> dict[str, str]:
    params: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        params[name] = f"{params[name]},{value}" if name in params else value
    return params
