"""What the default recipe is worth and what it costs, beside the recipe of 2019.

    python benchmarks/moods.py [--from VIDEOS.csv] [--groups GROUPS.csv] [--videos 10000]

Claims: at least 5,000 videos a second on one core, a file of at most 1 MB that loads in
under 100 ms, and a web process at most 150 MB larger than without the model. Accuracy
needs labelled videos: without --from it is left out.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # one core, before numpy
    os.environ[name] = "1"

from scratch import ROOT, video_texts

from ml.evaluation.evaluate import evaluate
from ml.evaluation.labelled import read_groups, read_labelled
from ml.evaluation.text_report import format_table
from ml.moods.files import ModelFile, dump, load
from ml.moods.predict import DEFAULT_RECIPE
from ml.moods.recipe import MOODS
from ml.moods.text import VideoText
from ml.moods.train import train

REFERENCE = "seed2019"
REPEATS = 5
RESIDENT = """
import os, sys
import music_selector.wsgi
from songs.predictions import predict
def resident_mb():
    with open("/proc/self/statm") as sizes:
        return int(sizes.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20
before = resident_mb()
if sys.argv[1] == "with":
    from ml.moods import files
    from ml.moods.text import VideoText
    model = files.load_shipped()
    texts = [VideoText("Sad piano", "A calm song. " * 90)] * 2000
    for prediction in model.predict(texts)[:10]:
        model.explain(texts[0], prediction.mood)
print(before, resident_mb())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="table", type=Path)
    parser.add_argument("--groups", type=Path)
    parser.add_argument("--videos", type=int, default=10_000)
    options = parser.parse_args()
    if options.table:
        labelled = read_labelled(options.table)
        groups = read_groups(options.groups, labelled.ids) if options.groups else None
        print(format_table(evaluate(labelled.texts, labelled.moods, groups)), "\n")
        files = trained(labelled.texts, labelled.moods)
    else:
        files = trained(*made_up(600))
    texts = [VideoText(*row[1:]) for row in video_texts(options.videos)]
    print_speed(files, texts)
    print_memory()


def made_up(n_videos: int) -> tuple[list[VideoText], list[str]]:
    rows = list(video_texts(n_videos, seed=1))
    moods = [MOODS[i % len(MOODS)] for i in range(n_videos)]
    return [VideoText(title, text) for _, title, text in rows], moods


def trained(texts: list[VideoText], moods: list[str]) -> dict[str, ModelFile]:
    return {
        recipe: dump(train(texts, moods, recipe=recipe))
        for recipe in (REFERENCE, DEFAULT_RECIPE)
    }


def print_speed(files: dict[str, ModelFile], texts: list[VideoText]) -> None:
    print(f"{'':<16}{'videos/s':>10}{'ratio':>7}{'load ms':>9}{'file kB':>9}")
    per_second: dict[str, float] = {}
    for recipe, file in files.items():
        load_s = least_cpu_s(lambda file=file: load(file.data, file.manifest))
        model = load(file.data, file.manifest)
        predict_s = least_cpu_s(lambda model=model: model.predict(texts))
        per_second[recipe] = len(texts) / predict_s
        ratio = per_second[recipe] / per_second[REFERENCE]
        print(
            f"{recipe:<16}{per_second[recipe]:>10.0f}{ratio:>7.2f}"
            f"{load_s * 1000:>9.1f}{file.manifest.n_bytes / 1000:>9.0f}"
        )
    print("(one core, CPU time, the best of five; goals: 5,000 videos/s, 100 ms, 1 MB)")


def least_cpu_s(work: object) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def print_memory() -> None:
    """Compare a web process that has predicted and explained with one that has not."""
    sizes = {}
    for which in ("without", "with"):
        command = [sys.executable, "-c", RESIDENT, which]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        printed = subprocess.check_output(command, text=True, env=environment)
        sizes[which] = float(printed.split()[1])
    more = sizes["with"] - sizes["without"]
    print(
        f"web process: {sizes['without']:.0f} MB without the model, {more:.0f} MB more "
        "with it (goal: 150 MB)"
    )


if __name__ == "__main__":
    main()
