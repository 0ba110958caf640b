from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from background import worker
from background.locks import AlreadyRunning


class Command(BaseCommand):
    help = (
        "Do what buttons and uploads ask for. One worker is enough; a second says "
        "so and ends. SIGTERM and Ctrl-C end it, and the task at hand is taken up again "
        "by the next worker."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--interval", type=float, default=1.0, help="seconds between two looks"
        )
        parser.add_argument(
            "--until-empty", action="store_true", help="end when nothing is left to do"
        )

    def handle(
        self, *, interval: float, until_empty: bool, **options: Any
    ) -> str | None:
        try:
            worker.work(interval=interval, until_empty=until_empty)
        except AlreadyRunning as exc:
            return str(exc)
        except (InterfaceError, OperationalError) as exc:
            raise CommandError("The database went away; start me again.") from exc
        return None
