from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from background.commands import EXIT_STATUS, explained, reason
from songs import pipeline
from songs.predictions.ledger import PromotionError
from songs.predictions.registry import mood_ledger


class Command(BaseCommand):
    help = (
        "Take the last promotion of a mood model back: the version before it, or the "
        "model that ships with the project, is live again and predicts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        parser.add_argument(
            "--reason",
            dest="why",
            type=reason,
            required=True,
            help="kept in the history of promotions",
        )

    def handle(self, *, why: str, **options: Any) -> None:
        with explained(self, PromotionError):
            version = mood_ledger.roll_back(who="rollback_moods", reason=why)
            name = version or "the shipped model"
            self.stdout.write(
                f"{name} is live again; {pipeline.predict_with_new_model()}"
            )
