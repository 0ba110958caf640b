"""Compresses what everybody may read, with brotli or gzip as the client likes it."""

from collections.abc import Iterable, Iterator

import brotli
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

CODINGS = ("br", "gzip")  # the better one first
BROTLI_QUALITY = 4  # smaller than gzip and in half its time; 5 takes four times as long
MIN_BYTES = 200  # shorter ones do not become shorter


class CompressPublic(GZipMiddleware):
    """Leaves everything alone that is not for everybody.

    A page with a secret in it would give the secret away by its length (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not getattr(response, "is_public", False):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        match preferred(request.headers.get("Accept-Encoding", "")):
            case "br":
                return _with_brotli(response)
            case "gzip":
                return super().process_response(request, response)
        return response


def preferred(accepted: str) -> str | None:
    """The coding that a header Accept-Encoding likes best, if it likes one of ours."""
    weights = dict(_weights(accepted))
    best = max(
        CODINGS, key=lambda coding: weights.get(coding, 0)
    )  # the first of equals
    return best if weights.get(best, 0) > 0 else None


def _weights(accepted: str) -> Iterator[tuple[str, float]]:
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        _, _, number = weight.partition("=")
        try:
            yield coding.strip(), float(number) if weight.strip() else 1.0
        except ValueError:  # not a weight: as if it were not named
            continue


def _with_brotli(response: HttpResponseBase) -> HttpResponseBase:
    if response.streaming:
        response.streaming_content = _pieces(response.streaming_content)
        del response.headers["Content-Length"]
    elif len(response.content) < MIN_BYTES:
        return response
    else:
        packed = brotli.compress(response.content, quality=BROTLI_QUALITY)
        if len(packed) >= len(response.content):
            return response
        response.content = packed
        response.headers["Content-Length"] = str(len(packed))
    response.headers["Content-Encoding"] = "br"
    return response


def _pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Each piece compressed as soon as it is there."""
    compressor = brotli.Compressor(quality=BROTLI_QUALITY)
    for piece in pieces:
        yield compressor.process(piece) + compressor.flush()
    yield compressor.finish()
