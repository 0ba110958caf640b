"""The six columns of 2019, read from a file the way PostgreSQL's COPY writes them.

Bytes in, rows and refusals out; knows no database. The csv module is not used: it
cannot tell an absent text (nothing) from an empty one (`""`).
"""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from songs.models import Mood

COLUMNS = (
    "video_id",
    "video_title",
    "moods",
    "labeled",
    "video_description",
    "predicted_moods",
)
MAX_TEXT = 100_000  # characters of a title or a description
MAX_RECORD = 2 * 4 * MAX_TEXT + 10_000  # bytes: two texts of UTF-8 and the rest
CHUNK = 4 * 1024 * 1024  # bytes

FIELD = rb'("(?:[^"]++|"")*+"|[^",\r\n]*+)'
END = rb"\r?\n"
RECORD = re.compile(rb",".join([FIELD] * 6) + END)
ANY_RECORD = re.compile(rb"(?:" + FIELD + rb",)*+" + FIELD + END)
NEXT_FIELD = re.compile(FIELD + rb"(?:,|" + END + rb")")
RESUMPTION = re.compile(
    rb",".join([FIELD, FIELD, FIELD, rb"[tf]?", FIELD, FIELD]) + END
)
VIDEO_ID = re.compile(rb"[A-Za-z0-9_-]{11}")

BOM = b"\xef\xbb\xbf"
MOODS = {mood.encode() for mood in Mood.values}
OTHER_FILES = {
    b"": "it is empty",
    b"\x1f\x8b": "it is compressed (gzip); unpack it first",
    b"PK\x03\x04": "it is a ZIP archive or a spreadsheet; save it as CSV",
    b"\x89PNG": "it is a PNG image",
    b"version https://git-lfs": "it is a Git LFS pointer; run `git lfs pull`",
    b"\xff\xfe": "it is UTF-16; save it as UTF-8",
    b"\xfe\xff": "it is UTF-16; save it as UTF-8",
}


class NotTheCatalogue(Exception):
    """The file does not begin with the header line of the six columns."""


class CsvRow(NamedTuple):
    """A valid record; texts are UTF-8, None where the file has nothing."""

    line: int  # where it begins in the file, from 1
    video_id: bytes
    video_title: bytes | None
    moods: bytes | None  # set if and only if labeled is b"t"
    labeled: bytes | None  # b"t", b"f"
    video_description: bytes | None
    predicted_moods: bytes | None


class RejectedRecord(NamedTuple):
    """A record that is left out, and why."""

    line: int
    reason: str


class BadRecord(Exception):
    """A record of six columns holds a value that cannot be stored."""


class Window:
    """A stretch of a file that moves forward and holds a whole record at `at`."""

    def __init__(self, file: BinaryIO, progress: Callable[[int], object]) -> None:
        self.file, self.progress = file, progress
        self.data, self.at, self.line, self.ended = b"", 0, 1, False

    def look(self) -> bool:
        """Hold MAX_RECORD bytes from `at` on, or all that is left; False at the end.

        A last line without a line end is given one.
        """
        if len(self.data) - self.at < MAX_RECORD and not self.ended:
            chunk = self.file.read(CHUNK)
            self.ended = len(chunk) < CHUNK
            self.data, self.at = self.data[self.at :] + chunk, 0
            if self.ended and self.data and not self.data.endswith(b"\n"):
                self.data += b"\n"
            self.progress(len(chunk))
        return self.at < len(self.data)

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        return pattern.match(self.data, self.at, self.at + MAX_RECORD)

    def move(self, end: int) -> None:
        self.line += self.data.count(b"\n", self.at, end)
        self.at = end


