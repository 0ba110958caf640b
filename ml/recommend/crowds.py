"""How many users items share, told fast for the few items of a question."""

from collections.abc import Sequence

import numpy as np

from ml.recommend.pairs import Bits, Listeners

WORD = 64  # bits
MANY = 1 / 32  # of all users: as bits they take no more bytes than as a list


class Crowds:
    """The listeners of some items as bits, of each item worked out once."""

    def __init__(self, listeners: Listeners) -> None:
        self.listeners = listeners
        self._bits: dict[int, Bits] = {}
        self._marks = np.zeros(_round_up(listeners.n_users), bool)

    def share(self, item: int, others: Sequence[int]) -> int:
        """Count the users who like an item and at least one of others."""
        if not others:
            return 0
        either = self.of(others[0])
        for other in others[1:]:
            either = either | self.of(other)
        return int(np.bitwise_count(either & self.of(item)).sum())

    def of(self, item: int) -> Bits:
        """Return a bit for each user, 1 for those who like an item."""
        packed = self.listeners.packed
        if packed is not None and item < len(packed):
            found: Bits = packed[item]
            return found
        if item not in self._bits:
            users = self.listeners.of(item)
            self._marks[users] = True
            self._bits[item] = np.packbits(self._marks).view(np.uint64)
            self._marks[users] = False
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


def _round_up(n_users: int) -> int:
    return -(-n_users // WORD) * WORD
