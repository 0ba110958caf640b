"""How many users items share, told fast for the few items of a question."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.recommend.data.pairs import Bits, Listeners

BYTE, WORD = 8, 64  # bits
BITS = np.array([128 >> place for place in range(BYTE)], np.uint8)
MANY = 1 / 32  # of all users: as bits they take no more bytes than as a list


class Crowds:
    """The listeners of some items as bits, of each item worked out once."""

    def __init__(self, listeners: Listeners) -> None:
        self.listeners = listeners
        self._packed: Any = () if listeners.packed is None else listeners.packed
        self._bits: dict[int, Bits] = {}

    def share(self, item: int, others: Sequence[int]) -> tuple[list[int], int]:
        """Count the users who like an item and each of others, and at least one."""
        both: list[NDArray[Any]]
        if item < len(self._packed):
            own = self.of(item)
            both = [self.of(other) & own for other in others]
        else:  # so few that the bits of others are looked up one by one
            users = self.listeners.of(item)
            at, bits = users >> 3, BITS[users & 7]
            both = [self.of(other).view(np.uint8)[at] & bits for other in others]
        each = [_count(bits) for bits in both]
        return each, _count(reduce(np.bitwise_or, both)) if both else 0

    def of(self, item: int) -> Bits:
        """Return a bit for each user, 1 for those who like an item."""
        if item < len(self._packed):
            found: Bits = self._packed[item]
            return found
        if item not in self._bits:
            users = self.listeners.of(item)
            bits = np.zeros(_round_up(self.listeners.n_users) // BYTE, np.uint8)
            np.add.at(bits, users >> 3, BITS[users & 7])  # each user once
            self._bits[item] = bits.view(np.uint64)
        return self._bits[item]


def pack(listeners: Listeners) -> Bits:
    """Return the bits of the first items, as long as very many like each.

    Those are the items that answers name most, and whose lists are longest.

    Returns
    -------
    uint64 array, shape (n_packed, n_words)
        In the order of `Crowds.of`.
    """
    many = np.diff(listeners.starts) >= max(MANY * listeners.n_users, 1)
    n_packed = int(np.logical_and.accumulate(many).sum())
    packed = np.empty((n_packed, _round_up(listeners.n_users) // WORD), np.uint64)
    crowds = Crowds(listeners._replace(packed=None))
    for item, row in enumerate(packed):
        row[:] = crowds.of(item)
    return packed


def _count(bits: NDArray[Any]) -> int:
    return int(np.bitwise_count(bits).sum(dtype=np.uint32))


def _round_up(n_users: int) -> int:
    return -(-n_users // WORD) * WORD
