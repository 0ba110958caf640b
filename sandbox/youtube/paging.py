"""Page tokens: opaque to clients, and in truth a place in the list.

As YouTube writes them: the base64 of two protobuf fields, the offset and a flag that
says that the page before it is meant. "CDIQAA" is 50, forwards.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.youtube.errors import invalid_page_token

T = TypeVar("T")

FIRST_PAGE = "CAAQAA"


@dataclass(frozen=True, slots=True)
class ResultPage(Generic[T]):
    """A slice of a list, and the tokens of its neighbours."""

    items: Sequence[T]
    total: int
    next_token: str | None
    prev_token: str | None

    def tokens(self) -> dict[str, str]:
        """What the answer says of them; an absent one is not mentioned."""
        named = {"nextPageToken": self.next_token, "prevPageToken": self.prev_token}
        return {name: token for name, token in named.items() if token is not None}


def page_of(
    found: Sequence[T],
    *,
    token: str | None,
    size: int,
    cap: int | None = None,
    empty_last: bool = False,
) -> ResultPage[T]:
    """The page that `token` names, None being the first.

    Nothing past `cap` can be reached. With `empty_last` the page that ends there
    still promises another, which turns out to be empty.
    Raises errors.ErrorReply for a token that is none.
    """
    start = _start(token, size) if token else 0
    reachable = found[:cap]
    items = reachable[start : start + size]
    end = start + len(items)
    goes_on = end < len(reachable) or (
        empty_last and bool(items) and end < len(found) and end == cap
    )
    return ResultPage(
        items=items,
        total=len(found),
        next_token=encode(end) if goes_on and size else None,
        prev_token=encode(start, back=True) if start else None,
    )


def encode(offset: int, *, back: bool = False) -> str:
    varint = bytearray()
    rest = offset
    while rest > 0x7F:
        varint.append(rest & 0x7F | 0x80)
        rest >>= 7
    raw = bytes([0x08, *varint, rest, 0x10, back])
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _start(token: str, size: int) -> int:
    """Offset of the page's first item."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError) as exc:
        raise invalid_page_token() from exc
    offset = sum((byte & 0x7F) << 7 * nth for nth, byte in enumerate(raw[1:-2]))
    back = raw[-1:] == b"\x01"
    if offset > 1_000_000 or encode(offset, back=back) != token:
        raise invalid_page_token()
    return max(0, offset - size) if back else offset
