"""What the web process loads at its start: no table and no recommender was asked for."""

import pyarrow as pa
import pyarrow.parquet as pq

from tests.music_selector.test_settings import PRODUCTION
from tests.processes import output_of

HEAVY = {"duckdb", "pandas", "polars", "pyarrow", "rapidfuzz", "sklearn", "matplotlib"}
START = "import sys, music_selector.wsgi, music_selector.urls; "
LOOK = "[hasattr(module, '__path__') for module in [*sys.modules.values()]]; "
ROWS = START + "from datasets.rows import export, parquet; "


def test_web_process_loads_no_heavy_library_that_is_not_used():
    """At its start, when all modules are looked at, and for rows and files."""
    heavy = f"print(sorted({HEAVY!r} & set(sys.modules))); "
    code = START + heavy + LOOK + heavy + ROWS + heavy
    output = output_of("-W", "ignore", "-c", code, env=PRODUCTION)

    assert output.splitlines() == ["[]", "[]", "['pyarrow']"]


def test_rows_of_a_table_are_read_without_pandas(tmp_path):
    folder = tmp_path / "datasets" / "1" / "1"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"=n": range(9)}), folder / "table.parquet")
    code = ROWS + (
        "from datasets.models import DatasetVersion; "
        "some = DatasetVersion(dataset_id=1, number=1, state='ready', n_rows=9); "
        "print(parquet.span(some, 0, 2).rows, parquet.random(some, 2, seed=1).rows, "
        "b''.join(export.export(some, 'csv'))[:5], 'pandas' in sys.modules)"
    )
    environment = PRODUCTION | {"DATA_DIR": str(tmp_path)}
    output = output_of("-W", "ignore", "-c", code, env=environment)

    assert output == """[(0,), (1,)] [(1,), (2,)] b'"\\'=n"' False\n"""
