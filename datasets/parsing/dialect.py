"""How a text file is to be read: what is detected, and what a person may override."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, fields
from typing import Any

from datasets.parsing.errors import NotATable

MOST_DELIMITER_BYTES = 4  # what the reader can take
ENCODINGS = (
    "utf-8",
    "utf-16",
    "cp1252",
    "latin-1",
    "cp1250",
    "cp1251",
    "shift_jis",
    "gb18030",
    "euc-kr",
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Everything that a CSV does not say about itself.

    `quote` is empty where quotes are ordinary characters; `names` are the columns of a
    file without a header, or replace those of one that has it; `skip` counts the lines
    before the header or the first row.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    skip: int = 0
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        try:
            codecs.lookup(self.encoding)
            "".encode(self.encoding)  # a codec of text, not of bytes
        except (LookupError, ValueError) as exc:
            raise NotATable(f"The encoding {self.encoding!r} is unknown.") from exc
        size = len(self.delimiter.encode())
        if not 1 <= size <= MOST_DELIMITER_BYTES or set(self.delimiter) & set("\r\n\0"):
            raise NotATable(
                f"The delimiter {self.delimiter!r} is not 1 to {MOST_DELIMITER_BYTES} "
                "bytes within a line."
            )
        if len(self.quote.encode()) > 1 or self.quote in ("\r", "\n", "\0"):
            raise NotATable(f"The quote {self.quote!r} is not one ASCII character.")
        if self.quote and self.quote in self.delimiter:
            raise NotATable("Delimiter and quote are the same.")
        if self.skip < 0:
            raise NotATable("The lines to skip cannot be fewer than 0.")

    def as_dict(self) -> dict[str, Any]:
        """For JSON: lists and plain values."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {"names": list(self.names)}

    @classmethod
    def of(cls, saved: dict[str, Any]) -> Dialect:
        """The dialect that `as_dict` wrote."""
        return cls(**saved | {"names": tuple(saved.get("names", ()))})
