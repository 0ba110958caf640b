"""Published tables of who played which artist how often: three forms, read as they are.

- ``usersha1-artmbid-artname-plays.tsv`` of Last.fm-360K (Celma, "Music Recommendation
  and Discovery in the Long Tail", 2010);
- ``user_artists.dat`` of HetRec 2011 (Cantador et al.), beside ``artists.dat``;
- ``user_artist_data.txt`` of Audioscrobbler, 2005, beside ``artist_data.txt`` and
  ``artist_alias.txt``.

Each from its file, from a folder or from the ``.tar.gz`` it was published in.
"""

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from tarfile import TarError
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ml.parallel import Progress
from ml.recommend.data.archive import Source
from ml.recommend.data.names import Coded, count

BLOCK_SIZE = 4 << 20  # bytes; a longer line is no line of such a table
N_EXAMPLES = 5


class UnreadableTable(Exception):
    """This is none of the tables known here, or it is damaged beyond its lines."""


@dataclass(frozen=True)
class Form:
    """How a published table is written.

    Attributes
    ----------
    file : str
        Its name as published.
    columns : tuple of str
        "who", "what", "name" and "plays" in the order of the file.
    user_is : str
        Regular expression; a row with another user does not say who.
    names, aliases : str
        Files beside it with the names of ids, and with the right ids of wrong ones.
    n_lines, md5 :
        Of the original.
    """

    file: str
    columns: tuple[str, ...]
    delimiter: str
    n_header: int
    user_is: str
    names: str = ""
    aliases: str = ""
    n_lines: int = 0
    md5: str = ""


LASTFM_360K = Form(
    file="usersha1-artmbid-artname-plays.tsv",
    columns=("who", "what", "name", "plays"),
    delimiter="\t",
    n_header=0,
    user_is="^[0-9a-f]{40}$",
    n_lines=17_559_530,
    md5="be672526eb7c69495c27ad27803148f1",
)
HETREC = Form(
    file="user_artists.dat",
    columns=("who", "what", "plays"),
    delimiter="\t",
    n_header=1,
    user_is="^[0-9]+$",
    names="artists.dat",
)
AUDIOSCROBBLER = Form(
    file="user_artist_data.txt",
    columns=("who", "what", "plays"),
    delimiter=" ",
    n_header=0,
    user_is="^[0-9]+$",
    names="artist_data.txt",
    aliases="artist_alias.txt",
)
FORMS = (LASTFM_360K, HETREC, AUDIOSCROBBLER)


@dataclass(frozen=True)
class ReadReport:
    """What a table held beside good rows; examples are at most `N_EXAMPLES`."""

    file: str  # the name its form was published under
    n_lines: int  # empty ones and the header not counted
    n_broken: int  # lines with too few or too many columns, dropped
    broken: list[str]  # examples
    n_odd_users: int  # rows whose user is none; kept, without a who
    odd_users: list[str]  # examples
    n_not_utf8: int  # texts with bytes that are no UTF-8, which became U+FFFD
    n_broken_names: int  # lines of the files beside it that were dropped
    original: bool | None  # MD5 as published; None where none was, or other lines


@dataclass(frozen=True)
class Plays:
    """A table as `ml.recommend.data.interactions.collect` takes it.

    Attributes
    ----------
    who, what, names, plays : pyarrow DictionaryArray of strings, length n_rows
    report : ReadReport
    """

    who: Any
    what: Any
    names: Any
    plays: Any
    report: ReadReport


def read_plays(path: Path, *, progress: Progress | None = None) -> Plays:
    """Read one of the published tables.

    Parameters
    ----------
    path : Path
        The file, a folder that holds it, or an archive with it. A file of another name
        is taken for Last.fm-360K.
    progress : callable, optional
        Told the bytes read so far, and of how many; they grow by 4 MB.

    Returns
    -------
    Plays
        Quotes are data; ids and names are as they are, empty ones null.

    Raises
    ------
    UnreadableTable
    FileNotFoundError
    """
    source = Source(path)
    name = source.find([form.file for form in FORMS]) or path.name
    form = next((form for form in FORMS if form.file == name), LASTFM_360K)
    lines = _Lines(form)
    with source.open(name) as (file, size):
        columns, n_not_utf8 = lines.read(file, size, progress)
    odd = _take_odd_users(columns, form.user_is)
    n_broken_names = _add_names(columns, source, form)
    n_lines = len(columns["who"]) + lines.n_broken
    report = ReadReport(
        file=form.file,
        n_lines=n_lines,
        n_broken=lines.n_broken,
        broken=lines.examples,
        n_odd_users=sum(odd.values()),
        odd_users=list(odd)[:N_EXAMPLES],
        n_not_utf8=n_not_utf8,
        n_broken_names=n_broken_names,
        original=_is_original(source, name) if n_lines == form.n_lines else None,
    )
    return Plays(**columns, report=report)


