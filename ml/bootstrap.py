"""Intervals of figures by the bootstrap: where 95 % of the resamples lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TAILS = (2.5, 97.5)  # percentiles


@dataclass(frozen=True, slots=True)
class Interval:
    """Where 95 % of the resamples lie."""

    low: float
    high: float


def interval(values: NDArray[np.float64]) -> Interval:
    """Return the 95 % percentile interval of a figure over the resamples."""
    low, high = np.percentile(values, TAILS)
    return Interval(float(low), float(high))
