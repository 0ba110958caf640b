"""How fast `import_videos` stores videos, beside COPY, bulk_create and save().

    python -m benchmarks.catalogue.ingest [--rows 10000 100000 1000000]

Claims: an import reaches half the speed of COPY into the same table (same indexes,
constraints and search vector) and 4 times that of bulk_create(update_conflicts=True);
the same import again reaches 0.8 of COPY; memory stays under 200 MB.
All ways start with an empty table. The import alone also checks each row and writes
the label history. bulk_create and save() store the first rows only.
"""

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from benchmarks.shared.scratch import NAME, scratch_database, video_texts
from songs.models import Mood, NewVideo, Origin
from songs.transfer import csv_import
from songs.transfer.csv_rows import COLUMNS

BULK_ROWS, BULK_BATCH, SAVED_ROWS = 10_000, 1_000, 1_000
LABELLED, SKIPPED = 0.55, 0.05  # the shares in the table of 2019
COPY = f"COPY songs_newvideo ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, HEADER)"
COPIED, BULK = "COPY (reference)", "bulk_create"
BULK_COLUMNS = ["video_title", "video_description", "moods", "labeled"]


class Timed(NamedTuple):
    way: str
    rows: int
    seconds: float
    mb: float | None = None  # peak memory of a process of its own

    @property
    def speed(self) -> float:
        return self.rows / self.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = [10_000, 100_000, 1_000_000]
    parser.add_argument("--rows", type=int, nargs="+", default=sizes)
    parser.add_argument("--import-here", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.import_here:
        import_here(options.import_here)
        return
    with scratch_database(), tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            path = Path(folder, f"{rows}.csv")
            write_rows(path, rows)
            report(rows, list(measure(path, rows)))
            path.unlink()


def measure(path: Path, rows: int) -> Iterator[Timed]:
    """Each way in turn, from an empty table except for the import of known rows."""
    empty_table()
    yield timed(COPIED, rows, lambda: copy(path))
    empty_table()
    yield imported("import_videos", path, rows)
    yield imported("import_videos again", path, rows)
    few, fewer = min(rows, BULK_ROWS), min(rows, SAVED_ROWS)
    empty_table()
    yield timed(BULK, few, lambda: bulk_create(path))
    yield timed("bulk_create again", few, lambda: bulk_create(path))
    empty_table()
    yield timed("save()", fewer, lambda: save_each(path))


def report(rows: int, timings: list[Timed]) -> None:
    speeds = {timing.way: timing.speed for timing in timings}
    copied, bulk = speeds[COPIED], speeds[BULK]
    print(f"\n{rows:,} rows")
    print(f"{'':<22}{'rows/s':>9}{'of COPY':>9}{'of bulk_create':>16}{'peak MB':>9}")
    for timing in timings:
        ratios = f"{timing.speed / copied:>9.2f}{timing.speed / bulk:>16.2f}"
        memory = f"{timing.mb:>9.0f}" if timing.mb else ""
        print(f"{timing.way:<22}{timing.speed:>9.0f}{ratios}{memory}", flush=True)


def write_rows(path: Path, rows: int) -> None:
    rng = random.Random(rows)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for video_id, title, description in video_texts(rows):
            draw = rng.random()
            labeled = "t" if draw < LABELLED else "f" if draw > 1 - SKIPPED else ""
            mood = rng.choice(Mood.values) if labeled == "t" else ""
            writer.writerow((video_id, title, mood, labeled, description, ""))


def empty_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE songs_newvideo CASCADE")
        cursor.execute("ALTER TABLE songs_newvideo ALTER origin SET DEFAULT 'import'")


def timed(way: str, rows: int, work: Callable[[], object]) -> Timed:
    start = time.perf_counter()
    work()
    return Timed(way, rows, time.perf_counter() - start)


def copy(path: Path) -> None:
    with path.open("rb") as file, connection.cursor() as cursor:
        cursor.copy_expert(COPY, file)


def imported(way: str, path: Path, rows: int) -> Timed:
    """An import in a process of its own, whose memory is then known."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.catalogue.ingest",
        "--import-here",
        path,
    ]
    answer = subprocess.run(command, check=True, capture_output=True).stdout
    return Timed(way, rows, *json.loads(answer))


def import_here(path: str) -> None:
    connection.settings_dict["NAME"] = NAME
    with open(path, "rb") as file:
        done = timed("", 0, lambda: csv_import.import_videos(file))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([done.seconds, peak]))


def bulk_create(path: Path) -> None:
    NewVideo.objects.bulk_create(
        first_videos(path, BULK_ROWS),
        BULK_BATCH,
        update_conflicts=True,
        unique_fields=["video_id"],
        update_fields=BULK_COLUMNS,
    )


def save_each(path: Path) -> None:
    for video in first_videos(path, SAVED_ROWS):
        video.save()


def first_videos(path: Path, rows: int) -> Iterator[NewVideo]:
    with path.open(newline="") as file:
        for row in islice(csv.DictReader(file), rows):
            yield NewVideo(
                video_id=row["video_id"],
                video_title=row["video_title"],
                video_description=row["video_description"],
                moods=row["moods"] or None,
                labeled={"t": True, "f": False, "": None}[row["labeled"]],
                origin=Origin.IMPORT,
            )


if __name__ == "__main__":
    main()