class _Lines:
    """Splits lines, and counts those with another number of columns."""

    def __init__(self, form: Form) -> None:
        self.form, self.n_broken, self.examples = form, 0, list[str]()

    def read(
        self, file: BinaryIO, size: int, progress: Progress | None
    ) -> tuple[dict[str, Any], int]:
        """Return the columns, and how many of their texts were not UTF-8."""
        batches = []
        try:
            for batch in pa.csv.open_csv(file, **self._options()):
                batches.append(batch)
                if progress:
                    progress(min(len(batches) * BLOCK_SIZE, size), size)
        except (pa.ArrowException, EOFError, OSError, TarError, zlib.error) as exc:
            raise UnreadableTable(f"after {len(batches)} blocks: {exc}") from exc
        columns, n_not_utf8 = {}, 0
        for place, name in reversed([*enumerate(self.form.columns)]):
            columns[name], n_bad = _join([batch.column(place) for batch in batches])
            batches = [batch.remove_column(place) for batch in batches]
            pa.default_memory_pool().release_unused()
            n_not_utf8 += n_bad
        return columns, n_not_utf8

    def _options(self) -> dict[str, Any]:
        columns = self.form.columns
        kind = pa.dictionary(pa.int32(), pa.binary())
        return {
            "read_options": pa.csv.ReadOptions(
                column_names=columns,
                skip_rows=self.form.n_header,
                block_size=BLOCK_SIZE,
            ),
            "parse_options": pa.csv.ParseOptions(
                delimiter=self.form.delimiter,
                quote_char=False,
                invalid_row_handler=self._skip,
            ),
            "convert_options": pa.csv.ConvertOptions(
                column_types=dict.fromkeys(columns, kind)
            ),
        }

    def _skip(self, row: Any) -> str:
        self.n_broken += 1
        if len(self.examples) < N_EXAMPLES:
            self.examples.append(row.text[:200])
        return "skip"


def _join(parts: list[Any]) -> tuple[Any, int]:
    """Join the parts of a column; return it as strings, and how many were not UTF-8."""
    joined = pa.chunked_array(parts, pa.dictionary(pa.int32(), pa.binary()))
    joined = joined.unify_dictionaries().combine_chunks()
    values, n_bad = joined.dictionary, 0
    try:
        values = values.cast(pa.string())
    except pa.ArrowInvalid:
        texts = [value.as_py().decode("utf-8", "replace") for value in values]
        n_bad, values = sum("\ufffd" in text for text in texts), pa.array(texts)
    return pa.DictionaryArray.from_arrays(joined.indices, values), n_bad


def _take_odd_users(columns: dict[str, Any], user_is: str) -> dict[str, int]:
    """Make rows of what is no user say no who; return those users and their rows."""
    users = columns["who"]
    good = pc.match_substring_regex(users.dictionary, user_is)
    columns["who"] = pa.DictionaryArray.from_arrays(
        users.indices, pc.if_else(good, users.dictionary, "")
    )
    odd = np.flatnonzero(~np.asarray(good))
    n_rows = count(Coded(np.asarray(users.indices), users.dictionary))
    return {users.dictionary[int(i)].as_py(): int(n_rows[i]) for i in odd}


def _add_names(columns: dict[str, Any], source: Source, form: Form) -> int:
    """Correct ids and name them from the files beside; return their broken lines."""
    if "name" in columns:
        columns["names"] = columns.pop("name")
        return 0
    ids = columns["what"]
    right, n_bad_aliases = _read_second_column(source, form.aliases)
    names, n_bad_names = _read_second_column(source, form.names)
    corrected = [right.get(key, key) for key in ids.dictionary.to_pylist()]
    named = [names.get(key, "") for key in corrected]
    columns["what"], columns["names"] = (
        pa.DictionaryArray.from_arrays(ids.indices, pa.array(values, pa.string()))
        for values in (corrected, named)
    )
    return n_bad_aliases + n_bad_names


def _read_second_column(source: Source, name: str) -> tuple[dict[str, str], int]:
    """Read what each key of a file stands for, and count lines that say neither."""
    if not name:
        return {}, 0
    found, n_broken = {}, 0
    with source.open(name) as (file, _):
        for line in file:
            parts = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            if len(parts) > 1 and parts[0].strip() and parts[1].strip():
                found[parts[0].strip()] = parts[1]
            else:
                n_broken += 1
    return found, n_broken


def _is_original(source: Source, name: str) -> bool:
    digest = hashlib.md5(usedforsecurity=False)
    with source.open(name) as (file, _):
        while block := file.read(BLOCK_SIZE):
            digest.update(block)
    return digest.hexdigest() == LASTFM_360K.md5
