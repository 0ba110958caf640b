"""What the web process loads at its start: no table and no recommender was asked for."""

import subprocess
import sys

import pytest

from tests.music_selector.test_settings import PRODUCTION, ROOT

HEAVY = {"duckdb", "pandas", "polars", "pyarrow", "rapidfuzz", "sklearn", "matplotlib"}
START = "import sys, music_selector.wsgi, music_selector.urls; "
ROWS = START + "from datasets import exploring, exporting; "


@pytest.mark.parametrize(
    ("code", "loaded"),
    [(START, []), (ROWS, ["pyarrow"])],
    ids=["at the start", "for rows and files"],
)
def test_web_process_loads_no_heavy_library_that_is_not_used(code, loaded):
    code += f"print(sorted({HEAVY!r} & set(sys.modules)))"
    command = [sys.executable, "-W", "ignore", "-c", code]
    output = subprocess.check_output(command, env=PRODUCTION, cwd=ROOT, text=True)

    assert output == f"{loaded}\n"
