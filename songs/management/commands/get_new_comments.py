from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from background.commands import EXIT_STATUS, explained, whole_number
from songs.ingestion import comments, transport
from songs.youtube.client import YouTubeError


class Command(BaseCommand):
    help = (
        "Fetch the most relevant comments of videos that lack them, newest video "
        "first, one unit of quota each. refresh_videos deletes comments after 30 days; "
        "then their videos lack them again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS
        parser.add_argument(
            "--videos",
            metavar="N",
            type=whole_number(1, 10_000),
            default=100,
            help="how many videos at most (default: 100)",
        )

    def handle(self, *, videos: int, **options: Any) -> None:
        with explained(self, YouTubeError):
            run = comments.get_comments(transport.youtube_transport(), videos=videos)
            if run.error:
                self.stderr.write(self.style.WARNING(run.error))
            self.stdout.write(comments.summary(run))
