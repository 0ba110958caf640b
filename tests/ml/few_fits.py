"""The recipe of 2019 without its search for C, for tests of what is around it.

Thirty fits of each mood become two. Processes of a pool know nothing of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ml.moods import baseline2019


@contextmanager
def few_fits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(baseline2019, "C_GRID", (1.0,))
        monkeypatch.setattr(baseline2019, "N_FOLDS", 2)
        yield
