"""Where a page starts, as a text that means nothing to clients and cannot be forged."""

from datetime import UTC, datetime
from typing import Any

from django.core.signing import BadSignature, Signer

from songs.browse.queries import Cursor, VideoFilter, VideoOrder

MAX_LENGTH = 500
DATED = (VideoOrder.NEWEST, VideoOrder.RANK)
signer = Signer(salt="api.cursors")  # clients hold cursors that were signed with it


class BadCursor(ValueError):
    """The text is no cursor of ours, or not one of this order and these words."""


def encode(key: tuple[Any, ...], filters: VideoFilter, *, backwards: bool) -> str:
    first, *rest = key
    if isinstance(first, datetime):
        first = first.astimezone(UTC).isoformat()
    return signer.sign_object([*_scope(filters), first, *rest, backwards])


def decode(text: str, filters: VideoFilter) -> Cursor:
    """The cursor that `encode` was given. Raises BadCursor."""
    try:
        ordering, words, first, *rest, backwards = signer.unsign_object(text)
    except (BadSignature, ValueError) as exc:  # its signature holds, its text does not
        raise BadCursor("This is not a cursor.") from exc
    if [ordering, words] != _scope(filters):
        raise BadCursor("This is a cursor of another `ordering` or `q`.")
    if filters.ordering in DATED:
        first = datetime.fromisoformat(first)
    return Cursor((first, *rest), backwards)


def _scope(filters: VideoFilter) -> list[str | None]:
    """What a key has no meaning without; filters may change between two pages."""
    ranked = filters.ordering is VideoOrder.RANK
    return [filters.ordering.value, filters.q if ranked else None]
