"""The YouTube Data API over HTTP: deadlines, retries, and a key that never leaks.

google-api-python-client makes a request of a call, from the API description it ships
with, and executes it over the `http` we give it, one try at a time: its own retries
would not be counted against the quota and trip over bodies such as {"error": "text"}.
Ours (`_Attempt`) stands where httplib2's Http would, which repeats requests on its own,
follows redirects and reads without bound; of httplib2 we use the connections, which
know proxies and certificates.
"""

from __future__ import annotations

import logging
import os
import random as random_module
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Thread
from typing import TypeVar, cast
from urllib.parse import urlsplit

import httplib2
from googleapiclient.discovery import build
from googleapiclient.http import HttpRequest

from songs.youtube.client import (
    Item,
    KeyRefused,
    RequestRefused,
    Unreachable,
    call_cost,
)
from songs.youtube.responses import RetryableError, parse_response

logger = logging.getLogger(__name__)

T = TypeVar("T")

MAX_BODY = 10_000_000  # bytes; a full page of videos is about 250,000
BACKOFF_S = 0.5  # doubled with each try; the wait is drawn at random below that
YOUTUBE = "https://youtube.googleapis.com"
PLAIN = {"accept-encoding": "identity"}  # a compressed body would have no known bound
LOOPBACK = ("127.0.0.1", "::1", "localhost")

_NETWORK_ERRORS: dict[type[Exception], str] = {  # the first that fits
    TimeoutError: "no answer in time",
    socket.gaierror: "its name cannot be resolved",
    ssl.SSLCertVerificationError: "its certificate is not valid",
    ssl.SSLError: "no secure connection",
    ConnectionRefusedError: "connection refused",
    ConnectionError: "connection lost",
    UnicodeError: "its name cannot be resolved",
}


class HttpTransport:
    """Calls YouTube over HTTP; satisfies `songs.youtube.client.Transport`.

    `spend(bucket, units)` is called before every try, retries included, and may raise
    QuotaExceeded: then nothing is sent. `endpoint` replaces YouTube's address: https,
    or http on this machine. `deadline_s` bounds a call with all its tries and waits,
    `connect_s` the way to an open connection (name lookup and TLS included), `read_s`
    a whole answer to its last byte. `sleep` and `random` are for tests.
    """

    def __init__(
        self,
        key: str,
        *,
        spend: Callable[[str, int], None],
        endpoint: str | None = None,
        deadline_s: float = 60.0,
        connect_s: float = 10.0,
        read_s: float = 20.0,
        tries: int = 5,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self._key = key
        self._endpoint = endpoint or YOUTUBE
        self._spend = spend
        self._deadline_s = deadline_s
        self._connect_s = connect_s
        self._read_s = read_s
        self._tries = tries
        self._sleep = sleep
        self._random = random
        self._service = build(
            "youtube",
            "v3",
            http=httplib2.Http(),  # without one, build() looks for Google credentials
            client_options={"api_endpoint": self._endpoint},
            static_discovery=True,
            cache_discovery=False,
        )

    def call(self, method: str, params: Mapping[str, str | int]) -> Item:
        """Response to e.g. "search.list"; raises YouTubeError and what `spend` raises."""
        self._check_setup()
        request = self._request(method, params)
        deadline = time.monotonic() + self._deadline_s
        for nth in range(1, self._tries + 1):
            self._spend(*call_cost(method))
            try:
                return cast(Item, request.execute(http=self._attempt(deadline)))
            except RetryableError as exc:
                error = exc
            wait_s = max(error.retry_after_s, self._random() * BACKOFF_S * 2**nth)
            if nth == self._tries or time.monotonic() + wait_s >= deadline:
                break
            logger.warning(
                "%s: try %d: %s; again in %.1f s", method, nth, error, wait_s
            )
            self._sleep(wait_s)
        # outside of the except block: no chain that could carry more than our words
        raise Unreachable(str(error), tries=nth)

    def _check_setup(self) -> None:
        """Raise unless the key can be sent, and sent safely."""
        if not re.fullmatch(r"[!-~]+", self._key or ""):
            raise KeyRefused(
                "DEVELOPER_KEY is empty or has characters that no API key has; "
                "copy it again from the Google Cloud console."
            )
        if not _may_carry_the_key(self._endpoint):
            raise Unreachable(
                "YOUTUBE_API_ENDPOINT must start with https://, "
                "or with http:// and name this machine",
                tries=0,
            )

    def _request(self, method: str, params: Mapping[str, str | int]) -> HttpRequest:
        resource, verb = method.split(".")
        try:
            return getattr(getattr(self._service, resource)(), verb)(**params)
        except (TypeError, ValueError) as exc:  # not in YouTube's description
            raise RequestRefused(str(exc)) from exc

    def _attempt(self, deadline: float) -> _Attempt:
        return _Attempt(self._key, deadline, self._connect_s, self._read_s)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The `http` of one try: one connection, one request, one response within limits."""

    key: str
    deadline: float  # of time.monotonic
    connect_s: float
    read_s: float

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[httplib2.Response, bytes]:
        """A good answer. Raises RetryableError if another try is worth it, or YouTubeError."""
        connection = _new_connection(uri, timeout_s=self._left(self.connect_s))
        sent = {**(headers or {}), "X-Goog-Api-Key": self.key} | PLAIN
        sock = None
        try:
            _within(self._left(self.connect_s), connection.connect)
            sock = connection.sock
            sock.settimeout(self.read_s)
            status, retry_after, content = _within(
                self._left(self.read_s),
                lambda: _send(connection, method, uri, body=body, headers=sent),
            )
        except (OSError, HTTPException, UnicodeError) as exc:
            raise RetryableError(_network_error(exc)) from exc
        finally:
            _wake_reader(sock)
        if len(content) > MAX_BODY:
            raise RetryableError(f"an answer of more than {MAX_BODY:,} bytes")
        parse_response(status, content, retry_after=retry_after)
        return httplib2.Response({"status": str(status)}), content

    def _left(self, limit_s: float) -> float:
        return max(0.001, min(limit_s, self.deadline - time.monotonic()))


def _may_carry_the_key(url: str) -> bool:
    """Whether the way to `url` is encrypted or does not leave this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:  # its brackets or its port are wrong
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    )


