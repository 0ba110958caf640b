"""A long list as JSON, in pieces: memory does not grow with its length."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.renderers import JSONRenderer

ROWS_OF_A_PIECE = 500


def json_array(rows: Iterable[Any], size: int = ROWS_OF_A_PIECE) -> Iterator[bytes]:
    """Yield one JSON array in pieces of `size` rows; joined, they are valid JSON."""
    remaining, renderer, opening = iter(rows), JSONRenderer(), b"["
    while some := list(islice(remaining, size)):
        yield opening + renderer.render(some)[1:-1]
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
