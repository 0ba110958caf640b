"""What tests need that not every machine has, and how long they may take.

Where a package lacks, its tests are skipped; with NEEDS=all, as CI sets it, they fail.
"""

import os

import pytest

NOTHING_LACKS = os.environ.get("NEEDS") == "all"
LONG = os.environ.get("LONG") == "1"  # as `make test LONG=1` sets it


def skip_or_fail(lacking: str) -> None:
    """End a test that cannot go on here, and say why."""
    if NOTHING_LACKS:
        pytest.fail(lacking)
    pytest.skip(lacking)


def skip_without(is_here: bool, lacking: str) -> pytest.MarkDecorator:
    """Mark tests that fail by themselves where something is not here."""
    return pytest.mark.skipif(not (is_here or NOTHING_LACKS), reason=lacking)


def repeats(short: int, *, long: int) -> int:
    """How often a kill loop or a storm goes round."""
    return long if LONG else short
