"""Call a function with many arguments in several processes, and report progress."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any, TypeVar

from joblib import Parallel, delayed

Progress = Callable[[int, int], object]  # called with how much is done, and of how much
Result = TypeVar("Result")


def call_each(
    function: Callable[..., Result],
    arguments: Sequence[Iterable[Any]],
    *,
    n_jobs: int = 1,
    progress: Progress | None = None,
) -> list[Result]:
    """Call a function with each tuple of arguments.

    Parameters
    ----------
    function : callable
        Picklable, as its arguments are.
    arguments : sequence of tuples
        May be empty.
    n_jobs : int
        Calls at the same time, each in its process; 1 stays in this one.
    progress : callable, optional
        Called after each call with how many are done, and of how many.

    Returns
    -------
    list
        In the order of `arguments`.

    Raises
    ------
    Whatever a call, `progress` or a signal handler raises; calls under way are ended.
    """
    results: list[Result] = []
    with warnings.catch_warnings():
        # joblib's advice to who ends early: that was on purpose
        warnings.filterwarnings("ignore", r"\d+ tasks ", UserWarning)
        calls = Parallel(n_jobs=n_jobs, return_as="generator")(
            delayed(function)(*those) for those in arguments
        )
        with closing(calls):
            for result in calls:
                results.append(result)
                if progress:
                    progress(len(results), len(arguments))
    return results
