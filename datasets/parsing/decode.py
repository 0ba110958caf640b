"""Step 1, bytes to text: unpacked, in UTF-8, in lines of a bearable length."""

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from datasets.parsing.dialect import FileFormat, FileKind, refuse_other
from datasets.parsing.errors import NotATable

CHUNK = 1024 * 1024
MAX_LINE = CHUNK  # bytes
MAX_UNPACKED = 20_000_000_000  # bytes
MAX_EXPANSION = 200  # times; text rarely reaches 30
FREE_EXPANSION = 100_000_000  # bytes that may come of the smallest file
SAMPLE_BYTES = 1_000_000
UTF8 = ("utf-8", "utf8", "ascii")


@dataclass(frozen=True, slots=True)
class TextSample:
    """The beginning of a file as text; `complete` where that is all of it."""

    text: str
    complete: bool

    def write(self, folder: Path) -> Path:
        """Write it to a file with equal line ends, for DuckDB."""
        file = folder / "sample"
        unix = self.text.replace("\r\n", "\n")
        file.write_text(unix, encoding="utf-8", newline="")
        return file


def decode(
    path: Path,
    kind: FileKind,
    encoding: str,
    *,
    folder: Path,
    progress: Callable[[float], object] = lambda fraction: None,
) -> Path:
    """Return the file itself where it can be parsed as it is, else a new one in `folder`.

    `progress` gets the fraction of `path` that was read. Raises NotATable for a gzip
    bomb, a broken archive, bytes that are not of `encoding`, and a giant line.
    """
    if kind.format == FileFormat.PARQUET:
        return path
    if kind.format == FileFormat.JSON and read_head(path, kind, 3) == codecs.BOM_UTF8:
        encoding = "utf-8-sig"  # which DuckDB's CSV knows, and its JSON does not
    decoded = path
    if kind.gzip or encoding.lower() not in UTF8:
        decoded = folder / "decoded"
        _write_decoded(path, decoded, kind, encoding, progress)
    if kind.format == FileFormat.CSV:
        _check_line_lengths(decoded)
    return decoded


def read_head(path: Path, kind: FileKind, size: int) -> bytes:
    """Return the first `size` bytes, unpacked but not decoded; raises NotATable."""
    with gzip.open(path) if kind.gzip else path.open("rb") as file, _valid_gzip():
        head = file.read(size)
    if kind.gzip:
        if not head:
            raise NotATable("The file is empty inside its gzip.")
        refuse_other(head)
    return head


def read_sample(path: Path, kind: FileKind, encoding: str) -> TextSample:
    """Decode the beginning of a file, which may end anywhere; raises NotATable."""
    head = read_head(path, kind, SAMPLE_BYTES + 1)
    complete = len(head) <= SAMPLE_BYTES
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(head[:SAMPLE_BYTES], final=complete)
        text.encode()  # some encodings write halves of characters
    except UnicodeError as exc:
        raise NotATable(f"The file is not {encoding}.") from exc
    return TextSample(text.removeprefix("\ufeff"), complete)


def read_sample_lines(path: Path, kind: FileKind, encoding: str) -> TextSample:
    """The same in whole lines; raises NotATable."""
    sample = read_sample(path, kind, encoding)
    if sample.complete:
        return sample
    cut = max(sample.text.rfind("\n"), sample.text.rfind("\r"))
    if cut < 0:
        raise NotATable(
            f"Line 1 is longer than {SAMPLE_BYTES:,} bytes: this is no table."
        )
    return TextSample(sample.text[: cut + 1], complete=False)


def has_mixed_line_ends(decoded: Path) -> bool:
    """Whether some lines end in CRLF and some in LF."""
    windows = unix = 0
    with decoded.open("rb") as file:
        for chunk in _chunks(file):
            n_windows = chunk.count(b"\r\n")
            windows, unix = windows + n_windows, unix + chunk.count(b"\n") - n_windows
            if windows and unix:
                return True
    return False


def with_unix_line_ends(decoded: Path, folder: Path) -> Path:
    """Write a copy whose lines all end in LF: DuckDB reads mixed ends in quotes only."""
    target = folder / "unix_lines"
    with decoded.open("rb") as file, target.open("wb") as out:
        for chunk in _chunks(file):
            out.write(chunk.replace(b"\r\n", b"\n"))
    return target


@contextmanager
def _valid_gzip() -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise NotATable("The gzip is broken or cut off: send it again.") from exc


def _write_decoded(
    path: Path,
    target: Path,
    kind: FileKind,
    encoding: str,
    progress: Callable[[float], object],
) -> None:
    packed_size = path.stat().st_size
    limit = min(MAX_UNPACKED, max(FREE_EXPANSION, MAX_EXPANSION * packed_size))
    decoder = codecs.getincrementaldecoder(encoding)()
    n_read = 0
    with path.open("rb") as packed, target.open("wb") as out, _valid_gzip():
        file = gzip.GzipFile(fileobj=packed) if kind.gzip else packed
        final = False
        while not final:
            chunk = file.read(CHUNK)
            final = not chunk
            n_read += len(chunk)
            if kind.gzip and n_read > limit:
                raise NotATable(
                    f"Unpacked the file is larger than {limit:,} bytes, more than a "
                    "table this small could be: it looks like a gzip bomb."
                )
            if encoding.lower() not in UTF8:
                chunk = _to_utf8(decoder, chunk, encoding, n_read, final=final)
            out.write(chunk)
            progress(packed.tell() / max(1, packed_size))


def _to_utf8(
    decoder: codecs.IncrementalDecoder,
    chunk: bytes,
    encoding: str,
    n_read: int,
    *,
    final: bool,
) -> bytes:
    try:
        return decoder.decode(chunk, final).encode()
    except UnicodeError as exc:
        at = f"within {CHUNK:,} bytes before byte {n_read:,}"
        raise NotATable(f"The file is not {encoding}: {at}.") from exc


def _check_line_lengths(decoded: Path) -> None:
    """Raise NotATable where a line is longer than MAX_LINE."""
    open_line, lines = 0, 0
    with decoded.open("rb") as file:
        for chunk in _chunks(file):
            newline = b"\n" if b"\n" in chunk else b"\r"
            first, last = chunk.find(newline), chunk.rfind(newline)
            reach = open_line + (first if first >= 0 else len(chunk))
            if reach > MAX_LINE:
                raise NotATable(
                    f"Line {lines + 1} is longer than {MAX_LINE:,} bytes: this is no "
                    "table, or its lines do not end."
                )
            open_line = len(chunk) - last - 1 if last >= 0 else reach
            lines += chunk.count(newline)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """Read chunks that never end between CR and LF."""
    while chunk := file.read(CHUNK):
        if chunk.endswith(b"\r"):
            chunk += file.read(1)
        yield chunk
