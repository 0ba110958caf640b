"""Where a page starts, as a text that means nothing to clients and cannot be forged."""

from datetime import UTC, datetime
from typing import Any

from django.core.signing import BadSignature, Signer

from songs.browse.search import Order, Start, Wanted

MAX_LENGTH = 500
DATED = (Order.NEWEST, Order.RANK)
signer = Signer(salt="api.cursors")


class BadCursor(ValueError):
    """The text is no cursor of ours, or not one of this order and these words."""


def encode(place: tuple[Any, ...], wanted: Wanted, *, backwards: bool) -> str:
    key, *rest = place
    if isinstance(key, datetime):
        key = key.astimezone(UTC).isoformat()
    return signer.sign_object([*_scope(wanted), key, *rest, backwards])


def decode(text: str, wanted: Wanted) -> Start:
    """The start that `encode` was given. Raises BadCursor."""
    try:
        ordering, words, key, *rest, backwards = signer.unsign_object(text)
    except (BadSignature, ValueError) as exc:  # its signature holds, its text does not
        raise BadCursor("This is not a cursor.") from exc
    if [ordering, words] != _scope(wanted):
        raise BadCursor("This is a cursor of another `ordering` or `q`.")
    if wanted.ordering in DATED:
        key = datetime.fromisoformat(key)
    return Start((key, *rest), backwards)


def _scope(wanted: Wanted) -> list[str | None]:
    """What a place has no meaning without; filters may change between two pages."""
    ranked = wanted.ordering is Order.RANK
    return [wanted.ordering.value, wanted.q if ranked else None]
