"""YouTube over real sockets: a server that plays scripts, a transport in a hurry."""

import json
import socket
import threading
from contextlib import contextmanager

from songs.youtube import client
from songs.youtube.http import HttpTransport
from tests.waiting import PATIENCE_S

KEY = "AIzaSecretSample-0123456789"
EMPTY_PAGE = {"kind": "youtube#searchListResponse", "items": []}


def answer(body, *, status=200, headers=""):
    """The bytes of an HTTP answer that ends the connection."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


def refusal(status, reason):
    error = {"code": status, "message": reason, "errors": [{"reason": reason}]}
    return answer({"error": error}, status=status)


class Server:
    """Plays one script per connection, the last one for ever after.

    A script is the bytes to answer with, or a function of the connected socket, the
    request, and an event that says the test is over.
    """

    def __init__(self, *scripts):
        self.scripts = list(scripts)
        self.requests = []
        self.over = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def serve(self):
        while not self.over.is_set():
            connection, _ = self.socket.accept()
            with connection:
                self.play(connection)

    def play(self, connection):
        request = connection.recv(65536)
        if not request:
            return
        self.requests.append(request.decode("latin-1"))
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        if callable(script):
            script(connection, request, self.over)
        else:
            connection.sendall(script)


@contextmanager
def serving(*scripts):
    server = Server(*scripts)
    thread = threading.Thread(target=server.serve)
    with server.socket:
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            socket.create_connection(server.socket.getsockname()).close()
            thread.join()


def silent(connection, request, over):
    over.wait(PATIENCE_S)


def drip(prefix, *, byte=b"x", every_s=0.02):
    """Sends `prefix`, then `byte` again and again for as long as somebody listens."""

    def script(connection, request, over):
        try:
            connection.sendall(prefix)
            while not over.wait(every_s):
                connection.sendall(byte)
        except OSError:
            return

    return script


def reset(connection, request, over):
    linger = b"\1\0\0\0\0\0\0\0"  # on, 0 seconds: close() sends RST
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


class Ledger:
    """Counts what is spent; `left` tries are allowed."""

    def __init__(self, left=100):
        self.left = left
        self.spent = []

    def spend(self, bucket, units):
        if len(self.spent) == self.left:
            raise client.QuotaExceeded("the ledger says no")
        self.spent.append((bucket, units))


def transport(endpoint, **options):
    """A transport that does not wait between its tries."""
    defaults = {
        "spend": Ledger().spend,
        "connect_s": PATIENCE_S,
        "read_s": PATIENCE_S,
        "deadline_s": PATIENCE_S,
        "sleep": lambda seconds: None,
        "random": lambda: 0.0,
    }
    return HttpTransport(KEY, endpoint=endpoint, **defaults | options)
