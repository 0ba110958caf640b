"""The HTTP server of a stand-in: it listens on this machine, and is told to end."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from sandbox import wire
from sandbox.wire import Reply

T = TypeVar("T")

LOOPBACK = "127.0.0.1"

# path, parameters (a repeated one joined by commas), headers (names in lower case)
Respond = Callable[[str, Mapping[str, str], Mapping[str, str]], Reply]


@contextmanager
def listening(respond: Respond, *, port: int) -> Iterator[str]:
    """Reply in threads for as long as the block lasts; yields the address.

    Port 0 is any that is free. Raises OSError if the port is taken.
    """
    with _Server(respond, port=port) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{http.server_address[1]}"
        finally:
            http.shutdown()
            thread.join()


def run(
    serving: AbstractContextManager[T], text: Callable[[T], str], *, port: int
) -> int:
    """Serve until Ctrl-C or SIGTERM; exit status 0, or 1 if the port cannot be used.

    `text` says of the server what is printed once it is there.
    """
    try:
        with serving as server:
            stopped = threading.Event()
            for signum in (signal.SIGINT, signal.SIGTERM):
                signal.signal(signum, lambda signum, frame: stopped.set())
            sys.stdout.write(f"{text(server)} Ctrl-C ends it.\n")
            sys.stdout.flush()
            stopped.wait()
    except (OSError, OverflowError) as exc:
        sys.stderr.write(f"port {port} cannot be used: {exc}\n")
        return 1
    return 0


class _Server(ThreadingHTTPServer):
    """Closes every connection when it ends, also those that a fault keeps waiting."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, respond: Respond, *, port: int) -> None:
        self.respond = respond
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

    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.respond(parts.path, _params(parts.query), headers)
        self.close_connection = True
        with suppress(OSError):  # the client did not wait
            wire.send(self.connection, reply)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: the URL may hold the key."""


def _params(query: str) -> dict[str, str]:
    params: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        params[name] = f"{params[name]},{value}" if name in params else value
    return params
