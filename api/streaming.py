"""A long list as JSON, in pieces: memory does not grow with its length."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.http import StreamingHttpResponse

from api.rendering import dumps

ROWS_OF_A_PIECE = 2_000  # about a megabyte


def json_array(rows: Iterable[Any], size: int = ROWS_OF_A_PIECE) -> Iterator[bytes]:
    """Yield one JSON array in pieces of `size` rows; joined, they are valid JSON."""
    remaining, opening = iter(rows), b"["
    while some := list(islice(remaining, size)):
        yield opening + dumps(some)[1:-1]
        opening = b","
    yield b"]" if opening == b"," else b"[]"


def stream(rows: Iterable[Any], size: int = ROWS_OF_A_PIECE) -> StreamingHttpResponse:
    """Answer with a JSON array of `rows`, of which `size` are in memory at once.

    The first piece is made at once: a query that fails is an error of the view. One
    that fails later breaks the connection, so that nobody takes a part for the whole.
    """
    pieces = json_array(rows, size)
    first = next(pieces)
    return StreamingHttpResponse(
        chain([first], pieces), content_type="application/json"
    )
