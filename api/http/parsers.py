"""Reads request bodies within bounds."""

from io import BytesIO
from json import JSONDecodeError
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.status import HTTP_413_REQUEST_ENTITY_TOO_LARGE

MAX_BODY_BYTES = 1024 * 1024


class BodyTooLarge(APIException):
    """The body is larger than anything that this API could store."""

    status_code = HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"The body is larger than {MAX_BODY_BYTES:,} bytes."
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """JSON of at most MAX_BODY_BYTES; what Python cannot read is a bad request."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: dict[str, Any] | None = None,
    ) -> Any:
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge
        try:
            return super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError as exc:
            raise ParseError("JSON parse error - nested too deep.") from exc
        except ParseError as exc:
            if isinstance(exc.__context__, JSONDecodeError):
                raise  # it says where the error is
            raise ParseError("JSON parse error - a number or a character.") from exc
