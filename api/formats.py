"""Lists as CSV and NDJSON, sent while they are read: memory stays flat."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.http import Http404, StreamingHttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.rendering import dump_lines, dumps
from api.streaming import ROWS_OF_A_PIECE, encoded

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
