"""Calls in processes: in order, counted, and ended without a word."""

import time

import pytest

from ml.parallel import call_each


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_call_each_keeps_the_order_and_tells_how_far_it_is(n_jobs):
    told = []
    results = call_each(
        divmod,
        [(n, 3) for n in range(4)],
        n_jobs=n_jobs,
        progress=lambda done, total: told.append((done, total)),
    )
    assert results == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_call_each_of_nothing_is_empty():
    assert call_each(divmod, []) == []


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_call_each_ends_quietly_in_the_middle(n_jobs):
    def stop(done, total):
        raise KeyboardInterrupt

    naps = [(0,), *[(10_000,)] * 40]  # longer than any test waits
    with pytest.raises(KeyboardInterrupt):  # a warning of joblib would be an error
        call_each(time.sleep, naps, n_jobs=n_jobs, progress=stop)
