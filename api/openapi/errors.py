"""What the OpenAPI document says of errors: each operation names its codes."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from api.http.errors import CODES, EVERYWHERE, OF_PROGRAMS
from api.http.fields import ErrorSerializer, GoneSerializer, InvalidSerializer

SHAPES = {400: InvalidSerializer, 410: GoneSerializer}
Declared = dict[tuple[int, str], OpenApiResponse]


def errors(*groups: dict[int, str], shapes: dict[int, Any] | None = None) -> Declared:
    """Describe the errors of an operation, `{status: "code code"}`, and of every route.

    `shapes` are those of its own; the others have the usual ones.
    """
    shapes = SHAPES | (shapes or {})
    usual = EVERYWHERE if PRIVATE in groups else EVERYWHERE | OF_PROGRAMS
    codes_of = {status: list(codes) for status, codes in usual.items()}
    for group in groups:
        for status, codes in group.items():
            codes_of[status] = [*codes.split(), *codes_of.get(status, [])]
    return {
        (status, "application/json"): OpenApiResponse(
            shapes.get(status, ErrorSerializer),
            "; ".join(f"`{code}`: {CODES[status][code]}" for code in codes_of[status])
            + ".",
        )
        for status in sorted(codes_of)
    }


BODY = {400: "invalid parse_error", 413: "too_large", 415: "unsupported_media_type"}
QUERY = {400: "invalid"}
ONE_VIDEO = {404: "not_found", 410: "gone"}
PRIVATE = {401: "not_authenticated authentication_failed", 404: "not_found"}
EDITORS = {403: "not_authenticated permission_denied insufficient_scope"}
WRITERS = {403: "permission_denied insufficient_scope"}
SCOPE = {403: "insufficient_scope"}
