"""From the published table of Last.fm to ten similar artists for each, at full size.

    python -m benchmarks.recommenders.lastfm TABLE.tsv [--rounds 2] [--rows 2e6 9e6] [--students]
                                          [--als]

Claims, beside Polars and sparse_dot_topn on the same table in the same run: all of it,
with clean-up, names, shared listeners and storing, takes <= 1.3 x their time and
<= 1.5 GB; the similar artists alone <= 1.1 x; questions p50 < 2 ms, p99 < 10 ms; ALS
<= 1.2 x implicit called directly. Every way is a process of its own, all go by turns,
and the best laps of the rounds are shown. On a busy machine believe the processor's
seconds ("CPU s", and their ratio).
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

N = 10
N_THREADS = 2
N_ITERATIONS = 2  # of ALS
N_QUESTIONS = 300
N_STUDENTS = 300_000  # rows; more did not fit
MEGABYTE = 1 << 20
COLUMNS = ["who", "what", "name", "plays"]
LAPS = ("read", "clean up", "compute", "store")


class Clock:
    """Seconds by what they were spent on: on the clock, and of processors."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self._start()

    def _start(self) -> None:
        self._last = time.perf_counter(), time.process_time()

    def lap(self, name: str) -> None:
        now = time.perf_counter(), time.process_time()
        self.wall[name] = now[0] - self._last[0]
        self.cpu[name] = now[1] - self._last[1]
        self._start()


def ours(table: Path, folder: Path, clock: Clock) -> None:
    from ml.recommend.data.interactions import collect
    from ml.recommend.data.lastfm import read_plays
    from ml.recommend.interface import Run
    from ml.recommend.model import fit_model
    from ml.recommend.storage import store

    clock.lap("import")
    plays = read_plays(table)
    columns = [plays.plays, plays.names, plays.what, plays.who]
    del plays
    clock.lap("read")
    take = columns.pop  # so that none is held here
    listens = collect(take(), take(), names=take(), weights=take())
    clock.lap("clean up")
    run = Run(n_threads=N_THREADS)
    model = fit_model("cosine", listens.pairs, {"k": N}, run=run)
    clock.lap("compute")
    store.save(model, listens, folder, run=run)
    clock.lap("store")


def polars(table: Path, folder: Path, clock: Clock) -> None:
    from sparse_dot_topn import sp_matmul_topn

    clock.lap("import")
    likes = _read_with_polars(table, clock)
    vectors = _normalised(likes.T.tocsr())
    sp_matmul_topn(vectors, vectors.T.tocsr(), top_n=N + 1, n_threads=N_THREADS)
    clock.lap("compute")


def implicit(table: Path, folder: Path, clock: Clock) -> None:
    from implicit.nearest_neighbours import CosineRecommender

    clock.lap("import")
    likes = _read_with_polars(table, clock)
    model = CosineRecommender(K=N + 1, num_threads=N_THREADS)
    model.fit(likes, show_progress=False)
    clock.lap("compute")


def students(table: Path, folder: Path, clock: Clock) -> None:
    """The report of 2021: a pivot table, and nearest neighbours by brute force."""
    import pandas as pd
    from scipy.sparse import csr_matrix
    from sklearn.neighbors import NearestNeighbors

    clock.lap("import")
    rows = pd.read_csv(table, sep="\t", names=COLUMNS, nrows=N_STUDENTS, quoting=3)
    clock.lap("read")
    rows = rows.drop_duplicates(["name", "who"])
    wide = rows.pivot(index="name", columns="who", values="plays").fillna(0)
    matrix = csr_matrix(wide.values)
    clock.lap("clean up")
    model = NearestNeighbors(metric="cosine", algorithm="brute").fit(matrix)
    model.kneighbors(matrix, n_neighbors=N + 1)
    clock.lap("compute")


def als(table: Path, folder: Path, clock: Clock) -> None:
    from ml.recommend.algorithms.als import ALGORITHM
    from ml.recommend.interface import Run

    likes = _open_stored(folder).model.pairs.likes
    clock.lap("import")
    settings = {**ALGORITHM.settings, "iterations": N_ITERATIONS}
    ALGORITHM.fit(likes, settings, Run(n_threads=N_THREADS))
    clock.lap("compute")


