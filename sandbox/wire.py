"""An reply on its way to the client, and the ways in which it may travel."""

from __future__ import annotations

import json
import select
import socket
import struct
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
DRIP_S = 1.0  # between two bytes


class Delivery(Enum):
    WHOLE = auto()
    RESET = auto()  # the connection breaks before the first byte
    SILENT = auto()  # nothing comes, the connection stays open
    DRIP = auto()  # the body comes a byte at a time


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body; a body that is not bytes is sent as JSON."""

    status: int
    body: Any
    content_type: str = JSON
    delivery: Delivery = Delivery.WHOLE

    @property
    def items(self) -> list[Any]:
        """The items of a good list; of anything else there are none."""
        is_list = self.status == HTTPStatus.OK and isinstance(self.body, dict)
        items = self.body.get("items", []) if is_list else []
        return items if isinstance(items, list) else []

    def encoded(self) -> bytes:
        """ASCII, so that even a lone surrogate gets through, as an escape."""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, indent=1).encode("ascii")


def send(connection: socket.socket, reply: Reply) -> None:
    """Raises OSError when the client is gone."""
    if reply.delivery == Delivery.RESET:
        linger = struct.pack("ii", 1, 0)  # on, 0 seconds: close() sends RST
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.close()
    elif reply.delivery == Delivery.SILENT:
        _client_left(connection, within_s=None)
    elif reply.delivery == Delivery.DRIP:
        body = reply.encoded()
        connection.sendall(_head(reply, body))
        for byte in body:
            connection.sendall(bytes([byte]))
            if _client_left(connection, within_s=DRIP_S):
                return
    else:
        body = reply.encoded()
        connection.sendall(_head(reply, body) + body)


def _head(reply: Reply, body: bytes) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}",
        f"Content-Type: {reply.content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "Server: MoodiBeats-sandbox",
        "",
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def _client_left(connection: socket.socket, *, within_s: float | None) -> bool:
    """Wait for the client, or for us on shutdown, to close; None: for ever."""
    readable, _, _ = select.select([connection], [], [], within_s)
    return bool(readable)
