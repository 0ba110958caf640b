"""A long list as JSON, in pieces: memory does not grow with its length."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import Any, TypeVar

from django.http import StreamingHttpResponse

from api.rendering import dumps
from songs.browse.fetch import FIRST_ROWS

ROWS_OF_A_PIECE = 2_000  # about a megabyte
Row = TypeVar("Row")


def encoded(
    rows: Iterable[Row], encode: Callable[[list[Row]], bytes], size: int
) -> Iterator[bytes]:
    """Yield the bytes of `size` rows at a time; the next ones are read meanwhile.

    The first, fewer ones are sent at once. Later `encode` works in a thread, while PostgreSQL does.
    """
    remaining = iter(rows)
    if some := list(islice(remaining, min(size, FIRST_ROWS))):
        yield encode(some)
    with ThreadPoolExecutor(max_workers=1) as thread:
        before: Future[bytes] | None = None
        while some := list(islice(remaining, size)):
            coming = thread.submit(encode, some)
            if before is not None:
                yield before.result()
            before = coming
        if before is not None:
            yield before.result()


def json_array(rows: Iterable[Any], size: int = ROWS_OF_A_PIECE) -> Iterator[bytes]:
    """Yield one JSON array in pieces of `size` rows; joined, they are valid JSON."""
    opening = b"["
    for piece in encoded(rows, lambda some: dumps(some)[1:-1], size):
        yield opening + piece
        opening = b","
    yield b"]" if opening == b"," else b"[]"


def stream(rows: Iterable[Any], size: int = ROWS_OF_A_PIECE) -> StreamingHttpResponse:
    """Answer with a JSON array of `rows`, of which some `size` are in memory at once.

    The first piece is made at once: a query that fails is an error of the view. One
    that fails later breaks the connection, so that nobody takes a part for the whole.
    """
    pieces = json_array(rows, size)
    first = next(pieces)
    return StreamingHttpResponse(
        chain([first], pieces), content_type="application/json"
    )
