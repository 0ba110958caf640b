from datetime import UTC, datetime

import pytest
from django.core.signing import Signer

from songs.browse import cursors
from songs.browse.queries import Cursor, VideoFilter, VideoOrder

NEWEST, RANKED = VideoFilter(), VideoFilter(VideoOrder.RANK, q="rain")


@pytest.mark.parametrize(
    ("filters", "first"),
    [
        (NEWEST, datetime(1, 1, 1, tzinfo=UTC)),
        (NEWEST, datetime(2020, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)),
        (VideoFilter(VideoOrder.VIEWS), -1),
        (VideoFilter(VideoOrder.CONFIDENCE), 0.1 + 0.2),
        (RANKED, datetime(2020, 1, 2, tzinfo=UTC)),
    ],
)
def test_decode_gives_back_what_was_encoded(filters, first):
    key = (first, "-a_bcdefghi", *([2] if filters is RANKED else []))
    text = cursors.encode(key, filters, backwards=True)
    assert cursors.decode(text, filters) == Cursor(key, True)
    assert len(text) <= cursors.MAX_LENGTH


@pytest.mark.parametrize("text", ["", ":", "x:y", "WyJ2aWV3cyJd:abc", "ä"])
def test_decode_refuses_what_is_forged(text):
    with pytest.raises(cursors.BadCursor):
        cursors.decode(text, NEWEST)


def test_decode_refuses_one_character_changed():
    text = cursors.encode(
        (1, "VIDEO000001"), VideoFilter(VideoOrder.VIEWS), backwards=False
    )
    for at in range(len(text)):
        changed = f"{text[:at]}{'A' if text[at] != 'A' else 'B'}{text[at + 1 :]}"
        with pytest.raises(cursors.BadCursor):
            cursors.decode(changed, VideoFilter(VideoOrder.VIEWS))


def test_decode_refuses_what_was_signed_for_something_else():
    text = Signer(salt="another").sign_object(["views", None, 1, "VIDEO000001", False])
    with pytest.raises(cursors.BadCursor):
        cursors.decode(text, VideoFilter(VideoOrder.VIEWS))


def test_decode_wants_the_same_words_only_where_they_order():
    text = cursors.encode((0.5, "VIDEO000001"), RANKED, backwards=False)
    with pytest.raises(cursors.BadCursor):
        cursors.decode(text, VideoFilter(VideoOrder.RANK, q="sun"))
    by_views = VideoFilter(VideoOrder.VIEWS, q="rain")
    text = cursors.encode((5, "VIDEO000001"), by_views, backwards=False)
    assert cursors.decode(text, VideoFilter(VideoOrder.VIEWS)).key == (5, "VIDEO000001")
