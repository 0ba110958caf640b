"""Query parameters: what is unknown, repeated or wrong is an error that names it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from web.parameters import BadParameters


class ParsedParameters(serializers.Serializer):
    """A query that `parse`, of an app below, reads; its fields only describe it."""

    parse: ClassVar[Callable[..., Any]]

    def to_internal_value(self, data: Mapping[str, str]) -> Any:
        try:
            return type(self).parse(data, **self.context)
        except BadParameters as exc:
            raise ValidationError(exc.errors) from exc


def parse_query(
    params: QueryDict, query: type[serializers.Serializer], **context: Any
) -> Any:
    """Return what a query asks for; raises ValidationError, which names what is wrong.

    The `context` is what a ParsedParameters needs beside the texts.
    """
    fields = query._declared_fields  # an instance would copy each of them
    lists = {n for n, f in fields.items() if isinstance(f, serializers.ListField)}
    wrong = {}
    for name, values in sorted(params.lists()):
        if name not in fields and name != "format":
            wrong[name] = ["Unknown parameter."]
        elif len(values) > 1 and name not in lists:
            wrong[name] = ["Given more than once."]
    sent = {
        name: params.getlist(name) if name in lists else params[name]
        for name in params
        if name in fields
    }
    parsed = query(data=sent, context=context)
    if not parsed.is_valid() or wrong:
        raise ValidationError(parsed.errors | wrong)
    return parsed.validated_data


def refuse_unknown_parameters(request: Request) -> None:
    """Raise ValidationError if the query names a parameter; the routes know none."""
    parse_query(request.query_params, serializers.Serializer)


def parse_body(request: Request, body: type[serializers.Serializer]) -> dict[str, Any]:
    """Return what a body says; raises ValidationError, which names what is wrong."""
    sent = body(data=request.data)
    sent.is_valid(raise_exception=True)
    return sent.validated_data
