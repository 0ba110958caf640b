"""The request of a form with a large file, made while it is read."""

from collections.abc import Iterator

from django.core.handlers.wsgi import WSGIRequest

LINES = b"1,2,3,4\n" * 8_192
HEAD = (
    b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\n"
)
TAIL = b"\r\n--B--\r\n"


class Body:
    """`n` times 64 kB of CSV in a form, never in memory at once."""

    def __init__(self, n: int) -> None:
        self.size = len(HEAD) + n * len(LINES) + len(TAIL)
        self.parts = self._parts(n)
        self.held = b""

    def _parts(self, n: int) -> Iterator[bytes]:
        yield HEAD
        for _ in range(n):
            yield LINES
        yield TAIL

    def read(self, size: int) -> bytes:
        while len(self.held) < size and (part := next(self.parts, b"")):
            self.held += part
        found, self.held = self.held[:size], self.held[size:]
        return found

    readline = read  # asked for by nobody


def upload(n: int) -> WSGIRequest:
    body = Body(n)
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "CONTENT_TYPE": "multipart/form-data; boundary=B",
            "CONTENT_LENGTH": str(body.size),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.input": body,
        }
    )
