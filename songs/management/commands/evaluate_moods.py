import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from background.commands import explained, whole_number
from background.locks import interruptible
from ml.evaluation.evaluate import Evaluation, Progress, evaluate
from ml.evaluation.labelled import LabelledVideos, TableError
from ml.evaluation.learning_curve import learning_curve
from ml.evaluation.report import build
from ml.evaluation.text_report import format_table
from ml.moods.files import save_file
from ml.moods.predict import BASELINE, DEFAULT_RECIPE, RECIPES
from ml.moods.train import TrainingError
from songs.management.options import add_labelled_options, read_labelled_options
from songs.predictions.promotion_rule import incumbent
from songs.predictions.report import render_report


class Command(BaseCommand):
    help = (
        "Judge a recipe on the videos that people labelled: 5 folds, 5 shuffles, with "
        "near-duplicates kept together (grouped) and without (stratified), beside the "
        "majority class, the recipe of 2019 and that of the live model. Stores nothing "
        "in the database. The protocol is in docs/models/protocol.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--recipe", choices=RECIPES, default=DEFAULT_RECIPE)
        add_labelled_options(parser)
        add(
            "--report",
            type=Path,
            metavar="DIR",
            help="write report.html, a page for people, and report.json there",
        )
        add(
            "--jobs",
            type=whole_number(1, 64),
            default=min(4, os.cpu_count() or 1),
            help="processes, each of about 200 MB (default: one a core, at most 4)",
        )

    def handle(
        self, *, file: Path | None, groups: Path | None, report: Path | None, **how: Any
    ) -> None:
        stopped = "Stopped; no report was written."
        with explained(self, stopped=stopped), interruptible():
            try:
                labelled = read_labelled_options(file, groups)
                if report:  # if it cannot be written, say so before the long work
                    report.mkdir(parents=True, exist_ok=True)
                judged = _judge(labelled, how["recipe"], how["jobs"])
                self.stdout.write(format_table(judged))
                if report:
                    written = _write_report(report, labelled, judged, how["jobs"])
                    self.stdout.write(written)
            except (TableError, TrainingError) as exc:
                raise CommandError(str(exc)) from exc
            except BrokenExecutor as exc:
                reason = "One of the processes was killed, for want of memory?"
                raise CommandError(f"{reason} Try --jobs 1.") from exc
            except OSError as exc:
                raise CommandError(f"No report can be written: {exc}") from exc


def _judge(videos: LabelledVideos, recipe: str, jobs: int) -> Evaluation:
    with _bar("judging") as progress:
        return evaluate(
            videos.texts,
            videos.moods,
            videos.groups,
            recipe=recipe,
            baselines=[BASELINE, incumbent().recipe or BASELINE],
            n_jobs=jobs,
            progress=progress,
        )


def _write_report(
    folder: Path, videos: LabelledVideos, judged: Evaluation, jobs: int
) -> str:
    with _bar("learning curve") as progress:
        curve = learning_curve(videos.texts, judged, n_jobs=jobs, progress=progress)
    report = build(judged, videos.ids, curve=curve)
    titles = [text.title for text in videos.texts]
    page = render_report(report, titles=dict(zip(videos.ids, titles, strict=True)))
    save_file(folder / "report.json", json.dumps(report, indent=1).encode())
    save_file(folder / "report.html", page.encode())
    return f"wrote {folder / 'report.html'} and report.json"


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    with tqdm(desc=what, unit=" shuffles", disable=None, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
