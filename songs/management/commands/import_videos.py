from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from songs import csv_import, csv_records, jobs


class Command(BaseCommand):
    help = (
        "Import videos and labels from a CSV with the columns "
        f"{','.join(csv_records.COLUMNS)}, as PostgreSQL's COPY and export_videos write "
        "it. A mood counts as a judgement only on a row with labeled = t; f is a skip, "
        "nothing is unseen. A bad record is refused with its line number and the rest is "
        "stored, in one transaction: a run that is stopped stores nothing. Text that "
        "came from YouTube's API is never replaced. Exit status: 0 all stored, 1 some "
        "records refused or nothing stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--relabel",
            action="store_true",
            help="replace labels too; without it only videos without one are labelled",
        )

    def handle(self, *, file: Path, relabel: bool, **options: Any) -> None:
        try:
            imported = self._import(file, relabel)
        except (csv_records.NotTheCatalogue, jobs.AlreadyRunning, OSError) as exc:
            raise CommandError(f"{exc} Nothing was imported.") from exc
        for refused in imported.reasons:
            self.stderr.write(f"line {refused.line}: {refused.reason}")
        self.stdout.write(str(imported))
        if imported.refused:
            raise CommandError(f"{imported.refused} records were refused.")

    def _import(self, file: Path, relabel: bool) -> csv_import.Imported:
        with (
            file.open("rb") as opened,
            tqdm(
                total=file.stat().st_size,
                unit="B",
                unit_scale=True,
                disable=None,  # silent where stderr is no terminal
                leave=False,
            ) as bar,
        ):
            return csv_import.import_videos(
                opened, relabel=relabel, progress=bar.update
            )
