"""A first look at a file: what it is, how it is to be read, how that looks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from datasets.parsing import decode, delimited, json_rows, rejects
from datasets.parsing.delimited import N_LOOKED_AT, raw_names, unique_names
from datasets.parsing.detect import FileKind, Format, guess_encoding, kind_of, sniff
from datasets.parsing.dialect import Dialect
from datasets.parsing.duckdb_session import connect, error_text, run
from datasets.parsing.errors import NotATable
from datasets.parsing.rejects import RejectedRow
from datasets.parsing.types import Column, renamed, types_of_texts
from ml.recommend.data.lastfm import FORMS

SAMPLE_BYTES = 1_000_000
MOST_CELL = 200  # characters shown of a cell
PATIENCE_S = 20  # of a preview


@dataclass(frozen=True, slots=True)
class DetectedFile:
    """What a file is. Of the dialect a Parquet has nothing, JSON the encoding."""

    kind: FileKind
    dialect: Dialect


@dataclass(frozen=True, slots=True)
class TablePreview:
    """How the first rows of a file look when read so."""

    columns: list[Column]
    rows: list[tuple[str | None, ...]]
    refused: list[RejectedRow]


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file as text, whole lines where there is more than it."""

    text: str
    whole: bool


def detect(path: Path, name: str) -> DetectedFile:
    """Tell what the file at `path` is, that its owner calls `name`. Raises NotATable."""
    kind = kind_of(path, name)
    if kind.format == Format.PARQUET:
        return DetectedFile(kind, Dialect())
    if (published := _published(name)) is not None:
        return DetectedFile(kind, published)
    encoding = guess_encoding(decode.head(path, kind, SAMPLE_BYTES))
    if kind.format == Format.JSON:
        return DetectedFile(kind, Dialect(encoding=encoding))
    sample = take_sample(path, kind, encoding).text
    if not sample.strip():
        raise NotATable("The file has no line that is not empty.")
    dialect = sniff(sample, tabs=".tsv" in name.lower())
    return DetectedFile(kind, replace(dialect, encoding=encoding))


def _published(name: str) -> Dialect | None:
    """How a table of plays is read that is published under this name, if it is one."""
    form = next(
        (form for form in FORMS if name in (form.file, f"{form.file}.gz")), None
    )
    if form is None:
        return None
    names = () if form.n_header else form.columns
    return Dialect(
        delimiter=form.delimiter, quote="", header=bool(form.n_header), names=names
    )


def preview(path: Path, name: str, dialect: Dialect, n: int = 20) -> TablePreview:
    """The first `n` rows as `dialect` reads them, as text; raises NotATable.

    Types are those of the sample; storing decides by all values.
    """
    kind = kind_of(path, name)
    with TemporaryDirectory(dir=path.parent) as folder:
        try:
            if kind.format != Format.CSV:
                return _preview_objects(path, kind, dialect, Path(folder), n)
            sample = take_sample(path, kind, dialect.encoding)
            return _preview_text(sample, dialect, Path(folder), n)
        except duckdb.Error as exc:
            raise NotATable(f"It cannot be read so: {error_text(exc)}") from exc


def guess_columns(sample: Sample, dialect: Dialect, folder: Path) -> list[Column]:
    """Names and types of the columns by a sample of delimited text."""
    names = unique_names(raw_names(sample.text, dialect))
    file = _written(sample, folder)
    with connect(folder, n_columns=len(names)) as connection:
        source = delimited.reading(file, dialect, names, rejects="bad")
        return types_of_texts(connection, source, names)


def take_sample(path: Path, kind: FileKind, encoding: str) -> Sample:
    """The beginning of a text file, in `encoding`; raises NotATable."""
    data = decode.head(path, kind, SAMPLE_BYTES + 1)
    whole = len(data) <= SAMPLE_BYTES
    try:
        found = decode.decoded_head(data[:SAMPLE_BYTES], encoding, whole)
    except UnicodeError as exc:
        raise NotATable(f"The file is not {encoding}.") from exc
    if whole:
        return Sample(found, whole=True)
    cut = max(found.rfind("\n"), found.rfind("\r"))
    if cut < 0:
        raise NotATable(
            f"Line 1 is longer than {SAMPLE_BYTES:,} bytes: this is no table."
        )
    return Sample(found[: cut + 1], whole=False)


def _preview_text(
    sample: Sample, dialect: Dialect, folder: Path, n: int
) -> TablePreview:
    raw = raw_names(sample.text, dialect)
    names = unique_names(raw)
    file = _written(sample, folder)
    with connect(folder, n_columns=len(names), patience_s=PATIENCE_S) as connection:
        source = delimited.reading(file, dialect, names, rejects="bad")
        columns = types_of_texts(connection, source, names)
        again = delimited.reading(file, dialect, names, rejects="bad_again")
        rows = run(connection, f"SELECT * FROM {again} LIMIT {n}")
        bad = rejects.collect(connection, "bad", file, len(names))
    if dialect.header or dialect.names:
        columns = renamed(columns, raw)
    return TablePreview(columns, [shown(row) for row in rows], list(bad.first[:n]))


def _preview_objects(
    path: Path, kind: FileKind, dialect: Dialect, folder: Path, n: int
) -> TablePreview:
    file = path
    if kind.format == Format.JSON:
        file = json_rows.as_lines(_some_objects(path, kind, dialect, folder), folder)
    with connect(folder, files=(file,), patience_s=PATIENCE_S) as connection:
        columns, rows = json_rows.first_rows(connection, file, kind.format, n)
    return TablePreview(columns, [shown(row) for row in rows], [])


def _some_objects(path: Path, kind: FileKind, dialect: Dialect, folder: Path) -> Path:
    """The first objects of a JSON file, one a line where it is long."""
    data = decode.head(path, kind, SAMPLE_BYTES + 1)
    whole = len(data) <= SAMPLE_BYTES
    try:
        found = decode.decoded_head(data, dialect.encoding, whole)
    except UnicodeError as exc:
        raise NotATable(f"The file is not {dialect.encoding}.") from exc
    if whole:
        return _written(Sample(found, whole), folder)
    decoder, at = JSONDecoder(), len(found) - len(found.lstrip(" \t\r\n["))
    objects_: list[str] = []
    try:
        while len(objects_) < N_LOOKED_AT:
            _, end = decoder.raw_decode(found, at)
            objects_.append(" ".join(found[at:end].splitlines()))
            at = end + len(found[end:]) - len(found[end:].lstrip(" \t\r\n,"))
    except (JSONDecodeError, RecursionError) as exc:
        if not objects_:
            raise NotATable("The JSON does not begin with an object.") from exc
    return _written(Sample("\n".join(objects_) + "\n", whole), folder)


def shown(row: Sequence[object]) -> tuple[str | None, ...]:
    """The cells of a row for a first look, none too long."""
    return tuple(None if cell is None else str(cell)[:MOST_CELL] for cell in row)


def _written(sample: Sample, folder: Path) -> Path:
    file = folder / "sample"
    even = sample.text.replace("\r\n", "\n")  # whatever the ends, they are alike
    file.write_text(even, encoding="utf-8", newline="")
    return file
