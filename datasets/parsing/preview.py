"""Step 2, the preview: how the first rows of a file look when a dialect reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from datasets.duckdb_session import connect, error_text, run
from datasets.parsing import delimited, json_rows, rejects
from datasets.parsing.decode import TextSample, read_sample, read_sample_lines
from datasets.parsing.dialect import Dialect, FileFormat, FileKind, detect_kind
from datasets.parsing.errors import NotATable
from datasets.parsing.rejects import RejectedRow
from datasets.parsing.types import Column, note_renamed, types_of_texts, unique_names

MAX_CELL = 200  # characters shown of a cell
PATIENCE_S = 20


@dataclass(frozen=True, slots=True)
class TablePreview:
    """The columns and first rows of a file; types are those of the sample."""

    columns: list[Column]
    rows: list[tuple[str | None, ...]]
    rejected: list[RejectedRow]


def preview(path: Path, name: str, dialect: Dialect, n: int = 20) -> TablePreview:
    """Return the first `n` rows as `dialect` reads them, as text; raises NotATable.

    Types are those of the sample; storing decides by all values.
    """
    kind = detect_kind(path, name)
    with TemporaryDirectory(dir=path.parent) as folder:
        try:
            if kind.format == FileFormat.CSV:
                sample = read_sample_lines(path, kind, dialect.encoding)
                return _preview_lines(sample, dialect, Path(folder), n)
            return _preview_typed(path, kind, dialect, Path(folder), n)
        except duckdb.Error as exc:
            raise NotATable(f"It cannot be read so: {error_text(exc)}") from exc


def _preview_lines(
    sample: TextSample, dialect: Dialect, folder: Path, n: int
) -> TablePreview:
    raw = delimited.raw_names(sample.text, dialect)
    names = unique_names(raw)
    file = sample.write(folder)
    with connect(folder, n_columns=len(names), patience_s=PATIENCE_S) as connection:
        source = delimited.scan(file, dialect, names, rejects="rejected")
        columns = types_of_texts(connection, source, names)
        again = delimited.scan(file, dialect, names, rejects="rejected_again")
        rows = run(connection, f"SELECT * FROM {again} LIMIT {n}")
        rejected = rejects.collect(connection, "rejected", file, len(names))
    if dialect.header or dialect.names:
        columns = note_renamed(columns, raw)
    return TablePreview(columns, _short_cells(rows), rejected.first[:n])


def _preview_typed(
    path: Path, kind: FileKind, dialect: Dialect, folder: Path, n: int
) -> TablePreview:
    file = path
    if kind.format == FileFormat.JSON:
        sample = _sample_objects(read_sample(path, kind, dialect.encoding))
        file = json_rows.as_lines(sample.write(folder), folder)
    with connect(folder, files=(file,), patience_s=PATIENCE_S) as connection:
        columns, rows = json_rows.first_rows(connection, file, kind.format, n)
    return TablePreview(columns, _short_cells(rows), [])


def _sample_objects(sample: TextSample) -> TextSample:
    """The first objects of a JSON, one a line, unless the sample is all of it."""
    if sample.complete:
        return sample
    text, decoder = sample.text, JSONDecoder()
    at = len(text) - len(text.lstrip(" \t\r\n["))
    objects: list[str] = []
    try:
        while len(objects) < delimited.N_SAMPLED:
            _, end = decoder.raw_decode(text, at)
            objects.append(" ".join(text[at:end].splitlines()))
            at = end + len(text[end:]) - len(text[end:].lstrip(" \t\r\n,"))
    except (JSONDecodeError, RecursionError) as exc:
        if not objects:
            raise NotATable("The JSON does not begin with an object.") from exc
    return TextSample("\n".join(objects) + "\n", complete=False)


def _short_cells(rows: Sequence[Sequence[object]]) -> list[tuple[str | None, ...]]:
    return [
        tuple(None if cell is None else str(cell)[:MAX_CELL] for cell in row)
        for row in rows
    ]
