"""Published tables of plays become datasets with the columns who, what, name, plays.

`ml.recommend.data.lastfm` reads them and knows their forms; its report is stored as
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
from datasets.parsing.columns import ColumnType
from datasets.parsing.parse import ParsedTable, profile_table
from datasets.parsing.rejects import Rejects
from datasets.parsing.types import Column
from datasets.storage.build import finish
from datasets.upload.receive import create
from ml.recommend.data.archive import Source
from ml.recommend.data.lastfm import FORMS, Plays, ReadReport, read_plays

BATCH = 500_000  # rows
GROUP = 20_480  # rows of a row group
KIND = "plays"
WHOLE = re.compile(r"[+-]?\d{1,18}")

Progress = Callable[[int, int], object]


def is_published(path: Path) -> bool:
    """Whether it is a published file, or a folder or an archive with one."""
    return Source(path).find([form.file for form in FORMS]) is not None


def store_plays(
    owner: AbstractBaseUser,
    name: str,
    path: Path,
    *,
    progress: Progress | None = None,
    **words: str,
) -> DatasetVersion:
    """Read a published table and store it, all or nothing; about 1.5 GB of memory.

    `progress` gets bytes; `words` are description and licence_note. Raises
    ml.recommend.data.lastfm.UnreadableTable and OSError.
    """
    with paths.working_folder() as folder:
        plays = read_plays(path, progress=progress)
        table = folder / "table.parquet"
        columns = profile_table(table, _write(plays, table))
        rejects = Rejects(plays.report.n_broken)
        parsed = ParsedTable(table, len(plays.who), columns, rejects)
        sent = path / plays.report.file if path.is_dir() else path
        draft = folder / "original"
        shutil.copyfile(sent, draft)
        with transaction.atomic():  # nobody sees it half made
            version = create(
                owner,
                name,
                draft,
                file_name=sent.name,
                kind=KIND,
                reading=asdict(plays.report),
                state=VersionState.RUNNING,
                **words,
            )
            finish(version, parsed)
    return version


def _write(plays: Plays, target: Path) -> list[Column]:
    """Write the table as Parquet; return its columns."""
    numbers, note = _numbers(plays.plays.dictionary.to_pylist())
    whole = pa.types.is_integer(numbers.type)
    columns = {"who": plays.who, "what": plays.what, "name": plays.names}
    columns["plays"] = pa.DictionaryArray.from_arrays(plays.plays.indices, numbers)
    types = {"who": pa.string(), "what": pa.string(), "name": pa.string()}
    schema = pa.schema(types | {"plays": numbers.type})
    with pq.ParquetWriter(target, schema) as writer:
        for start in range(0, len(plays.who), BATCH):
            batch = [_batch(column, start) for column in columns.values()]
            writer.write_table(pa.table(batch, schema=schema), row_group_size=GROUP)
    texts = [Column(column, ColumnType.TEXT) for column in types]
    return [
        *texts,
        Column("plays", ColumnType.INTEGER if whole else ColumnType.NUMBER, note),
    ]


def report_lines(report: ReadReport) -> list[str]:
    """Return what a reader dropped or doubts, a line each; none where all was well."""
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


def _batch(column: Any, start: int) -> Any:
    """Decode a part of a dictionary column; empty texts are missing."""
    part = column.slice(start, BATCH)
    values = part.dictionary
    if pa.types.is_string(values.type):
        values = pc.if_else(pc.equal(values, ""), pa.scalar(None, values.type), values)
    return values.take(part.indices)


def _numbers(texts: list[str | None]) -> tuple[Any, str]:
    """Parse the distinct counts; a note says how many are no numbers, and so missing."""
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