def read(
    file: BinaryIO, *, progress: Callable[[int], object] = lambda size: None
) -> Iterator[CsvRow | RejectedRecord]:
    """Read the records below the header; `progress` is called with the bytes of each read.

    After a quote that is out of place or never closed, reading goes on at the next line
    that begins six columns with t, f or nothing in the fourth: it costs its own record
    and not the rest of the file.
    Raises NotTheCatalogue.
    """
    window = Window(file, progress)
    _read_header(window)
    while window.look():
        line, match = window.line, window.match(RECORD)
        if match is None:
            reason = _skip_malformed(window)
            last = window.line - 1
            yield RejectedRecord(
                line, f"{reason} (to line {last})" if last > line else reason
            )
            continue
        window.move(match.end())
        try:
            yield _parse_record(line, match)
        except BadRecord as exc:
            yield RejectedRecord(line, str(exc))


def _read_header(window: Window) -> None:
    window.look()
    if window.data.startswith(BOM):
        window.at = len(BOM)
    match = window.match(RECORD)
    names = [name.encode() for name in COLUMNS]
    if match is None or [*map(_text, match.groups())] != names:
        raise NotTheCatalogue(_wrong_file(window.data))
    window.move(match.end())


def _wrong_file(data: bytes) -> str:
    for beginning, what in OTHER_FILES.items():
        if data.startswith(beginning) if beginning else not data:
            return f"This is no CSV of the catalogue: {what}."
    start = data[:80].partition(b"\n")[0].decode(errors="replace").strip()
    return f"Line 1 must be {','.join(COLUMNS)}; it begins with {start!r}."


def _skip_malformed(window: Window) -> str:
    """Move to where reading goes on; returns what is wrong with the record here."""
    match = window.match(ANY_RECORD)
    if match is None:
        _resume(window)
        return "a quote is out of place or never closed, or the record is too long"
    if match.group().count(b"\n") == 1:
        window.move(match.end())
    else:  # its quotes may have swallowed good records
        _resume(window)
    columns = len(NEXT_FIELD.findall(match.group()))
    return f"columns: {columns} instead of {len(COLUMNS)}"


def _resume(window: Window) -> None:
    while window.look():
        newline = window.data.find(b"\n", window.at)
        window.move(newline + 1 if newline >= 0 else len(window.data))
        if newline >= 0 and window.look() and window.match(RESUMPTION):
            return


def _parse_record(line: int, match: re.Match[bytes]) -> CsvRow:
    raw = match.group()
    try:
        raw.decode()
    except UnicodeDecodeError as exc:
        raise BadRecord("invalid UTF-8") from exc
    if b"\0" in raw:
        raise BadRecord("a NUL character")
    video_id, title, mood, labeled, description, guess = map(_text, match.groups())
    if not video_id or not VIDEO_ID.fullmatch(video_id):
        raise BadRecord(f"video_id {_shown(video_id)} is not 11 of A-Z a-z 0-9 _ -")
    if labeled not in (b"t", b"f", b"", None):
        raise BadRecord(f"labeled {_shown(labeled)} is not t, f or empty")
    mood, guess = _mood("moods", mood), _mood("predicted_moods", guess)
    if labeled == b"t" and mood is None:
        raise BadRecord("labeled is t and the mood is missing")
    return CsvRow(
        line,
        video_id,
        _bounded("video_title", title),
        mood if labeled == b"t" else None,  # else it is the default of 2019's table
        labeled or None,
        _bounded("video_description", description),
        guess,
    )


def _text(field: bytes) -> bytes | None:
    if field[:1] == b'"':
        return field[1:-1].replace(b'""', b'"')
    return field or None


def _mood(column: str, mood: bytes | None) -> bytes | None:
    if not mood:
        return None
    if mood not in MOODS:
        raise BadRecord(f"{column}: the mood {_shown(mood)} is unknown")
    return mood


def _bounded(column: str, text: bytes | None) -> bytes | None:
    if text and len(text) > MAX_TEXT and (length := len(text.decode())) > MAX_TEXT:
        raise BadRecord(f"{column} has {length:,} characters, at most {MAX_TEXT:,}")
    return text


def _shown(value: bytes | None) -> str:
    return repr((value or b"")[:40].decode(errors="replace"))
