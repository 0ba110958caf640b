from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from background.commands import EXIT_STATUS, explained, reason
from recommenders.management.named import find_recommender
from recommenders.versions.registry import RecommenderLedger
from songs.predictions.ledger import PromotionError


class Command(BaseCommand):
    help = (
        "Take the last promotion of a recommender back. Run again it goes back one "
        "further, not forth."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        parser.add_argument("slug", help="as in its address, /recommenders/SLUG/")
        parser.add_argument(
            "--reason", type=reason, required=True, help="for those who come later"
        )

    def handle(self, *, slug: str, reason: str, **options: Any) -> None:
        recommender = find_recommender(slug)
        with explained(self, PromotionError):
            version = RecommenderLedger(recommender).roll_back(
                who="rollback_recommender", reason=reason
            )
            number = recommender.versions.get(pk=version).number
            self.stdout.write(f"version {number} of {slug} is live again")