def _new_connection(url: str, *, timeout_s: float) -> HTTPConnection:
    """A connection, not yet made, to the host of `url`."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        connection = httplib2.HTTPSConnectionWithTimeout(
            parts.hostname,
            parts.port,
            timeout=timeout_s,
            proxy_info=httplib2.proxy_info_from_environment,
        )
    else:
        connection = httplib2.HTTPConnectionWithTimeout(
            parts.hostname, parts.port, timeout=timeout_s
        )
    connection.set_debuglevel(0)  # http.client's debug output would print the key
    return cast(HTTPConnection, connection)


def _send(
    connection: HTTPConnection,
    method: str,
    url: str,
    *,
    body: str | None,
    headers: Mapping[str, str],
) -> tuple[int, str | None, bytes]:
    """Send the request; status, Retry-After header and body of what comes back.

    Closes the connection, which is good for one request.
    """
    parts = urlsplit(url)
    with closing(connection):
        connection.request(method, f"{parts.path}?{parts.query}", body, dict(headers))
        with connection.getresponse() as response:
            content = response.read(MAX_BODY + 1)
    return response.status, response.headers.get("Retry-After"), content


def _within(limit_s: float, step: Callable[[], T]) -> T:
    """Run `step` in a thread of its own and wait for it at most `limit_s` seconds.

    A socket's timeout starts over with every byte and name lookup has none; this one
    is kept whatever the other side does, and leaves the waiting thread open to
    signals. Raises TimeoutError, or what `step` raises.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(step())
        except Exception as exc:  # noqa: BLE001 - handed to the waiting thread
            future.set_exception(exc)

    Thread(target=run, daemon=True).start()
    return future.result(timeout=limit_s)


def _wake_reader(sock: socket.socket | None) -> None:
    """End what a thread may still be reading; closing would wait for that thread."""
    if sock is not None:
        with suppress(OSError):  # closed: the reader was done, or the other side was
            sock.shutdown(socket.SHUT_RDWR)


def _network_error(exc: Exception) -> str:
    """What went wrong on the network, without host names or addresses."""
    for kind, words in _NETWORK_ERRORS.items():
        if isinstance(exc, kind):
            return words
    if isinstance(exc, OSError) and exc.errno:
        return os.strerror(exc.errno)
    return f"a broken answer ({type(exc).__name__})"
