from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from background.commands import explained
from music_selector.dev import run


class Command(BaseCommand):
    help = (
        "Do the main job on this machine: migrate, make an admin account, pull "
        "videos, predict their moods, then serve them with one web process and one "
        "worker until Ctrl-C."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-pull", action="store_true", help="serve what is there already"
        )

    def handle(self, *, no_pull: bool, **options: Any) -> None:
        try:
            with explained(self):
                status = run.run(self._say, pull=not no_pull)
        except run.CannotRun as exc:
            raise CommandError(str(exc)) from exc
        if status:
            raise CommandError("The web process ended by itself.", returncode=status)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()  # a log file shows it at once, too
