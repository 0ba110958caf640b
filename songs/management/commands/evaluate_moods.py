from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ml.evaluation import format_table
from ml.moods import DEFAULT_RECIPE, RECIPES
from ml.training import TrainingError
from songs import training
from songs.management.command_line import explained


class Command(BaseCommand):
    help = (
        "Judge a recipe on the videos that people labelled: 5 folds, 5 seeds, with "
        "near-duplicates kept together (grouped) and without (stratified), beside "
        "the majority class. Stores nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recipe", choices=RECIPES, default=DEFAULT_RECIPE)

    def handle(self, *, recipe: str, **options: Any) -> None:
        with explained(self, stopped="Stopped."):
            try:
                self.stdout.write(format_table(training.evaluate(recipe)))
            except TrainingError as exc:
                raise CommandError(str(exc)) from exc
