"""Reads settings from the environment and remembers what is wrong with them.

A wrong value never stops the reading, so that one system check can name them all.
"""

import os
import re
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

    def add_problem(self, problem_id: str, text: str, hint: str) -> None:
        self.problems.append((f"moodibeats.{problem_id}", text, hint))

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def words(self, name: str, pattern: str = ".*", expected: str = "") -> list[str]:
        def parse(text: str) -> list[str]:
            words = [word.strip() for word in text.split(",") if word.strip()]
            return [_matched(word, pattern) for word in words]

        return self._parsed(name, [], parse, expected)

    def matching(self, name: str, pattern: str, expected: str) -> str:
        return self._parsed(name, "", lambda text: _matched(text, pattern), expected)

    def flag(self, name: str, *, default: bool = False) -> bool:
        words = {"1": True, "true": True, "0": False, "false": False}
        return self._parsed(
            name, default, lambda text: words[text.lower()], "1, true, 0 or false"
        )

    def number(
        self, name: str, default: int, *, least: int = 0, most: int = 10**9
    ) -> int:
        def parse(text: str) -> int:
            if not least <= (value := int(text)) <= most:
                raise ValueError(text)
            return value

        expected = f"a whole number from {least} to {most}"
        return self._parsed(name, default, parse, expected)

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
            self.add_problem("E001", f"{name} is not understood.", f"Use {expected}.")
            return default


def _matched(text: str, pattern: str) -> str:
    if not re.fullmatch(pattern, text):
        raise ValueError(text)
    return text


def stored_secret(path: Path) -> str:
    """The random secret kept in `path` (mode 0600), made on first use.

    Raises OSError where it can be neither read nor written.
    """
    if not path.exists():
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _give_to_the_owner_of_its_folder(path.parent)
        with NamedTemporaryFile("w", dir=path.parent) as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            _give_to_the_owner_of_its_folder(Path(draft.name))
            with suppress(FileExistsError):  # another process was quicker
                os.link(draft.name, path)
    return path.read_text()


def _give_to_the_owner_of_its_folder(path: Path) -> None:
    """After `sudo make run`, `make run` without it must be able to read the file."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
