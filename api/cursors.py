"""Where a page starts, as a text that means nothing to clients and cannot be forged."""

from datetime import UTC, datetime

from django.core.signing import BadSignature, Signer

from songs.models.listed import Place
from songs.search import Order, Start, Wanted

MAX_LENGTH = 500
signer = Signer(salt="api.cursors")


class BadCursor(ValueError):
    """The text is no cursor of ours, or not one of this order and these words."""


def encode(place: Place, wanted: Wanted, *, backwards: bool) -> str:
    key, video_id = place
    if isinstance(key, datetime):
        key = key.astimezone(UTC).isoformat()
    return signer.sign_object([*_scope(wanted), key, video_id, backwards])


def decode(text: str, wanted: Wanted) -> Start:
    """The start that `encode` was given. Raises BadCursor."""
    try:
        *scope, key, video_id, backwards = signer.unsign_object(text)
    except (BadSignature, ValueError) as exc:  # its signature holds, its text does not
        raise BadCursor("This is not a cursor.") from exc
    if scope != _scope(wanted):
        raise BadCursor("This is a cursor of another `ordering` or `q`.")
    if wanted.ordering is Order.NEWEST:
        key = datetime.fromisoformat(key)
    return Start((key, video_id), backwards)


def _scope(wanted: Wanted) -> list[str | None]:
    """What a place has no meaning without; filters may change between two pages."""
    ranked = wanted.ordering is Order.RANK
    return [wanted.ordering.value, wanted.q if ranked else None]
