"""The order of a playlist, whatever indexes a client sends. Knows no database."""

from collections.abc import Mapping, Sequence


def moved(order: Sequence[int], row: int, index: int) -> list[int]:
    """`order` with `row` at `index`, or at the end that is nearest to it."""
    others = [other for other in order if other != row]
    at = min(max(index, 0), len(others))
    return [*others[:at], row, *others[at:]]


def as_asked(order: Sequence[int], asked: Mapping[int, int]) -> list[int] | None:
    """The order that `asked`, an index for each row, describes as a whole.

    Holes and negative indexes are fine: what counts is which is smaller. None where a
    row has no index, or two have the same.
    """
    if set(asked) != set(order) or len(set(asked.values())) != len(order):
        return None
    return sorted(order, key=asked.__getitem__)
