from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from background.commands import EXIT_STATUS, explained
from songs import pipeline
from songs.predictions.predict import NoModel


class Command(BaseCommand):
    help = (
        "Predict the mood of every video that the live model has not scored yet. "
        "Labels of people are never touched. May be stopped and started anywhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        parser.add_argument(
            "--all", action="store_true", help="score the videos already scored too"
        )

    def handle(self, *, all: bool, **options: Any) -> None:  # noqa: A002  the option
        with explained(self):
            try:
                self.stdout.write(pipeline.predict_moods(everything=all))
            except NoModel as exc:
                raise CommandError(str(exc)) from exc
