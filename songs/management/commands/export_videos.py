import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from background.commands import explained
from songs.transfer.csv_export import export_videos, export_with_history, written_whole
from songs.transfer.csv_rows import COLUMNS

NOT_WHOLE = "The export is not whole."


class Command(BaseCommand):
    help = (
        f"Export every video, ordered by id, as CSV with the columns {','.join(COLUMNS)}, "
        "as PostgreSQL's COPY writes it. What import_videos makes of that is exported "
        "with the same bytes. A file gets its name when all is written. Exit status: 0 "
        "exported, 1 not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="where to; - is the standard output")
        parser.add_argument(
            "--history",
            type=Path,
            help="a second file, for who labelled what when: one JSON object a line",
        )

    def handle(self, *, file: str, history: Path | None, **options: Any) -> None:
        with explained(self, stopped=f"Stopped. {NOT_WHOLE}"):
            try:
                done = self._export(file, history)
            except OSError as exc:
                raise CommandError(f"{exc}. {NOT_WHOLE}") from exc
            output = self.stderr if file == "-" else self.stdout
            output.write(f"exported {done}")

    def _export(self, file: str, history: Path | None) -> str:
        with ExitStack() as files:
            rows = sys.stdout.buffer
            if file != "-":
                rows = files.enter_context(written_whole(Path(file)))
            if history is None:
                return f"{export_videos(rows)} videos"
            acts = files.enter_context(written_whole(history))
            return "{} videos, {} acts".format(*export_with_history(rows, acts))
