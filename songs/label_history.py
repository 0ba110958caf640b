"""The history of labels as NDJSON: one act a line, in the order of the history.

{"video_id": "...", "action": "label", "mood": "SAD", "who": "ada",
 "source": "admin", "at": "2026-01-31T12:00:00.123456+00:00"}
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple

from songs.copying import copy_in, copy_line
from songs.csv_records import VIDEO_ID, Refused
from songs.models import Mood, MoodLabel

COLUMNS = ("video_id", "action", "mood", "who", "source", "at")
MAX_LINE = 10_000  # bytes
MAX_WHO = MoodLabel._meta.get_field("who").max_length

SHAPE = (
    "an object with video_id, action (label, skip, clear), mood (with label only), "
    f"who (1 to {MAX_WHO} characters), source (admin, api, import, suggestion) and at "
    "(ISO 8601 with offset)"
)


class Act(NamedTuple):
    """One act of one person, as MoodLabel holds it; `line` counts from 1."""

    line: int
    video_id: str
    action: str
    mood: str | None
    who: str
    source: str
    at: datetime


def export_history(file: BinaryIO) -> int:
    """Write every act, in the order of the history; returns how many."""
    count = 0
    for act in MoodLabel.objects.order_by("id").values(*COLUMNS).iterator():
        act["at"] = act["at"].isoformat()
        file.write(json.dumps(act, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def read(file: BinaryIO) -> Iterator[Act | Refused]:
    """Read the acts of an NDJSON file, refusing lines that are none."""
    line = 0
    while raw := file.readline(MAX_LINE):
        line += 1
        try:
            yield _understood(line, raw)
        except (ValueError, TypeError, RecursionError, OverflowError):
            yield Refused(line, "this is no act: " + SHAPE)
        while raw and not raw.endswith(b"\n"):
            raw = file.readline(MAX_LINE)


def stage(file: BinaryIO, refuse: Callable[[Refused], None]) -> None:
    """Put the acts of `file` into the temporary table import_history."""
    copy_in("import_history", _lines(read(file), refuse))


def _lines(
    acts: Iterable[Act | Refused], refuse: Callable[[Refused], None]
) -> Iterator[bytes]:
    for act in acts:
        if isinstance(act, Refused):
            refuse(act)
        else:
            yield copy_line(str(value).encode() if value else None for value in act)


def _understood(line: int, raw: bytes) -> Act:
    """The act of one line; raises the errors of JSON, text and dates if it is none."""
    record = json.loads(raw)
    if not isinstance(record, dict) or sorted(record) != sorted(COLUMNS):
        raise ValueError("other names")
    texts = [value for name, value in record.items() if name != "mood"]
    if not all(isinstance(text, str) and text.encode() for text in texts):
        raise ValueError("no text")
    act = Act(line, *(record[name] for name in COLUMNS))
    at = datetime.fromisoformat(record["at"])
    if not (
        VIDEO_ID.fullmatch(act.video_id.encode())
        and act.action in MoodLabel.Action.values
        and act.mood in (Mood.values if act.action == "label" else [None])
        and act.source in MoodLabel.Source.values
        and len(act.who) <= MAX_WHO
        and "\0" not in act.who
        and at.tzinfo
    ):
        raise ValueError("an unknown value")
    return act._replace(at=at.astimezone(UTC))
