"""What `doctor` finds, and which apps beside this one have something to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.utils.module_loading import import_string

if TYPE_CHECKING:  # apps name themselves here before there are models
    from datasets.models import Dataset

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact; `act` when a person must do something about it."""

    subject: str
    text: str
    act: bool = False


# Functions from the time to findings, by their dotted names: who adds one is above this
# app, and loads nothing at the start of every process.
OF_OTHERS: list[str] = []


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


# A worker has its lock and has done nothing yet: whoever has leftovers sweeps them now.
# Whoever listens loads what it needs then, not at the start of every process.
worker_starts = Signal()
