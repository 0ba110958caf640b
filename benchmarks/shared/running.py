"""Each part of the benchmark of the API is a script for itself, too."""

import argparse
import inspect
import logging
from collections.abc import Callable

from benchmarks.shared.fill import fill
from benchmarks.shared.scratch import scratch_database
from benchmarks.shared.table import Table


def run(about: str, measure: Callable[[Table, int], object]) -> None:
    """Measure in a database of its own, and print the table."""
    rounds = inspect.signature(measure).parameters["rounds"].default
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--videos", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--keep", action="store_true", help="for the next run with it")
    options = parser.parse_args()
    logging.disable()  # else a line for each request
    with scratch_database(keep=options.keep, of=options.videos):
        fill(options.videos)
        table = Table()
        table.of(options.videos)
        measure(table, options.rounds)
        table.print()
