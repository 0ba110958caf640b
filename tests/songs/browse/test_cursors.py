from datetime import UTC, datetime

import pytest
from django.core.signing import Signer

from songs.browse import cursors
from songs.browse.search import Order, Start, Wanted

NEWEST, RANKED = Wanted(), Wanted(Order.RANK, q="rain")


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (NEWEST, datetime(1, 1, 1, tzinfo=UTC)),
        (NEWEST, datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
        (Wanted(Order.VIEWS), -1),
        (Wanted(Order.CONFIDENCE), 0.1 + 0.2),
        (RANKED, datetime(2020, 1, 2, tzinfo=UTC)),
    ],
)
def test_decode_gives_back_what_was_encoded(wanted, key):
    place = (key, "-a_bcdefghi", *([2] if wanted is RANKED else []))
    text = cursors.encode(place, wanted, backwards=True)
    assert cursors.decode(text, wanted) == Start(place, True)
    assert len(text) <= cursors.MAX_LENGTH


@pytest.mark.parametrize("text", ["", ":", "x:y", "WyJ2aWV3cyJd:abc", "ä"])
def test_decode_refuses_what_is_forged(text):
    with pytest.raises(cursors.BadCursor):
        cursors.decode(text, NEWEST)


def test_decode_refuses_one_character_changed():
    text = cursors.encode((1, "VIDEO000001"), Wanted(Order.VIEWS), backwards=False)
    for place in range(len(text)):
        changed = (
            f"{text[:place]}{'A' if text[place] != 'A' else 'B'}{text[place + 1 :]}"
        )
        with pytest.raises(cursors.BadCursor):
            cursors.decode(changed, Wanted(Order.VIEWS))


def test_decode_refuses_what_was_signed_for_something_else():
    text = Signer(salt="another").sign_object(["views", None, 1, "VIDEO000001", False])
    with pytest.raises(cursors.BadCursor):
        cursors.decode(text, Wanted(Order.VIEWS))


def test_decode_wants_the_same_words_only_where_they_order():
    text = cursors.encode((0.5, "VIDEO000001"), RANKED, backwards=False)
    with pytest.raises(cursors.BadCursor):
        cursors.decode(text, Wanted(Order.RANK, q="sun"))
    by_views = Wanted(Order.VIEWS, q="rain")
    text = cursors.encode((5, "VIDEO000001"), by_views, backwards=False)
    assert cursors.decode(text, Wanted(Order.VIEWS)).place == (5, "VIDEO000001")