def implicit_als(table: Path, folder: Path, clock: Clock) -> None:
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    from ml.recommend.algorithms.als import ALGORITHM

    likes = _open_stored(folder).model.pairs.likes
    settings = {**ALGORITHM.settings, "iterations": N_ITERATIONS}
    clock.lap("import")
    with threadpool_limits(1, "blas"):  # as implicit asks for
        model = AlternatingLeastSquares(num_threads=N_THREADS, **settings)
        model.fit(likes, show_progress=False)
    clock.lap("compute")


def questions(table: Path, folder: Path, clock: Clock) -> None:
    """Ask a stored recommender in a process that knows nothing else of it."""
    loaded = _open_stored(folder)
    draw = random.Random(0).choices
    items, popular, users = (
        draw(range(n), k=N_QUESTIONS)
        for n in (len(loaded.ids), 1000, len(loaded.users))
    )
    names = [loaded.names[item].as_py() for item in items]
    for label, ask, asked in (
        ("similar", loaded.similar, items),
        ("similar to a popular one", loaded.similar, popular),
        ("find a name", loaded.find_item, names),
        ("find a name with errors", loaded.find_item, [f"{n[1:]}q" for n in names]),
        ("complete three letters", loaded.suggest, [name[:3] for name in names]),
        ("recommend", loaded.model.recommend, users),
        ("recommend for ten popular", loaded.model.recommend_for, _by_ten(popular)),
        ("recommend for one", loaded.model.recommend_for, [[item] for item in items]),
    ):
        _time(label, ask, asked)
    lines = Path("/proc/self/status").read_text().splitlines()
    kept = {line.split(":")[0]: line.split() for line in lines}
    own, mapped = (int(kept[key][1]) >> 10 for key in ("RssAnon", "RssFile"))
    print(f"the process holds {own} MB of its own and {mapped} MB of mapped files")


def _time(label: str, ask: Callable[[Any], object], asked: list[Any]) -> None:
    ask(asked[0])
    wall, cpu = [], []
    for question in asked:
        started, used = time.perf_counter(), time.thread_time()
        ask(question)
        cpu.append(1000 * (time.thread_time() - used))
        wall.append(1000 * (time.perf_counter() - started))
    figures = [
        figure
        for times in (wall, cpu)
        for figure in (statistics.median(times), statistics.quantiles(times, n=100)[98])
    ]
    print(f"{label:<28}" + "".join(f"{figure:>9.2f}" for figure in figures))


def _by_ten(items: list[int]) -> list[list[int]]:
    return [items[start : start + N] for start in range(len(items) - N)]


def _open_stored(folder: Path) -> Any:
    from ml.recommend.storage.store import LoadedModel

    manifest = json.loads((folder / "manifest.json").read_text())
    return LoadedModel.open(folder, manifest)


def _read_with_polars(table: Path, clock: Clock) -> Any:
    import numpy as np
    import polars as pl
    from scipy.sparse import csr_matrix

    kinds = [pl.Categorical, pl.String, pl.Categorical, pl.Int64]
    read = pl.scan_csv(
        table,
        separator="\t",
        has_header=False,
        quote_char=None,
        schema=dict(zip(COLUMNS, kinds, strict=True)),
    )
    rows = read.select("who", "name").drop_nulls().collect()
    clock.lap("read")
    who, what = (rows[c].to_physical().to_numpy() for c in ("who", "name"))
    matrix = csr_matrix((np.ones(len(who), np.float32), (who, what)))
    matrix.data[:] = 1
    clock.lap("clean up")
    return matrix


def _normalised(vectors: Any) -> Any:
    import numpy as np

    sizes = np.diff(vectors.indptr)
    vectors.data = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes)
    vectors.data = vectors.data.astype(np.float32)
    return vectors


WAYS: dict[str, Callable[[Path, Path, Clock], None]] = {
    "ours": ours,
    "polars": polars,
    "implicit": implicit,
    "students": students,
    "als": als,
    "implicit als": implicit_als,
    "questions": questions,
}


