"""Lists in several formats: how one is chosen, and how CSV and NDJSON are sent."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from django.http import Http404, StreamingHttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request

from api.http.renderers import ROWS_PER_CHUNK, dump_lines, encoded
from songs.browse.formats import csv_header, csv_lines


class CSVRenderer(BaseRenderer):
    """Stands for CSV where a format is chosen; the view writes it."""

    media_type, format = "text/csv", "csv"


class NDJSONRenderer(BaseRenderer):
    """Stands for NDJSON where a format is chosen; the view writes it."""

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


class InFormats(GenericAPIView):
    """Base: a list in each format of `renderer_classes`; OPTIONS are JSON."""

    content_negotiation_class = NamedNegotiation

    def get_renderers(self) -> list[BaseRenderer]:
        """The renderers that show any data, and for reads those of lists too."""
        renderers = super().get_renderers()
        if self.request is None or self.request.method in ("GET", "HEAD"):
            return renderers
        kinds = (JSONRenderer, BrowsableAPIRenderer)
        return [renderer for renderer in renderers if isinstance(renderer, kinds)]


def table(
    format_: str, fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Answer with a line for each row; see `renderers.stream` on what fails when."""
    pieces = _csv(fields, rows) if format_ == "csv" else _ndjson(fields, rows)
    first = next(pieces)
    renderer = CSVRenderer if format_ == "csv" else NDJSONRenderer
    return StreamingHttpResponse(
        chain([first], pieces),
        content_type=f"{renderer.media_type}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="videos.{format_}"'},
    )


def _csv(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    opening = csv_header(fields)
    for piece in encoded(rows, lambda some: csv_lines(fields, some), ROWS_PER_CHUNK):
        yield opening + piece
        opening = b""
    yield opening


def _ndjson(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    def objects(some: Iterable[Sequence[Any]]) -> bytes:
        return dump_lines(dict(zip(fields, row, strict=True)) for row in some)

    yield from encoded(rows, objects, ROWS_PER_CHUNK)
    yield b""  # there is a first piece, also of nothing
