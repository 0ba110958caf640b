"""The fields of a JSON object that came over the network, read strictly.

What is absent or null is None. What is there and is not what it should be raises
BadField with a reason that holds no value, so that reasons can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

MAX_TEXT = 100_000  # characters; YouTube's own limit on a description is 5,000
MAX_LINE = 1_000  # characters of a title or a tag; YouTube allows 100 and 500
MAX_URL = 500
MAX_LIST = 500  # entries
MAX_COUNT = 2**63 - 1  # what a bigint column holds

_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON pairs were joined: these are lone
_THUMBNAIL_SIZES = ("medium", "maxres", "standard", "high", "default")
_REGION = re.compile(r"[A-Z]{2}")
_DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,5})M)?"
    r"(?:(?P<seconds>\d{1,5})S)?)?",
    re.ASCII,
)


class BadField(Exception):
    """A field is there and is not what it should be; the message says which."""


def clean_text(value: object, name: str, *, limit: int = MAX_TEXT) -> str:
    """`value` as PostgreSQL and UTF-8 can hold it, otherwise untouched.

    NUL is removed and a lone surrogate becomes U+FFFD; emoji, right-to-left and
    zero-width characters stay. Raises BadField if it is no text or too long.
    """
    if not isinstance(value, str):
        raise BadField(f"{name} is not text")
    if len(value) > limit:
        raise BadField(f"{name} is longer than {limit} characters")
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value.replace("\0", ""))


class Fields:
    """One JSON object and its typed readers; each raises BadField."""

    def __init__(self, value: object, name: str = "item") -> None:
        if value is not None and not isinstance(value, Mapping):
            raise BadField(f"{name} is not an object")
        self._fields: Mapping[str, Any] = value or {}

    def part(self, name: str) -> Fields:
        """The object inside; an absent one has no fields."""
        return Fields(self._fields.get(name), name)

    def text(self, name: str, *, limit: int = MAX_TEXT) -> str | None:
        """Text of at most `limit` characters."""
        value = self._fields.get(name)
        return None if value is None else clean_text(value, name, limit=limit)

    def line(self, name: str) -> str | None:
        """Text of a title's length."""
        return self.text(name, limit=MAX_LINE)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """A list of short texts."""
        values = self._fields.get(name)
        if values is None:
            return None
        if not isinstance(values, list) or len(values) > MAX_LIST:
            raise BadField(f"{name} is not a list of at most {MAX_LIST}")
        return tuple(clean_text(value, name, limit=MAX_LINE) for value in values)

    def regions(self, name: str) -> tuple[str, ...] | None:
        """ISO 3166-1 alpha-2 codes."""
        codes = self.texts(name)
        if codes and not all(map(_REGION.fullmatch, codes)):
            raise BadField(f"{name} is not a list of regions")
        return codes

    def flag(self, name: str) -> bool | None:
        value = self._fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise BadField(f"{name} is neither true nor false")
        return value

    def count(self, name: str) -> int | None:
        """A number of something, 0 to 2**63 - 1; YouTube writes it as a string."""
        value = self._fields.get(name)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,19}", str(value)) or int(value) > MAX_COUNT:
            raise BadField(f"{name} is not a count")
        return int(value)

    def moment(self, name: str) -> datetime:
        """An ISO 8601 time with its zone, as UTC; the one field that must be there."""
        try:
            moment = datetime.fromisoformat(self._fields[name])
            if moment.tzinfo is None:
                raise ValueError("no zone")
            return moment.astimezone(UTC)
        except (KeyError, TypeError, ValueError, OverflowError) as exc:
            raise BadField(f"{name} is not a time with its zone") from exc

    def duration(self, name: str) -> timedelta | None:
        """An ISO 8601 duration such as PT4M13S, P1DT2H or P0D."""
        value = self._fields.get(name)
        if value is None:
            return None
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise BadField(f"{name} is not a duration")
        return timedelta(
            **{unit: int(number or 0) for unit, number in match.groupdict().items()}
        )


def thumbnail_url(thumbnails: Fields) -> str | None:
    """The medium one (320x180), else the best there is; https only, it goes in pages."""
    urls = (
        thumbnails.part(size).text("url", limit=MAX_URL) for size in _THUMBNAIL_SIZES
    )
    return next((url for url in urls if url and url.startswith("https://")), None)


def topic_names(details: Fields) -> tuple[str, ...]:
    """Titles of the Wikipedia articles that topicDetails links to."""
    urls = details.texts("topicCategories") or ()
    return tuple(unquote(url.rsplit("/", 1)[-1]).replace("_", " ") for url in urls)


def comment_text(snippet: Fields) -> str:
    """The text as it was typed, else the displayed HTML without its markup."""
    text = snippet.text("textOriginal")
    if text is None:
        html = re.sub(r"<br\s*/?>", "\n", snippet.text("textDisplay") or "")
        text = clean_text(unescape(re.sub(r"<[^>]*>", "", html)), "textDisplay")
    if not text.strip():
        raise BadField("no text")
    return text
