"""How fast moods are predicted: by the model in memory, and through the database.

    python -m benchmarks.catalogue.predict [--videos 20000]

Claims: the database takes at most 40 % of the time of `predict_moods`; memory does not
grow with the number of videos.
"""

import argparse
import csv
import io
import resource
import time
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import connection

from benchmarks.shared.scratch import scratch_database, video_texts
from ml.moods.predict import MoodModel
from ml.moods.text import VideoText
from songs.models import Origin
from songs.predictions import predict

READ_SIZE = 2000
COPY = """COPY songs_newvideo (video_id, video_title, video_description, origin)
    FROM STDIN (FORMAT csv)"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=20_000)
    n_videos = parser.parse_args().videos
    with scratch_database():
        fill(n_videos)
        live = predict.live()
        in_memory = seconds(lambda: predict_in_memory(live.model, n_videos))
        making_texts = seconds(lambda: list(map(len, pages(n_videos))))
        in_memory -= making_texts  # which is no part of predicting
        before = peak_mb()
        marks = Marks(n_videos)
        in_all = seconds(lambda: predict.predict_pending(progress=marks))
    print(f"{n_videos} videos, {live.version}")
    print(f"{'':<26}{'videos/s':>10}{'ratio':>8}")
    print(f"{'in memory (reference)':<26}{n_videos / in_memory:>10.0f}{1:>8.2f}")
    print(
        f"{'through the database':<26}{n_videos / in_all:>10.0f}{in_memory / in_all:>8.2f}"
    )
    print(
        f"the database's share of the time: {1 - in_memory / in_all:.0%} (goal: 40 %)"
    )
    print(f"peak memory: {before:.0f} MB before, {marks.mb} MB at each tenth")


class Marks:
    """Notes the peak memory at each tenth of the way."""

    def __init__(self, n_videos: int) -> None:
        self.n_videos, self.done, self.mb = n_videos, 0, [0] * 10

    def __call__(self, n_more: int) -> None:
        self.done += n_more
        self.mb[min(9, self.done * 10 // self.n_videos)] = round(peak_mb())


def fill(n_videos: int) -> None:
    with connection.cursor() as cursor:
        for page in pages(n_videos):
            lines = io.StringIO()
            csv.writer(lines).writerows((*row, Origin.IMPORT) for row in page)
            lines.seek(0)
            cursor.copy_expert(COPY, lines)


def pages(n_videos: int) -> Iterator[list[tuple[str, str, str]]]:
    rows = video_texts(n_videos)
    while page := list(islice(rows, READ_SIZE)):
        yield page


def predict_in_memory(model: MoodModel, n_videos: int) -> None:
    for page in pages(n_videos):
        model.predict([VideoText(title, text) for _, title, text in page])


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
