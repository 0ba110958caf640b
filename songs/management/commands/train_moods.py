from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ml.moods import RECIPES, TrainingError
from songs import classify, jobs


class Command(BaseCommand):
    help = (
        "Train a mood model on the videos that people labelled, judge it, and store "
        "it as a new version. It predicts only once it is promoted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipe", choices=RECIPES, default="seed2019")
        parser.add_argument(
            "--promote", action="store_true", help="make the new version live"
        )

    def handle(self, *, recipe: str, promote: bool, **options: Any) -> str:
        try:
            version = classify.train(recipe).version
            if promote:
                classify.promote(version)
        except (TrainingError, jobs.AlreadyRunning, classify.NoModel) as exc:
            raise CommandError(f"{exc} (the live model stays as it was)") from exc
        return f"trained {version}, {'now live' if promote else 'not live'}"
