"""Who learns from a dataset: apps above this one say so, and end with it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.utils.module_loading import import_string

if TYPE_CHECKING:  # apps name themselves here before there are models
    from datasets.models import Dataset


class Learners(NamedTuple):
    """How many learn from a dataset, and how many of them are of others than its owner."""

    all: int
    of_others: int


# A function from a dataset to its Learners, by its dotted name: nothing is loaded at the
# start of every process.
COUNTED_BY: list[str] = []


def count(dataset: "Dataset") -> Learners:
    counted: Sequence[Callable[[Dataset], Learners]] = [*map(import_string, COUNTED_BY)]
    found = [of(dataset) for of in counted]
    return Learners(sum(n.all for n in found), sum(n.of_others for n in found))
