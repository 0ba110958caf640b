import pytest

from accounts.playlists import complete_order, move_to


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, "bacd"),
        (1, "abcd"),
        (2, "acbd"),
        (3, "acdb"),
        (4, "acdb"),
        (10**30, "acdb"),
        (-1, "bacd"),
        (-(10**30), "bacd"),
    ],
)
def test_move_to_puts_a_row_where_it_is_wanted(index, expected):
    assert "".join(move_to("abcd", "b", index)) == expected


def test_moves_alone_do_not_always_end_in_the_order_they_ask_for():
    """Why the indexes that a device asked for are remembered at all."""
    order, asked = list("abcd"), {}
    for row in "bacd":
        asked[row] = "dcba".index(row)
        order = move_to(order, row, asked[row])
    assert "".join(order) == "dbca"
    assert complete_order(order, asked) == list("dcba")


@pytest.mark.parametrize(
    "asked",
    [
        {"a": 1, "b": 2, "c": 0},
        {"a": 11, "b": 12, "c": 10},
        {"a": 0, "b": 10**12, "c": -5},
    ],
)
def test_complete_order_sorts_by_what_was_asked(asked):
    assert complete_order("abc", asked) == ["c", "a", "b"]


@pytest.mark.parametrize(
    "asked",
    [{}, {"a": 1, "b": 2}, {"a": 1, "b": 1, "c": 0}, {"a": 1, "b": 2, "x": 0}],
)
def test_complete_order_is_silent_about_half_an_order(asked):
    assert complete_order("abc", asked) is None
