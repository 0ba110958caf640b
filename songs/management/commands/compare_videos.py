from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from background.commands import EXIT_STATUS, explained
from songs import pipeline
from songs.similar.pgvector import NoPgvector


class Command(BaseCommand):
    help = (
        "Compute an embedding of every video, of its words and moods, so that those like "
        "it can be found; only what is new or has changed. get_new_videos does it too. "
        "Needs pgvector, and takes it into use. May be stopped and started anywhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EXIT_STATUS

    def handle(self, **options: Any) -> None:
        with explained(self):
            try:
                self.stdout.write(pipeline.embed_videos())
            except NoPgvector as exc:
                raise CommandError(str(exc)) from exc
