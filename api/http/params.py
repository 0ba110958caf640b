"""Query parameters that a route does not know are errors, never ignored."""

from django.http import QueryDict
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


def misused(params: QueryDict, known: set[str]) -> dict[str, list[str]]:
    """What is wrong with parameters that are unknown or repeated, by their names."""
    return {
        name: ["Unknown parameter." if name not in known else "Given more than once."]
        for name, values in sorted(params.lists())
        if name not in known or len(values) > 1
    }


def refuse_unknown_parameters(request: Request) -> None:
    """Raise ValidationError if the query names a parameter; the routes know none."""
    unknown = set(request.query_params) - {"format"}
    if unknown:
        raise ValidationError(
            {name: ["Unknown parameter."] for name in sorted(unknown)}
        )
