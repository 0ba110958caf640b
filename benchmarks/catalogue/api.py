"""How fast the API is at a thousand, a hundred thousand and a million videos.

    python -m benchmarks.catalogue.api [--videos 1000 100000 1000000] [--only pages words] [--quick]
                             [--keep]

One table: what each work takes, beside its reference in the same run. `!` marks a goal
that was missed. The data is made once with --keep; a million videos take ten minutes
and 8 GB. Each part is a script too, for itself.
"""

import argparse
import inspect
import logging
from collections.abc import Callable

from benchmarks.catalogue import (
    admin_list,
    mix,
    serving,
    similar,
    streams,
    video_pages,
    words,
)
from benchmarks.shared.fill import fill
from benchmarks.shared.scratch import scratch_database
from benchmarks.shared.table import Table

SIZES = (1_000, 100_000, 1_000_000)
PARTS: dict[str, Callable[[Table, int], object]] = {
    "pages": video_pages.measure,
    "words": words.measure,
    "similar": similar.measure,
    "mix": mix.measure,
    "admin": admin_list.measure,
    "streams": streams.measure,
    "serving": serving.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, nargs="+", default=SIZES)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--keep", action="store_true", help="for the next run with it")
    parser.add_argument("--quick", action="store_true", help="a third of the rounds")
    options = parser.parse_args()
    logging.disable()  # else a line for each request
    table = Table()
    for n_videos in options.videos:
        with scratch_database(keep=options.keep, of=n_videos):
            fill(n_videos)
            table.of(n_videos)
            for name in options.only:
                measure = PARTS[name]
                rounds = inspect.signature(measure).parameters["rounds"].default
                measure(table, max(2, rounds // 3) if options.quick else rounds)
    table.print()


if __name__ == "__main__":
    main()
