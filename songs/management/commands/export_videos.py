import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from songs import csv_export, csv_records


class Command(BaseCommand):
    help = (
        "Export every video, ordered by id, as CSV with the columns "
        f"{','.join(csv_records.COLUMNS)}, as PostgreSQL's COPY writes it. "
        "import_videos reads it back: exporting that gives the same bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a file, whole or not written; - is stdout")

    def handle(self, *, file: str, **options: Any) -> None:
        if file == "-":
            count = csv_export.export_videos(sys.stdout.buffer)
            self.stderr.write(f"exported {count} videos")
            return
        try:
            with csv_export.written_whole(Path(file)) as opened:
                count = csv_export.export_videos(opened)
        except OSError as exc:
            raise CommandError(f"{exc} Nothing was exported.") from exc
        self.stdout.write(f"exported {count} videos")
