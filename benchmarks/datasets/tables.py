"""How fast tables are parsed, profiled and read, beside DuckDB.

    python -m benchmarks.datasets.tables [--mb 1000] [--rows 20000000] [--columns 10000]

Claims: 1,000 MB of CSV are profiled and stored within 2 times what DuckDB's SUMMARIZE of
the same file takes in the same run, in 400 MB of memory; the first, last and random 10 of
20,000,000 rows come in 100 ms; 500 rows of 10,000 columns take 30 s of the processor.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from random import Random

import duckdb

from benchmarks.shared.scratch import ROOT
from benchmarks.shared.table import milliseconds
from datasets.models import DatasetVersion, VersionState
from datasets.parsing.detect import detect
from datasets.parsing.parse import ParsedTable, parse
from datasets.rows import profiles, read
from datasets.rows.query import RowQuery

ROUNDS = 20
SONGS = """
    SELECT 'Genre ' || hash(i) % 27 AS genre,
           'Artist ' || (14_000 * pow(random(), 3))::INT AS artist_name,
           'Track ' || (90_000 * pow(random(), 2))::INT AS track_name,
           left(md5(i::VARCHAR), 22) AS track_id,
           (100 * random())::INT AS popularity,
           (180_000 + 90_000 * random())::INT AS duration_ms,
           CASE WHEN random() < .01 THEN NULL ELSE ['C', 'D', 'E'][1 + i % 3] END AS key,
           {measures}
      FROM range({rows}) AS t(i)"""
MEASURES = ", ".join(f"round(random(), {2 + i % 4}) AS measure_{i}" for i in range(11))
ROW_BYTES = 142
WIDE_ROWS = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=int, default=1000, help="of the CSV")
    parser.add_argument("--rows", type=int, default=20_000_000, help="to read from")
    parser.add_argument("--columns", type=int, default=10_000, help="of a wide CSV")
    parser.add_argument("--only", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("file", nargs="?", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(_measure(ENGINES[options.only], options.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.mb:
            large = write_songs(Path(folder) / "large.csv", options.mb)
            compare(large, ["duckdb", "ours", "duckdb"])
            large.unlink()
        if options.columns:
            wide = write_wide(Path(folder) / "wide.csv", options.columns)
            compare(wide, ["ours", "duckdb"])
        if options.rows:
            time_reads(Path(folder), options.rows)


def write_songs(path: Path, megabytes: int) -> Path:
    """A CSV of the shape of SpotifyFeatures."""
    rows = megabytes * 1_000_000 // ROW_BYTES
    query = SONGS.format(measures=MEASURES, rows=rows)
    duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT csv)")
    return path


def write_wide(path: Path, n_columns: int) -> Path:
    """A CSV of few rows and many columns: numbers, words, days, missing values."""
    random = Random(1)
    kinds: list[Callable[[], object]] = [
        lambda: random.randrange(1_000),
        lambda: round(random.random(), 6),
        lambda: f"word {random.randrange(50)}",
        lambda: f"2024-{random.randrange(1, 13):02}-{random.randrange(1, 28):02}",
        lambda: random.random() < 0.5,
    ]
    with path.open("w") as file:
        print(*(f"c{at}" for at in range(n_columns)), sep=",", file=file)
        for _ in range(WIDE_ROWS):
            cells = (kinds[at % len(kinds)]() for at in range(n_columns))
            known = ("" if random.random() < 0.02 else cell for cell in cells)
            print(*known, sep=",", file=file)
    return path


def compare(file: Path, engines: list[str]) -> None:
    """Read and profile a file in a process of its own for each engine."""
    print(f"\n{file.stat().st_size / 1e6:,.0f} MB{'s':>18}{'of DuckDB':>12}", end="")
    print(f"{'CPU s':>10}{'of DuckDB':>12}{'MB':>8}")
    results = [(name, _in_a_process(name, file)) for name in engines]
    reference = [measured for name, measured in results if name == "duckdb"]
    wall, spent, _ = map(statistics.mean, zip(*reference, strict=True))
    for name, (seconds, cpu, megabytes) in results:
        print(f"{name:<16}{seconds:>8.1f}{seconds / wall:>11.2f}x", end="")
        print(f"{cpu:>10.1f}{cpu / spent:>11.2f}x{megabytes:>8.0f}")


def time_reads(folder: Path, rows: int) -> None:
    """Time reads of a table of plays, stored as ours are."""
    version = _plays(folder, rows)
    queries: dict[str, Callable[[int], RowQuery]] = {
        "first 10": lambda i: RowQuery("first", limit=10),
        "last 10": lambda i: RowQuery("last", limit=10),
        "random 10": lambda i: RowQuery("random", limit=10, seed=i),
        "page in the middle": lambda i: RowQuery(offset=rows // 2 + i),
        "sorted by plays": lambda i: RowQuery(sort="plays", limit=10 + i),
    }
    print(f"\n{rows:,} rows, ms{'p50':>14}{'worst':>8}")
    for name, query in queries.items():
        rounds = range(3 if "sorted" in name else ROUNDS)
        reads = (partial(read.rows, version, query(i)) for i in rounds)
        times = [*map(milliseconds, reads)]
        print(f"{name:<20}{statistics.median(times):>10.0f}{max(times):>8.0f}")


def _parse(file: Path) -> ParsedTable:
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        dialect = detect(file, file.name).dialect
        return parse(file, file.name, dialect, Path(folder))


def _summarize(file: Path) -> list[tuple[object, ...]]:
    return duckdb.execute(f"SUMMARIZE FROM '{file}'").fetchall()


ENGINES: dict[str, Callable[[Path], object]] = {"ours": _parse, "duckdb": _summarize}


def _in_a_process(name: str, file: Path) -> list[float]:
    module = "benchmarks.datasets.tables"
    command = [sys.executable, "-m", module, "--only", name, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(engine: Callable[[Path], object], file: Path) -> list[float]:
    """Return seconds, those of the processors, and the most megabytes of memory."""
    started, spent = time.perf_counter(), time.process_time()
    engine(file)
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    return [seconds, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000]


def _plays(folder: Path, rows: int) -> DatasetVersion:
    plays = folder / "plays.csv"
    duckdb.execute(
        f"""COPY (SELECT md5((i // 50)::VARCHAR) AS who, 'artist ' || hash(i) % 290_000
              AS what, (1000 * pow(random(), 4))::INT AS plays FROM range({rows}) t(i))
              TO '{plays}' (FORMAT csv)"""
    )
    parsed = parse(plays, plays.name, detect(plays, "a.csv").dialect, folder)
    version = DatasetVersion(state=VersionState.READY, n_rows=parsed.n_rows)
    columns = [asdict(column) for column in parsed.columns]
    profiles.called = lambda version, names: columns  # it is in no database
    type(version).table = property(lambda self: parsed.table)  # it has no folder
    return version


if __name__ == "__main__":
    main()
