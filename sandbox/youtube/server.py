"""A running YouTube: its replies, faults included, by HTTP or from within a test."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox import wire
from sandbox.http import listening
from sandbox.wire import Reply
from sandbox.youtube import catalogue as catalogues
from sandbox.youtube import faults as fault_specs
from sandbox.youtube.api import YouTube
from sandbox.youtube.errors import ErrorReply, no_key, quota_exceeded
from sandbox.youtube.kinds import KINDS
from sandbox.youtube.quota import Clock, Quota

METHODS = {
    "/youtube/v3/search": "search.list",
    "/youtube/v3/videos": "videos.list",
    "/youtube/v3/commentThreads": "commentThreads.list",
}
NOT_FOUND = Reply(
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
        """The specs in force; setting them starts their counts of calls at 1.

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

    def reply(self, request: Request) -> Reply:
        """What comes back, faults included."""
        with self._lock:
            self.requests.append(request)
            reply = self._faultless(request)
            return self._faults.spoil(request.method, request.params, reply)

    def _faultless(self, request: Request) -> Reply:
        try:
            if not (request.headers.get("x-goog-api-key") or request.params.get("key")):
                raise no_key()
            bucket = "search" if request.method == "search.list" else "units"
            if not self._quota.take(bucket):
                raise quota_exceeded()
            return Reply(200, self._youtube.reply(request.method, request.params))
        except ErrorReply as exc:
            return Reply(exc.status, exc.body)


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

    def respond(
        path: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Reply:
        method = METHODS.get(path)
        return server.reply(Request(method, params, headers)) if method else NOT_FOUND

    with listening(respond, port=port) as server.url:
        yield server
