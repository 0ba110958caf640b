"""JSON as Django REST framework writes it, several times as fast."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from itertools import chain, islice
from typing import Any, TypeVar

import orjson
from django.http import Http404, StreamingHttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from songs.browse.fetch import FIRST_ROWS

LINE_ENDS = {  # to JavaScript and to str.splitlines; in JSON they may stand as they are
    "\N{LINE SEPARATOR}".encode(): rb"\u2028",
    "\N{PARAGRAPH SEPARATOR}".encode(): rb"\u2029",
}
LINE_END = re.compile(rb"\xe2\x80[\xa8\xa9]")  # found in a third of the time
others = JSONEncoder().default  # what JSON has no type for


class QuickJSONRenderer(JSONRenderer):
    """The same text but for tiny numbers: `5e-5`, not `5e-05`."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: dict[str, Any] | None = None,
    ) -> bytes:
        """Encode; indented, as the page for people has it, by the slower way."""
        indented = self.get_indent(accepted_media_type or "", renderer_context or {})
        if data is None or indented is not None:
            return super().render(data, accepted_media_type, renderer_context)
        return dumps(data)


def dumps(data: Any) -> bytes:
    """Encode `data`."""
    return _without_line_ends(_encoded(data, orjson.OPT_UTC_Z))


def dump_lines(items: Iterable[Any]) -> bytes:
    """Encode each of `items`, with a line feed behind it."""
    option = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
    return _without_line_ends(b"".join(_encoded(item, option) for item in items))


def _encoded(data: Any, option: int) -> bytes:
    return orjson.dumps(data, default=others, option=option)


def _without_line_ends(text: bytes) -> bytes:
    if LINE_END.search(text):
        text = LINE_END.sub(lambda found: LINE_ENDS[found[0]], text)
    return text


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


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would calculate these
IDS = ("video_id",)  # may begin with "-", and hold nothing that calculates


class CSVRenderer(BaseRenderer):
    """Stands for CSV where a format is chosen; `table` makes it."""

    media_type, format = "text/csv", "csv"


class NDJSONRenderer(BaseRenderer):
    """Stands for NDJSON where a format is chosen; `table` makes it."""

    media_type, format = "application/x-ndjson", "ndjson"


class NamedNegotiation(DefaultContentNegotiation):
    """An unknown `format` is a wrong parameter, not a missing page."""

    def select_renderer(
        self,
        request: Request,
        renderers: list[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        named = request.query_params.get(self.settings.URL_FORMAT_OVERRIDE)
        if named == "":  # DRF would take it for none
            self.filter_renderers(renderers, named)
        return super().select_renderer(request, renderers, format_suffix)

    def filter_renderers(
        self,
        renderers: list[BaseRenderer],
        format: str,  # noqa: A002  DRF's name
    ) -> list[BaseRenderer]:
        try:
            return super().filter_renderers(renderers, format)
        except Http404 as exc:
            known = ", ".join(sorted(renderer.format for renderer in renderers))
            raise ValidationError({"format": [f"Say one of {known}."]}) from exc


def table(
    format_: str,
    fields: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    name: str = "videos",
) -> StreamingHttpResponse:
    """Answer with a line for each row; see `streaming.stream` on what fails when."""
    pieces = _csv(fields, rows) if format_ == "csv" else _ndjson(fields, rows)
    first = next(pieces)
    renderer = CSVRenderer if format_ == "csv" else NDJSONRenderer
    return StreamingHttpResponse(
        chain([first], pieces),
        content_type=f"{renderer.media_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.{format_}"'},
    )


def _csv(fields: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    def cells(some: Iterable[tuple[Any, ...]]) -> bytes:
        return _lines(map(_cell, row, fields) for row in some)

    opening = _lines([fields])
    for piece in encoded(rows, cells, ROWS_OF_A_PIECE):
        yield opening + piece
        opening = b""
    yield opening


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()


def _ndjson(fields: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    def objects(some: Iterable[tuple[Any, ...]]) -> bytes:
        return dump_lines(dict(zip(fields, row, strict=True)) for row in some)

    yield from encoded(rows, objects, ROWS_OF_A_PIECE)
    yield b""  # there is a first piece, also of nothing


def _cell(value: Any, field: str) -> Any:
    if isinstance(value, str):
        harmless = not value.startswith(FORMULA) or field in IDS
        return value if harmless else f"'{value}"
    if isinstance(value, (bool, list, dict)):
        return dumps(value).decode()
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value
