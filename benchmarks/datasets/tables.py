"""How fast tables are parsed, profiled and looked into, and by which engine.

    python -m benchmarks.datasets.tables [--mb 1000] [--rows 20000000] [--engines 100]
        [--columns 10000] [FILE ...]

Claims: 1,000 MB of CSV are profiled and stored within 2 times what DuckDB's SUMMARIZE of
the same file takes in the same run, in 400 MB of memory; the first, last and random 10 of
20,000,000 rows come in 100 ms; 500 rows of 10,000 columns take 30 s of the processor. Of
each FILE it tells what becomes of it.
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
from pathlib import Path
from random import Random

import duckdb

from benchmarks.shared.scratch import ROOT
from datasets.models import DatasetVersion
from datasets.parsing import parse as table
from datasets.parsing import preview
from datasets.parsing.errors import NotATable
from datasets.rows import parquet, profiles, read

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
    parser.add_argument("--rows", type=int, default=20_000_000, help="to look into")
    parser.add_argument("--engines", type=int, default=100, help="MB for all engines")
    parser.add_argument("--columns", type=int, default=10_000, help="of a wide CSV")
    parser.add_argument("--only", choices=ALONE, help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.only:
        print(json.dumps(ALONE[options.only](options.files[0])))
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.engines:
            small = write_songs(Path(folder) / "engines.csv", options.engines)
            compare(small, ["ours", "duckdb", "polars", "pyarrow", "pandas"])
        if options.mb:
            large = write_songs(Path(folder) / "large.csv", options.mb)
            compare(large, ["duckdb", "ours", "duckdb"])
            large.unlink()
        if options.columns:
            wide = write_wide(Path(folder) / "wide.csv", options.columns)
            compare(wide, ["ours", "duckdb"])
        if options.rows:
            look(Path(folder), options.rows)
    for file in options.files:
        tell(file)


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


def compare(file: Path, names: list[str]) -> None:
    """Read and profile a file in a process of its own for each engine."""
    print(f"\n{file.stat().st_size / 1e6:,.0f} MB{'s':>18}{'of DuckDB':>12}", end="")
    print(f"{'CPU s':>10}{'of DuckDB':>12}{'MB':>8}")
    found = [(name, _in_a_process(name, file)) for name in names]
    known = [measured for name, measured in found if name == "duckdb"]
    wall, spent = (statistics.mean(part) for part in [*zip(*known, strict=True)][:2])
    for name, (seconds, cpu, megabytes) in found:
        print(f"{name:<16}{seconds:>8.1f}{seconds / wall:>11.2f}x", end="")
        print(f"{cpu:>10.1f}{cpu / spent:>11.2f}x{megabytes:>8.0f}")


def look(folder: Path, rows: int) -> None:
    """Time looks into a table of plays, stored as ours are."""
    version = _plays(folder, rows)
    wanted = {
        "first 10": lambda i: parquet.first(version, 10),
        "last 10": lambda i: parquet.last(version, 10),
        "random 10": lambda i: parquet.random(version, 10, seed=i),
        "page in the middle": lambda i: read.page(version, offset=rows // 2 + i),
        "sorted by plays": lambda i: read.page(version, sort="plays", limit=10 + i),
    }
    print(f"\n{rows:,} rows, ms{'p50':>14}{'worst':>8}")
    for name, ask in wanted.items():
        times = [_ms(ask, i) for i in range(3 if "sorted" in name else ROUNDS)]
        print(f"{name:<20}{statistics.median(times):>10.0f}{max(times):>8.0f}")


def tell(file: Path) -> None:
    """What becomes of a file."""
    started = time.perf_counter()
    try:
        found = preview.detect(file, file.name)
        with tempfile.TemporaryDirectory() as folder:
            parsed = table.parse(file, file.name, found.dialect, Path(folder))
    except NotATable as exc:
        print(f"\n{file.name}: {exc}")
        return
    seconds, refused = time.perf_counter() - started, parsed.refusals
    print(f"\n{file.name}: {found.kind}, {found.dialect.encoding}", end="")
    print(f", {parsed.n_rows:,} rows, {len(parsed.columns)} columns, {seconds:.1f} s")
    for column in parsed.columns:
        if column.note:
            print(f"  {column.name[:40]}: {column.note}")
    for one in refused.first[:3]:
        print(f"  line {one.line} of {refused.n} refused: {one.reason}")


def _ours(file: Path) -> list[float]:
    def parse() -> None:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            dialect = preview.detect(file, file.name).dialect
            table.parse(file, file.name, dialect, Path(folder))

    return _measured(parse)


def _duckdb(file: Path) -> list[float]:
    return _measured(lambda: duckdb.execute(f"SUMMARIZE FROM '{file}'").fetchall())


def _polars(file: Path) -> list[float]:
    import polars as pl  # heavy, and of this engine alone
    import polars.selectors as cs

    def profile() -> None:
        every, numbers = pl.all(), cs.numeric()
        pl.scan_csv(file).select(
            every.null_count().name.suffix(" nulls"),
            every.approx_n_unique().name.suffix(" distinct"),
            every.min().name.suffix(" min"),
            every.max().name.suffix(" max"),
            numbers.mean().name.suffix(" mean"),
            *(numbers.quantile(q).name.suffix(f" {q}") for q in (0.25, 0.5, 0.75)),
        ).collect(engine="streaming")

    return _measured(profile)


def _pyarrow(file: Path) -> list[float]:
    import pyarrow.compute as pc
    import pyarrow.csv
    import pyarrow.types

    def profile() -> None:
        for column in pyarrow.csv.read_csv(file).columns:
            pc.min_max(column), pc.count_distinct(column)
            if not pyarrow.types.is_string(column.type):
                pc.mean(column), pc.tdigest(column, [0.25, 0.5, 0.75])

    return _measured(profile)


def _pandas(file: Path) -> list[float]:
    import pandas

    return _measured(lambda: pandas.read_csv(file).describe(include="all"))


ALONE: dict[str, Callable[[Path], list[float]]] = {
    "ours": _ours,
    "duckdb": _duckdb,
    "polars": _polars,
    "pyarrow": _pyarrow,
    "pandas": _pandas,
}


def _in_a_process(name: str, file: Path) -> list[float]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.datasets.tables",
        "--only",
        name,
        str(file),
    ]
    found = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return json.loads(found.stdout.splitlines()[-1])


def _measured(work: Callable[[], object]) -> list[float]:
    """Seconds, those of the processors, and megabytes of memory at the most."""
    started, spent = time.perf_counter(), time.process_time()
    work()
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    return [seconds, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000]


def _plays(folder: Path, rows: int) -> DatasetVersion:
    plays = folder / "plays.csv"
    duckdb.execute(
        f"""COPY (SELECT md5((i // 50)::VARCHAR) AS who, 'artist ' || hash(i) % 290_000
              AS what, (1000 * pow(random(), 4))::INT AS plays FROM range({rows}) t(i))
              TO '{plays}' (FORMAT csv)"""
    )
    parsed = table.parse(
        plays, plays.name, preview.detect(plays, "a.csv").dialect, folder
    )
    version = DatasetVersion(state="ready", n_rows=parsed.n_rows)
    columns = [column.as_dict() for column in parsed.columns]
    profiles.called = lambda version, names: columns  # it is in no database
    type(version).table = property(lambda self: parsed.table)  # it has no folder
    return version


def _ms(ask: Callable[[int], object], i: int) -> float:
    started = time.perf_counter()
    ask(i)
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    main()
