from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ml.moods import DEFAULT_RECIPE, RECIPES
from ml.training import TrainingError
from songs import promotion, training
from songs.management.command_line import EXIT_STATUS, explained

AS_IT_WAS = "the live model stays as it was"
CAUSE = promotion.Cause("train_moods", "train_moods --promote", forced=True)


class Command(BaseCommand):
    help = (
        "Train a mood model on the videos that people labelled, judge it, and store "
        "it as a new version. It predicts only once it is promoted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        parser.add_argument("--recipe", choices=RECIPES, default=DEFAULT_RECIPE)
        parser.add_argument(
            "--promote", action="store_true", help="make the new version live"
        )

    def handle(self, *, recipe: str, promote: bool, **options: Any) -> None:
        with explained(self, stopped=f"Stopped; {AS_IT_WAS}."):
            try:
                version = training.train(recipe).version
                if promote:
                    promotion.promote(version, CAUSE)
            except (TrainingError, promotion.PromotionError) as exc:
                raise CommandError(f"{exc} ({AS_IT_WAS})") from exc
            live = "now live" if promote else "not live"
            self.stdout.write(f"trained {version}, {live}")
