from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from songs import classify, jobs


class Command(BaseCommand):
    help = (
        "Predict the mood of every video that the live model has not scored yet. "
        "Labels of people are never touched. May be stopped and started anywhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="score the videos already scored too"
        )

    def handle(self, *, all: bool, **options: Any) -> str:  # noqa: A002  the option
        try:
            with tqdm(unit=" videos", disable=None, leave=False) as bar:
                predicted = classify.predict_pending(
                    everything=all, progress=bar.update
                )
        except jobs.AlreadyRunning as exc:
            return str(exc)
        except classify.NoModel as exc:
            raise CommandError(str(exc)) from exc
        return f"predicted {predicted.videos} videos with {predicted.version}"
