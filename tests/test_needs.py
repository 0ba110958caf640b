"""No package of ours lacks in CI without somebody noticing."""

from pathlib import Path

import pytest

from tests import needs

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("nothing_lacks", "outcome"),
    [(False, pytest.skip.Exception), (True, pytest.fail.Exception)],
)
def test_what_lacks_is_skipped_here_and_fails_in_ci(
    monkeypatch, nothing_lacks, outcome
):
    monkeypatch.setattr(needs, "NOTHING_LACKS", nothing_lacks)
    with pytest.raises(outcome, match="no chromium"):
        needs.skip_or_fail("no chromium")
    (skipped,) = needs.skip_without(False, "no lightfm").mark.args
    assert skipped is not nothing_lacks


def test_ci_counts_branches_takes_its_time_and_skips_nothing():
    commands = (ROOT / ".ci" / "run").read_text().splitlines()
    assert "NEEDS=all make test COVER=1 LONG=1" in commands
