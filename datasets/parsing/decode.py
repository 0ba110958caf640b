"""The bytes to be parsed: unpacked, in UTF-8, in lines of a bearable length."""

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from datasets.parsing.detect import FileKind, Format, refuse_other
from datasets.parsing.errors import NotATable

CHUNK = 1024 * 1024
MOST_LINE = CHUNK  # bytes
MOST_UNPACKED = 20_000_000_000  # bytes
MOST_EXPANSION = 200  # times; text rarely reaches 30
FREE_EXPANSION = 100_000_000  # bytes that may come of the smallest file
UTF8 = ("utf-8", "utf8", "ascii")

Told = Callable[[int], object]


def as_plain(
    path: Path,
    kind: FileKind,
    encoding: str,
    *,
    folder: Path,
    progress: Told = lambda size: None,
) -> Path:
    """The file itself where it can be parsed as it is, else a new one in `folder`.

    `progress` is told the bytes of `path` that were read. Raises NotATable for a gzip
    bomb, a broken archive, bytes that are not of `encoding`, and a giant line.
    """
    if kind.format == Format.PARQUET:
        return path
    if kind.format == Format.JSON and head(path, kind, 3) == codecs.BOM_UTF8:
        encoding = "utf-8-sig"  # which DuckDB's CSV knows, and its JSON does not
    target = folder / "plain"
    unpacked = kind.gzip or encoding.lower() not in UTF8
    if unpacked:
        _write(path, target, kind, encoding, progress)
    plain = target if unpacked else path
    if kind.format == Format.CSV:
        _check_lines(plain)
    return plain


def ends_differ(plain: Path) -> bool:
    """Whether some lines end in CRLF and some in LF."""
    windows = unix = 0
    with plain.open("rb") as file:
        for chunk in _whole_line_ends(file):
            some = chunk.count(b"\r\n")
            windows, unix = windows + some, unix + chunk.count(b"\n") - some
            if windows and unix:
                return True
    return False


def with_even_line_ends(plain: Path, folder: Path) -> Path:
    """A copy whose lines all end alike: DuckDB reads no others, but in quoted cells."""
    even = folder / "even"
    with plain.open("rb") as old, even.open("wb") as new:
        for chunk in _whole_line_ends(old):
            new.write(chunk.replace(b"\r\n", b"\n"))
    return even


def head(path: Path, kind: FileKind, size: int) -> bytes:
    """The first `size` bytes, unpacked but not decoded; raises NotATable."""
    with opened(path, kind) as file, _no_broken_gzip():
        found = file.read(size)
    if kind.gzip:
        if not found:
            raise NotATable("The file is empty inside its gzip.")
        refuse_other(found)
    return found


def decoded_head(data: bytes, encoding: str, whole: bool) -> str:
    """A beginning as text, which may end within a character unless it is `whole`.

    Raises UnicodeError.
    """
    text = codecs.getincrementaldecoder(encoding)().decode(data, final=whole)
    text.encode()  # some encodings write halves of characters
    return text.removeprefix("\ufeff")


@contextmanager
def opened(path: Path, kind: FileKind) -> Iterator[BinaryIO]:
    """The file, unpacked while it is read."""
    if kind.gzip:
        with gzip.open(path, "rb") as file:
            yield file  # type: ignore[misc]  # a reader of bytes like any other
    else:
        with path.open("rb") as plain:
            yield plain


@contextmanager
def _no_broken_gzip() -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise NotATable("The gzip is broken or cut off: send it again.") from exc


def _write(path: Path, target: Path, kind: FileKind, encoding: str, told: Told) -> None:
    limit = max(FREE_EXPANSION, MOST_EXPANSION * path.stat().st_size)
    limit = min(MOST_UNPACKED, limit)
    decoder = codecs.getincrementaldecoder(encoding)()
    plain = encoding.lower() in UTF8
    done = 0
    with path.open("rb") as packed, target.open("wb") as out, _no_broken_gzip():
        file = gzip.GzipFile(fileobj=packed) if kind.gzip else packed
        before = 0
        while chunk := file.read(CHUNK):
            done += len(chunk)
            if kind.gzip and done > limit:
                raise NotATable(
                    f"Unpacked the file is larger than {limit:,} bytes, more than a "
                    "table this small could be: it looks like a gzip bomb."
                )
            out.write(chunk if plain else _decoded(decoder, chunk, encoding, done))
            told(packed.tell() - before)
            before = packed.tell()
        if not plain:
            out.write(_decoded(decoder, b"", encoding, done, final=True))


def _decoded(
    decoder: codecs.IncrementalDecoder,
    chunk: bytes,
    encoding: str,
    done: int,
    final: bool = False,
) -> bytes:
    try:
        return decoder.decode(chunk, final).encode()
    except UnicodeError as exc:
        at = f"within {CHUNK:,} bytes before byte {done:,}"
        raise NotATable(f"The file is not {encoding}: {at}.") from exc


def _check_lines(path: Path) -> None:
    """Raise NotATable where a line is longer than MOST_LINE."""
    open_line, lines = 0, 0
    with path.open("rb") as file:
        for chunk in _whole_line_ends(file):
            newline = b"\n" if b"\n" in chunk else b"\r"
            first, last = chunk.find(newline), chunk.rfind(newline)
            reach = open_line + (first if first >= 0 else len(chunk))
            if reach > MOST_LINE:
                raise NotATable(
                    f"Line {lines + 1} is longer than {MOST_LINE:,} bytes: this is no "
                    "table, or its lines do not end."
                )
            open_line = len(chunk) - last - 1 if last >= 0 else reach
            lines += chunk.count(newline)


def _whole_line_ends(file: BinaryIO) -> Iterator[bytes]:
    """Chunks that never end between CR and LF."""
    while chunk := file.read(CHUNK):
        if chunk.endswith(b"\r"):
            chunk += file.read(1)
        yield chunk
