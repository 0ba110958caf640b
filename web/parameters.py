"""Parsers of query parameters: from plain text to values, for API and pages alike.

They know no request, form or serializer; what one app asks for is parsed there.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, is_naive, make_aware

Parser = Callable[[str], Any]
ZERO_DECIMALS = re.compile(r"\.0*\Z")  # 5.0 is a whole number


class BadValue(ValueError):
    """One parameter is not what it may be; the message is for who sent it."""


class BadParameters(ValueError):
    """Some parameters are wrong: `errors` has a list of sentences for each."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__(f"Not understood: {', '.join(errors)}.")
        self.errors = dict(errors)


def parse_each(
    values: Mapping[str, str], parsers: Mapping[str, Parser]
) -> dict[str, Any]:
    """Return the value of each parameter that is given; raises BadParameters."""
    parsed, errors = {}, {}
    for name, text in values.items():
        try:
            if name not in parsers:
                raise BadValue("Unknown parameter.")
            parsed[name] = parsers[name](text)
        except BadValue as exc:
            errors[name] = [str(exc)]
    if errors:
        raise BadParameters(errors)
    return parsed


def text(max_length: int, pattern: str = "(?s:.*)") -> Parser:
    """Parse a text that is not blank; raises BadValue, as all parsers here."""

    def parse(value: str) -> str:
        value = value.strip()
        if not value:
            raise BadValue("This field may not be blank.")
        if "\0" in value:
            raise BadValue("Null characters are not allowed.")
        if len(value) > max_length:
            raise BadValue(f"Say it in at most {max_length} characters.")
        if not re.fullmatch(pattern, value):
            raise BadValue("This value does not match the required pattern.")
        return value

    return parse


def integer(minimum: int, maximum: int) -> Parser:
    """Parse a whole number within bounds."""
    return _number(
        lambda value: int(ZERO_DECIMALS.sub("", value)), "integer", minimum, maximum
    )


def number(minimum: float, maximum: float) -> Parser:
    """Parse a number within bounds; not-a-number is none."""
    return _number(float, "number", minimum, maximum)


def choice(choices: Sequence[str]) -> Parser:
    """Parse one of a few texts, spelled exactly so."""

    def parse(value: str) -> str:
        if value not in choices:
            raise BadValue(f"Say one of {', '.join(choices)}.")
        return value

    return parse


def choices(known: Sequence[str], max_length: int = 1_000) -> Parser:
    """Parse some of a few texts, separated by commas; each once, in their order."""

    def parse(value: str) -> tuple[str, ...]:
        names = [name.strip() for name in text(max_length)(value).split(",")]
        if unknown := sorted(set(names) - set(known)):
            named = ", ".join(name[:50] for name in unknown[:5])
            raise BadValue(f"Unknown: {named}. Say some of {', '.join(known)}.")
        return tuple(dict.fromkeys(names))

    return parse


def moment(value: str) -> datetime:
    """Parse a day or a moment in ISO 8601; UTC where it names no zone."""
    try:
        parsed = parse_datetime(value.strip())
        if parsed is None:
            raise ValueError(value)
        zone = get_current_timezone()
        return make_aware(parsed) if is_naive(parsed) else parsed.astimezone(zone)
    except (ValueError, OverflowError) as exc:
        raise BadValue("Say a day or a moment, such as 2026-11-20T09:30:00Z.") from exc


def _number(
    convert: Callable[[str], float], kind: str, minimum: float, maximum: float
) -> Parser:
    def parse(value: str) -> float:
        try:
            parsed = convert(value.strip())
        except ValueError:
            parsed = math.nan
        if isinstance(parsed, float) and math.isnan(parsed):  # fails on long integers
            raise BadValue(f"A valid {kind} is required.")
        if not minimum <= parsed <= maximum:
            raise BadValue(f"Ensure this value is from {minimum} to {maximum}.")
        return parsed

    return parse
