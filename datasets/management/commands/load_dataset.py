from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from background.commands import explained, whole_number
from datasets import published
from datasets.errors import UploadRefused
from datasets.models import DatasetVersion, VersionState
from datasets.parsing.dialect import Dialect
from datasets.parsing.errors import NotATable
from datasets.storage import build, sweep
from datasets.storage.delete import discard
from datasets.upload import receive
from ml.recommend.data.lastfm import UnreadableTable

NAMED_CHARACTERS = {"tab": "\t", r"\t": "\t", "none": ""}
MAX_SHOWN = 5  # rejected lines
STOPPED = "Stopped; nothing of the file is stored."


class Command(BaseCommand):
    help = (
        "Store a table as a dataset: CSV, TSV, JSON (each also .gz) or Parquet, all of "
        "it or nothing; the same name again makes a new version. Of Last.fm-360K, HetRec "
        "2011 and Audioscrobbler 2005 the published file, its archive or its folder is "
        "known by its name, and becomes who, what, name, plays. Exit status: 0 stored; 1 "
        "not; 130 stopped by Ctrl-C; 143 by SIGTERM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", default="", help="else that of the file")
        parser.add_argument("--description", default="", help="in your own words")
        parser.add_argument(
            "--licence-note", default="", help="what may be done with it"
        )
        parser.add_argument("--owner", help="a username; else the first superuser")
        parser.add_argument("--share", action="store_true", help="everyone may see it")
        how = parser.add_argument_group("how a text is read, where detection is wrong")
        how.add_argument("--delimiter", help='"," ";" tab "|" or any text')
        how.add_argument("--quote", help='one character, or "none"')
        how.add_argument("--encoding", help="such as utf-8, latin-1, utf-16")
        how.add_argument("--skip", type=whole_number(0, 10**6), help="lines on top")
        how.add_argument("--header", choices=["yes", "no"], help="line 1 has names")

    def handle(self, *, file: Path, owner: str | None, **options: Any) -> None:
        known = (NotATable, UploadRefused, UnreadableTable, OSError)
        with explained(self, *known, stopped=STOPPED):
            person = _owner(owner)
            sweep.sweep()
            words = {key: options[key] for key in ("description", "licence_note")}
            load = _load_plays if _is_published(file) else _load
            version = load(person, file, options, words)
            if options["share"]:
                version.dataset.shared = True
                version.dataset.save(update_fields=["shared"])
        self._report(version)

    def _report(self, version: DatasetVersion) -> None:
        for column in version.columns:
            if column["note"]:
                self.stderr.write(f"{column['name']}: {column['note']}")
        if version.reading:
            for line in published.report_lines(published.ReadReport(**version.reading)):
                self.stderr.write(line)
        for rejected in version.refused["first"][:MAX_SHOWN]:
            self.stderr.write(f"line {rejected['line']}: {rejected['reason']}")
        self.stdout.write(
            f"stored {version.dataset.slug}, version {version.number}: "
            f"{version.n_rows:,} rows, {version.n_columns:,} columns; "
            f"refused {version.refused['n']:,}"
        )


def _is_published(file: Path) -> bool:
    """Whether it is a known table of plays; raises CommandError where it is nothing."""
    if not file.exists():
        raise CommandError(f"There is no file {file}.")
    is_published = published.is_published(file)
    if file.is_dir() and not is_published:
        raise CommandError(f"{file} is a folder, and in it is no published table.")
    return is_published


def _load(
    person: User, file: Path, options: dict[str, Any], words: dict[str, str]
) -> DatasetVersion:
    with file.open("rb") as opened:
        sent = File(opened, name=file.name)
        version = receive.receive(person, options["name"], sent, **words)
    try:
        receive.override(version, _dialect(version, options))
        with _bar("%") as show:
            version = build.store(version, progress=lambda done: show(done, 100))
        if version.problem:
            raise NotATable(version.problem)
    except BaseException:
        discard(version, [s for s in VersionState if s != VersionState.READY])
        raise
    return version


def _load_plays(
    person: User, file: Path, options: dict[str, Any], words: dict[str, str]
) -> DatasetVersion:
    with _bar("B") as show:
        return published.store_plays(
            person, options["name"], file, progress=show, **words
        )


def _dialect(version: DatasetVersion, options: dict[str, Any]) -> Dialect:
    """Return the detected dialect with what the options override."""
    options_given = {
        name: NAMED_CHARACTERS.get(options[name], options[name])
        for name in ("delimiter", "quote", "encoding", "skip")
        if options[name] is not None
    }
    if options["header"]:
        options_given["header"] = options["header"] == "yes"
    return replace(Dialect.of(version.dialect), **options_given)


def _owner(username: str | None) -> User:
    people = User.objects.filter(is_active=True)
    if username:
        person = people.filter(username=username).first()
    else:
        person = people.filter(is_superuser=True).order_by("pk").first()
    if person is None:
        raise CommandError(f"There is no {username or 'superuser'}: name an --owner.")
    return person


@contextmanager
def _bar(unit: str) -> Iterator[Callable[[int, int], object]]:
    """Show a progress bar; yield what sets how much is done, and of how much."""
    with tqdm(unit=unit, unit_scale=True, leave=False, disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show
