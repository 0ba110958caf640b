"""Partial answers: `fields=items(id,snippet/title),nextPageToken`."""

from __future__ import annotations

import re
from typing import Any

from sandbox.errors import Refused, bad_parameter

Mask = dict[str, "Mask"]  # by field name; an empty one selects all that is inside

_TOKEN = re.compile(r"[A-Za-z0-9_.-]+|[*,/()]")
MAX_DEPTH = 20


def select(value: Any, mask: Mask) -> Any:
    """`value` without what the mask does not name; lists are looked into."""
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if not isinstance(value, dict) or not mask or "*" in mask and not mask["*"]:
        return value
    chosen = {name: mask.get(name, mask.get("*")) for name in value}
    return {
        name: select(value[name], inner)
        for name, inner in chosen.items()
        if inner is not None
    }


def parse(text: str) -> Mask:
    """Raises errors.Refused if `text` is no selection."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text) or not tokens:
        raise _invalid(text)
    reader = _Reader(tokens, text)
    mask = reader.selection(depth=0)
    if reader.tokens:
        raise _invalid(text)
    return mask


class _Reader:
    """Recursive descent over the tokens, which it uses up."""

    def __init__(self, tokens: list[str], text: str) -> None:
        self.tokens = tokens
        self._text = text

    def selection(self, *, depth: int) -> Mask:
        """field {"," field}"""
        if depth > MAX_DEPTH:
            raise _invalid(self._text)
        mask: Mask = {}
        self._field(mask, depth=depth)
        while self._next_is(","):
            self._field(mask, depth=depth)
        return mask

    def _field(self, mask: Mask, *, depth: int) -> None:
        """name {"/" name} ["(" selection ")"]"""
        inner = mask.setdefault(self._name(), {})
        while self._next_is("/"):
            inner = inner.setdefault(self._name(), {})
        if self._next_is("("):
            inner.update(self.selection(depth=depth + 1))
            if not self._next_is(")"):
                raise _invalid(self._text)

    def _name(self) -> str:
        if not self.tokens or self.tokens[0] in ",/()":
            raise _invalid(self._text)
        return self.tokens.pop(0)

    def _next_is(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        del self.tokens[0]
        return True


def _invalid(text: str) -> Refused:
    return bad_parameter(
        "invalidParameter", f"Invalid field selection {text}", location="fields"
    )
