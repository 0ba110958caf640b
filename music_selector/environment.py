"""Reads settings from the environment and remembers what is wrong with them.

A wrong value never stops the reading, so that one system check can name them all.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

T = TypeVar("T")


class Environment:
    """Typed readers over environment variables; `problems` holds (id, text, hint)."""

    def __init__(self, variables: dict[str, str] | None = None) -> None:
        self.variables = dict(os.environ) if variables is None else variables
        self.problems: list[tuple[str, str, str]] = []

    def complain(self, problem_id: str, text: str, hint: str) -> None:
        self.problems.append((f"moodibeats.{problem_id}", text, hint))

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def flag(self, name: str, *, default: bool = False) -> bool:
        words = {"1": True, "true": True, "0": False, "false": False}
        return self._parsed(
            name, default, lambda text: words[text.lower()], "1, true, 0 or false"
        )

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        def parse(text: str) -> int:
            if (value := int(text)) < least:
                raise ValueError(text)
            return value

        return self._parsed(name, default, parse, f"a whole number from {least}")

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        def parse(text: str) -> str:
            return choices[choices.index(text.upper())]

        return self._parsed(name, default, parse, "one of " + ", ".join(choices))

    def _parsed(
        self, name: str, default: T, parse: Callable[[str], T], expected: str
    ) -> T:
        text = self.text(name)
        if not text:
            return default
        try:
            return parse(text)
        except (KeyError, ValueError):
            self.complain("E001", f"{name} is not understood.", f"Use {expected}.")
            return default


def kept_secret(path: Path) -> str:
    """The random secret kept in `path` (mode 0600), made on first use."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent) as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with suppress(FileExistsError):  # another process was quicker
                os.link(draft.name, path)
    return path.read_text()
