from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from background.commands import explained, whole_number
from recommenders.answers import png
from recommenders.answers.statistics import MOST
from recommenders.management.named import find_recommender
from recommenders.versions import loading


class Command(BaseCommand):
    help = (
        "Write PNG files of a recommender's items: those with the most plays, plays of "
        "a listener, and listeners, and how each of these is spread."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="as in its address, /recommenders/SLUG/")
        parser.add_argument("folder", type=Path, help="is made where it is missing")
        parser.add_argument(
            "--top",
            metavar="N",
            type=whole_number(1, MOST),
            default=20,
            help="items in a chart (default: 20)",
        )

    def handle(self, *, slug: str, folder: Path, top: int, **options: Any) -> None:
        recommender = find_recommender(slug)
        with explained(self, loading.NotTrained, loading.Damaged):
            live = loading.open_live(recommender)
            try:
                drawn = png.draw(live.loaded, folder, title=recommender.name, n=top)
            except OSError as exc:
                raise CommandError(f"{folder}: {exc.strerror}") from exc
        self.stdout.write(f"wrote {len(drawn)} charts to {folder}")
