import pytest

from sandbox.youtube.errors import ErrorReply
from sandbox.youtube.paging import encode, page_of

SONGS = list(range(23))


@pytest.mark.parametrize(
    "offset, back, token",
    [
        (5, False, "CAUQAA"),
        (25, False, "CBkQAA"),
        (25, True, "CBkQAQ"),
        (50, False, "CDIQAA"),
        (500, True, "CPQDEAE"),
    ],
)
def test_encode_writes_the_tokens_that_youtube_writes(offset, back, token):
    assert encode(offset, back=back) == token


@pytest.mark.parametrize(
    "token", ["x", "CAUQ", "CAUQAAAA", "....", "é", "/////w", "CAUQAg"]
)
def test_page_of_refuses_what_is_no_token(token):
    with pytest.raises(ErrorReply):
        page_of(SONGS, token=token, size=5)


def test_page_of_first_page_has_no_way_back():
    page = page_of(SONGS, token=None, size=10)

    assert list(page.items) == SONGS[:10]
    assert page.tokens() == {"nextPageToken": encode(10)}


def test_page_of_last_page_ends_the_list():
    page = page_of(SONGS, token=encode(20), size=10)

    assert list(page.items) == SONGS[20:]
    assert page.tokens() == {"prevPageToken": encode(20, back=True)}


def test_page_of_gives_nothing_past_the_cap():
    page = page_of(SONGS, token=encode(10), size=10, cap=15)

    assert list(page.items) == SONGS[10:15]
    assert page.next_token is None and page.total == 23


def test_page_of_may_promise_a_page_that_is_empty():
    page = page_of(SONGS, token=encode(10), size=10, cap=15, empty_last=True)

    last = page_of(SONGS, token=page.next_token, size=10, cap=15, empty_last=True)

    assert list(last.items) == [] and last.next_token is None
