"""DuckDB sessions: what they may touch, and how names and texts enter their SQL."""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb

BASE_MB, COLUMN_MB = 140, 0.15  # a vector of 2,048 values a column, several times
ROWS_AT_ONCE, MAX_ROWS_MB = 6 * 2_048, 700  # a row group being built, written, spilt
LOOK_S = 0.25  # between two looks at the progress
AGAIN_S = 0.02  # between two interrupts

Row = tuple[Any, ...]
Fraction = Callable[[float], object]


@contextmanager
def connect(
    folder: Path,
    *,
    files: tuple[Path, ...] = (),
    n_columns: int = 0,
    more_mb: float = 0,
    threads: int = 4,
    patience_s: float | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that may touch `folder` and `files` and nothing else.

    It spills into `folder`; whoever made that removes it. Wide tables need more memory;
    `more_mb` is for what else does. All queries together may take `patience_s`; then
    the one that runs raises duckdb.InterruptException.
    """
    memory = BASE_MB + COLUMN_MB * n_columns + more_mb
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory:.0f}MB",
            "threads": 1 if n_columns > 1000 else min(threads, os.cpu_count() or 1),
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    paths = ", ".join(text(str(path)) for path in files)
    try:
        connection.execute("SET enable_progress_bar = true")  # else none is known
        connection.execute("SET enable_progress_bar_print = false")
        connection.execute(f"SET allowed_directories = [{text(f'{folder}/')}]")
        connection.execute(f"SET allowed_paths = [{paths}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        with _interrupted_after(patience_s, connection):
            yield connection
    finally:
        connection.close()


@contextmanager
def _interrupted_after(
    patience_s: float | None, connection: duckdb.DuckDBPyConnection
) -> Iterator[None]:
    """Interrupt what runs too long, repeatedly: between two queries nothing listens."""
    if patience_s is None:
        yield
        return
    done = Event()

    def stop() -> None:
        if not done.wait(patience_s):
            while not done.wait(AGAIN_S):
                connection.interrupt()

    watch = Thread(target=stop, daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()


def memory_of_rows(row_bytes: float) -> float:
    """Return the megabytes that rows of so many bytes need beyond the base."""
    return min(MAX_ROWS_MB, ROWS_AT_ONCE * row_bytes / 1e6)


def run(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    progress: Fraction = lambda fraction: None,
) -> list[Row]:
    """Run a long query; `progress` gets the fraction done now and then.

    The query runs in another thread, so that a signal ends it at once.
    """
    with ThreadPoolExecutor(max_workers=1) as executor:
        running = executor.submit(lambda: connection.execute(query).fetchall())
        try:
            while wait([running], LOOK_S).not_done:
                progress(max(0.0, connection.query_progress()) / 100)
        except BaseException:
            while wait([running], AGAIN_S).not_done:
                connection.interrupt()
            raise
        return running.result()


def text(value: str) -> str:
    """Quote a literal."""
    return "'" + value.replace("'", "''") + "'"


def name(column: str) -> str:
    """Quote an identifier."""
    return '"' + column.replace('"', '""') + '"'


def error_text(exc: duckdb.Error) -> str:
    """Return DuckDB's first sentence, without its own settings and paths."""
    if isinstance(exc, duckdb.OutOfMemoryException):
        return "its rows or objects are too large for the memory of a table."
    if isinstance(exc, duckdb.InterruptException):
        return "it takes too long."
    line = str(exc).partition("\n")[0]
    if "No space left" in line:
        return "the disk is full."
    line = re.sub(r'(in )?(file )?"?/[^\s",]+"?,?', "", line)
    return " ".join(re.sub(r"^[\w ]+ Error: ", "", line).split())[:300]
