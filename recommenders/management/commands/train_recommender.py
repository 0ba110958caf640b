from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from background.commands import EXIT_STATUS, explained, reason
from recommenders.management.named import find_recommender, steps
from recommenders.models import RecommenderVersion
from recommenders.training import in_progress, train

COMMAND = "train_recommender"
STOPPED = "Stopped; the live version answers on, and the next run goes on from there."


class Command(BaseCommand):
    help = (
        "Train a recommender on the rows that its dataset has now, judge it beside "
        "popularity, store it as a new version, and make that live if the rule allows "
        "it. What was begun for the same rows is gone on with."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        parser.add_argument("slug", help="as in its address, /recommenders/SLUG/")
        parser.add_argument(
            "--force",
            metavar="REASON",
            type=reason,
            help="make it live, rule or not",
        )

    def handle(self, *, slug: str, force: str | None, **options: Any) -> None:
        recommender = find_recommender(slug)
        with explained(self, in_progress.TrainingFailed, stopped=STOPPED):
            version = in_progress.request_training(
                recommender, who=COMMAND, force=force or ""
            )
            with steps() as show:
                train.train(version, show=show)
            self.stdout.write(_summary(version))


def _summary(version: RecommenderVersion) -> str:
    learned = version.manifest
    state = "now live" if version.live else "not live"
    return (
        f"trained version {version.number} of {version.recommender.slug} on "
        f"{learned['n_likes']:,} likes of {learned['n_items']:,} items by "
        f"{learned['n_users']:,}, {state}: {version.force or version.verdict['reason']}"
    )
