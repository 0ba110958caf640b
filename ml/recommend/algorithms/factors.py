"""Item factors: what the algorithms that learn them have in common."""

from typing import Any

import numpy as np

from ml.recommend.arrays import Floats32, Ints, best
from ml.recommend.interface import NO_ITEM, Arrays, Neighbours

DIGITS = 5  # of a cosine; more are noise
SPARE = 20  # candidates beyond n, since rounding may move them up


def measure(factors: Any) -> Arrays:
    """Return factors, shape (n_items, n_factors), and their lengths, as they are kept.

    Lengths are kept since a question would else read all factors twice.
    """
    factors = np.ascontiguousarray(factors, np.float32)
    return {"factors": factors, "lengths": np.linalg.norm(factors, axis=1)}


def closeness(arrays: Arrays, items: Ints) -> Floats32:
    """Return the cosine of each item with every item.

    Parameters
    ----------
    arrays : Arrays
        With those of `measure`.
    items : int32 array, shape (n_asked,)

    Returns
    -------
    float32 array, shape (n_asked, n_items)
        0 to 1: what points away is as far as what has nothing in common. -inf for the
        item itself.
    """
    factors, lengths = arrays["factors"], arrays["lengths"]
    products = factors[items] @ factors.T
    products /= np.maximum(lengths[items], np.finfo(np.float32).tiny)[:, None]
    products /= np.maximum(lengths, np.finfo(np.float32).tiny)
    cosines: Floats32 = np.clip(products, 0, 1, out=products)
    cosines[np.arange(len(items)), items] = -np.inf
    return cosines


def closest(cosines: Floats32, n: int) -> Neighbours:
    """Return the n closest of each row of `closeness`; none that is at 0.

    Cosines are rounded: those of equal items differ in their last digits by how many
    are worked out at a time.
    """
    found = np.full((len(cosines), n), NO_ITEM, np.int32)
    rounded = np.zeros((len(cosines), n), np.float32)
    for row, of_item in enumerate(cosines):
        items = best(of_item, n + SPARE)
        near = np.round(of_item[items], DIGITS)
        order = np.lexsort((items, -near))[:n]
        order = order[near[order] > 0]
        found[row, : len(order)] = items[order]
        rounded[row, : len(order)] = near[order]
    return Neighbours(found, rounded)
