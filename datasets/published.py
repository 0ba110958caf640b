"""Published tables of plays become datasets with the columns who, what, name, plays.

Read by `ml.recommend.data.lastfm`, which knows their forms; what it dropped is kept as
`reading` of the version.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from datasets import paths
from datasets.models import DatasetVersion, VersionState
from datasets.parsing.parse import ParsedTable, describe
from datasets.parsing.rejects import Rejects
from datasets.parsing.types import Column, ColumnType
from datasets.storage.build import keep
from datasets.upload.receive import create, digest_of
from ml.recommend.data.archive import Source
from ml.recommend.data.lastfm import FORMS, Plays, ReadReport, read_plays

AT_ONCE = 500_000  # rows
GROUP = 20_480  # rows of a row group
KIND = "plays"
WHOLE = re.compile(r"[+-]?\d{1,18}")

Told = Callable[[int, int], object]


def is_published(path: Path) -> bool:
    """Whether it is one of the known files, or a folder or an archive with one."""
    return Source(path).find([form.file for form in FORMS]) is not None


def store_plays(
    owner: AbstractBaseUser,
    name: str,
    path: Path,
    *,
    progress: Told | None = None,
    **words: str,
) -> DatasetVersion:
    """Read a published table and store it, all or nothing; about 1.5 GB of memory.

    `progress` is told bytes; `words` are description and licence_note. Raises
    ml.recommend.data.lastfm.UnreadableTable and OSError.
    """
    with paths.working_folder() as folder:
        plays = read_plays(path, progress=progress)
        columns = write(plays, folder / "table.parquet")
        profiles = describe(folder / "table.parquet", columns)
        parsed = ParsedTable(
            folder / "table.parquet",
            len(plays.who),
            profiles,
            Rejects(plays.report.n_broken),
        )
        sent = path / plays.report.file if path.is_dir() else path
        draft = folder / "original"
        shutil.copyfile(sent, draft)
        with transaction.atomic():  # nobody sees it half made
            version = create(
                owner,
                name,
                draft,
                digest_of(draft),
                file_name=sent.name,
                kind=KIND,
                reading=asdict(plays.report),
                state=VersionState.RUNNING,
                **words,
            )
            keep(version, parsed)
    return version


def write(plays: Plays, target: Path) -> list[Column]:
    """Write the table as Parquet; returns its columns."""
    numbers, note = _numbers(plays.plays.dictionary.to_pylist())
    whole = pa.types.is_integer(numbers.type)
    columns = {"who": plays.who, "what": plays.what, "name": plays.names}
    columns["plays"] = pa.DictionaryArray.from_arrays(plays.plays.indices, numbers)
    types = {"who": pa.string(), "what": pa.string(), "name": pa.string()}
    schema = pa.schema(types | {"plays": numbers.type})
    with pq.ParquetWriter(target, schema) as writer:
        for at in range(0, len(plays.who), AT_ONCE):
            some = [_some(column, at) for column in columns.values()]
            writer.write_table(pa.table(some, schema=schema), row_group_size=GROUP)
    texts = [Column(column, ColumnType.TEXT) for column in types]
    return [
        *texts,
        Column("plays", ColumnType.INTEGER if whole else ColumnType.NUMBER, note),
    ]


def told(report: ReadReport) -> list[str]:
    """What a reader left out or doubts, one sentence each; empty where all was well."""
    counted = {
        "lines with another number of columns were dropped": report.n_broken,
        "rows say no who: their user is none": report.n_odd_users,
        "texts held bytes that are no UTF-8": report.n_not_utf8,
        "lines of the files of names were dropped": report.n_broken_names,
    }
    lines = [f"{n:,} {what}" for what, n in counted.items() if n]
    lines += [f"such a line: {line[:100]!r}" for line in report.broken[:2]]
    if report.original is not None:
        is_ = "is" if report.original else "is not"
        lines.append(f"the file {is_} the published one, by its MD5")
    return lines


def _some(column: Any, at: int) -> Any:
    """A stretch of a coded column as plain values; empty texts are missing."""
    part = column.slice(at, AT_ONCE)
    values = part.dictionary
    if pa.types.is_string(values.type):
        values = pc.if_else(pc.equal(values, ""), pa.scalar(None, values.type), values)
    return values.take(part.indices)


def _numbers(texts: list[str | None]) -> tuple[Any, str]:
    """The different counts as numbers; a note when some are none, and so missing."""
    values = [_number(text) for text in texts]
    n_odd = sum(v is None and bool(t) for t, v in zip(texts, values, strict=True))
    whole = all(value is None or isinstance(value, int) for value in values)
    note = f"{n_odd:,} different texts are no numbers, and missing" if n_odd else ""
    return pa.array(values, pa.int64() if whole else pa.float64()), note


def _number(text: str | None) -> int | float | None:
    if not text:
        return None
    if WHOLE.fullmatch(text.strip()):
        return int(text)
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
