"""What apps enter in `ready()`, so that what lies below them can call them unnamed.

Each list holds callables. `lazily("module.function")` is one that loads its module once
it is called, not at the start of every process.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact that a health check found; `act` when a person must do something."""

    subject: str
    text: str
    act: bool = False


class Dependents(NamedTuple):
    """How many things end with a dataset, and how many of them are of other owners."""

    all: int
    of_others: int


health_checks: list[Callable[[datetime], Iterable[Finding]]] = []  # for `doctor`
readiness: dict[str, Callable[[], str]] = {}  # by part: "ok", or what it lacks
metric_collectors: list[Callable[[datetime], Iterable[Any]]] = []  # for /metrics
worker_start: list[Callable[[], object]] = []  # sweeps of what a killed worker left
dataset_dependents: list[Callable[[Any], Dependents]] = []


def lazily(path: str) -> Callable[..., Any]:
    """The function with this dotted name, imported when it is called."""

    def call(*args: Any) -> Any:
        return import_string(path)(*args)

    return call


def count_dependents(dataset: Any) -> Dependents:
    """What all apps count together for one dataset."""
    counted = [count(dataset) for count in dataset_dependents]
    return Dependents(sum(n.all for n in counted), sum(n.of_others for n in counted))
