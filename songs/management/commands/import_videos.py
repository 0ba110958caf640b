from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError
from tqdm import tqdm

from background.locks import AlreadyRunning, Interrupted
from songs.transfer.csv_import import Imported, import_videos
from songs.transfer.csv_rows import COLUMNS, NotTheCatalogue


class Command(BaseCommand):
    help = (
        "Import videos and labels from a CSV with the columns "
        f"{','.join(COLUMNS)}, as PostgreSQL's COPY and export_videos write "
        "it. A mood counts as a judgement only on a row with labeled = t; f is a skip, "
        "nothing is unseen. A bad record is refused with its line number and the rest is "
        "stored, in one transaction: a run that is stopped stores nothing. Of a video "
        "named twice the first row is taken and the second refused. Text that came from "
        "YouTube's API is never replaced. Exit status: 0 all stored, 1 some "
        "records refused or nothing stored, 130 stopped by Ctrl-C, 143 by SIGTERM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV")
        parser.add_argument(
            "--relabel",
            action="store_true",
            help="replace labels too; without it only videos without one are labelled, "
            "and never again as an earlier import did",
        )
        parser.add_argument(
            "--history",
            type=Path,
            help="acts from export_videos --history: who said what when, added to the "
            "history where they are missing; they replace the labels of the CSV",
        )

    def handle(
        self, *, file: Path, relabel: bool, history: Path | None, **options: Any
    ) -> None:
        try:
            imported = self._import(file, history, relabel)
        except (NotTheCatalogue, AlreadyRunning) as exc:
            raise CommandError(f"{exc} Nothing was imported.") from exc
        except (OSError, OperationalError, InterfaceError) as exc:
            reason = str(exc).partition("\n")[0]
            raise CommandError(f"{reason}. Nothing was imported.") from exc
        except (KeyboardInterrupt, Interrupted) as exc:
            status = 143 if isinstance(exc, Interrupted) else 130
            raise CommandError(
                "Stopped. Nothing was imported.", returncode=status
            ) from exc
        for reason in imported.reasons:
            self.stderr.write(reason)
        self.stdout.write(str(imported))
        if imported.refused:
            raise CommandError(f"{imported.refused} lines refused, the rest is stored.")

    def _import(self, file: Path, history: Path | None, relabel: bool) -> Imported:
        with ExitStack() as stack:
            acts = stack.enter_context(history.open("rb")) if history else None
            rows = stack.enter_context(file.open("rb"))
            bar = stack.enter_context(
                tqdm(
                    total=file.stat().st_size,
                    unit="B",
                    unit_scale=True,
                    disable=None,  # silent where stderr is no terminal
                    leave=False,
                )
            )
            return import_videos(
                rows, relabel=relabel, history=acts, progress=bar.update
            )
