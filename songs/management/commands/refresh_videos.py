from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from background.commands import EXIT_STATUS, explained, whole_number
from songs.ingestion import refresh, transport
from songs.youtube.client import YouTubeError


class Command(BaseCommand):
    help = (
        "Ask YouTube again for videos read 25 days ago or never, 50 for a unit. "
        "Those that are deleted, private, no longer Creative Commons or not embeddable "
        "leave the public API; those that are back return. YouTube's text that could "
        "not be refreshed by its 30th day is blanked, also without a key or quota; "
        "ids, labels and predictions stay. Run it daily."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        parser.add_argument(
            "--budget",
            metavar="N",
            type=whole_number(1, 1_000_000),
            help="units (default: what is left of the day's)",
        )

    def handle(self, *, budget: int | None, **options: Any) -> None:
        with explained(self, YouTubeError):
            done = refresh.refresh(transport.youtube_transport, budget=budget)
            if done.paused:
                self.stderr.write(self.style.WARNING(done.paused))
            self.stdout.write(str(done))
            if done.failure:
                raise done.failure
