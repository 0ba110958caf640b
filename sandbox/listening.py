"""How a stand-in listens on this machine, and is told to end."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer

LOOPBACK = "127.0.0.1"


@contextmanager
def listening(http: HTTPServer) -> Iterator[str]:
    """Answer in a thread for as long as the block lasts; the address to ask."""
    with http:
        thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{http.server_address[1]}"
        finally:
            http.shutdown()
            thread.join()


def stop_on_signals() -> threading.Event:
    """What is set by Ctrl-C or SIGTERM."""
    stopped = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda signum, frame: stopped.set())
    return stopped