def run_way(name: str, table: Path, folder: Path) -> None:
    """Go one way in this process, and print what it took as JSON."""
    clock = Clock()
    WAYS[name](table, folder, clock)
    if name == "questions":
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    took = {"wall": clock.wall, "cpu": clock.cpu, "peak": usage.ru_maxrss * 1024}
    print(json.dumps(took))


def go(name: str, table: Path, folder: Path) -> dict[str, Any]:
    done = _start(name, table, folder, stdout=subprocess.PIPE)
    took: dict[str, Any] = json.loads(done.stdout)
    for kind in ("wall", "cpu"):
        took[kind].pop("import")
    return took


def _start(name: str, table: Path, folder: Path, **how: Any) -> Any:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "benchmarks.recommenders.lastfm",
        table,
        "--way",
        name,
    ]
    return subprocess.run([*command, "--folder", folder], check=True, **how)


def compare(ways: list[str], table: Path, folder: Path, rounds: int) -> None:
    """Go all ways by turns; print the best laps of each beside the first's."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name in ways:
            found[name].append(go(name, table, folder))
    best = {name: _best(tries) for name, tries in found.items()}
    head = "".join(f"{lap:>9}" for lap in ("seconds", *LAPS, "CPU s", "MB"))
    print(f"{'':<13}{head}{'ratio':>9}{'compute':>9}{'CPU':>9}")
    first = best[ways[0]]
    for name, took in best.items():
        wall = took["wall"]
        seconds = [wall["all"], *(wall.get(lap, 0) for lap in LAPS), took["cpu"]["all"]]
        ratios = [wall[lap] / first["wall"][lap] for lap in ("all", "compute")]
        ratios.append(took["cpu"]["all"] / first["cpu"]["all"])
        print(
            f"{name:<13}"
            + "".join(f"{figure:>9.1f}" for figure in seconds)
            + f"{took['peak'] / MEGABYTE:>9.0f}"
            + "".join(f"{ratio:>9.2f}" for ratio in ratios),
            flush=True,
        )


def _best(tries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the least of each lap: what others do on the machine only adds to it."""
    best: dict[str, Any] = {"peak": max(took["peak"] for took in tries)}
    for kind in ("wall", "cpu"):
        laps = {lap: min(took[kind][lap] for took in tries) for lap in tries[0][kind]}
        best[kind] = laps | {"all": sum(laps.values())}
    return best


def cut(table: Path, n_rows: int, target: Path) -> Path:
    """Write the first rows of a table."""
    with table.open("rb") as source, target.open("wb") as file:
        file.writelines(islice(source, n_rows))
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--rows", type=float, nargs="*", default=[], help="growth")
    parser.add_argument("--students", action="store_true")
    parser.add_argument("--als", action="store_true")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        run_way(options.way, options.table, options.folder)
        return
    with tempfile.TemporaryDirectory(dir=options.table.parent) as name:
        measure(options, Path(name) / "stored")


def measure(options: argparse.Namespace, folder: Path) -> None:
    table, rounds = options.table, options.rounds
    for n_rows in map(int, options.rows):
        print(f"\nthe first {n_rows:,} rows")
        part = cut(table, n_rows, folder.with_name("part.tsv"))
        compare(["polars", "ours"], part, folder, rounds)
    print("\nall rows")
    compare(["polars", "implicit", "ours"], table, folder, rounds)
    print(f"\n{'milliseconds':<28}{'p50':>9}{'p99':>9}{'CPU p50':>9}{'CPU p99':>9}")
    _start("questions", table, folder)
    if options.als:
        print(f"\nALS, {N_ITERATIONS} rounds")
        compare(["implicit als", "als"], table, folder, rounds)
    if options.students:
        print(f"\nthe first {N_STUDENTS:,} rows, as in 2021")
        part = cut(table, N_STUDENTS, folder.with_name("part.tsv"))
        compare(["students", "ours"], part, folder, 1)


if __name__ == "__main__":
    main()
