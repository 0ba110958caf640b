"""The label history as NDJSON: one label event a line, in the order of the history.

{"video_id": "...", "action": "label", "mood": "SAD", "who": "ada",
 "source": "admin", "at": "2026-01-31T12:00:00.123456+00:00"}

A reverted event has taken_back_by (who) and taken_back_at (when).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple

from django.db.models import OuterRef, Subquery

from songs.models import LabelRevert, Mood, MoodLabel
from songs.transfer.copy import copy_in, copy_line
from songs.transfer.csv_rows import VIDEO_ID, RejectedRecord

COLUMNS = ("video_id", "action", "mood", "who", "source", "at")
TAKEN_BACK = ("taken_back_by", "taken_back_at")
ALL = COLUMNS + TAKEN_BACK
MAX_LINE = 10_000  # bytes
MAX_WHO = MoodLabel._meta.get_field("who").max_length

SHAPE = (
    "an object with video_id, action (label, skip, clear), mood (with label only), "
    f"who (1 to {MAX_WHO} characters), source ({', '.join(MoodLabel.Source.values)}) "
    "and at (ISO 8601 with offset); if somebody took it back taken_back_by and "
    "taken_back_at, as who and at"
)


class LabelEvent(NamedTuple):
    """One event of one person, as MoodLabel holds it; `line` counts from 1."""

    line: int
    video_id: str
    action: str
    mood: str | None
    who: str
    source: str
    at: datetime
    taken_back_by: str | None = None
    taken_back_at: datetime | None = None


def export_history(file: BinaryIO) -> int:
    """Write every event, in the order of the history; returns how many."""
    count = 0
    revert = LabelRevert.objects.filter(acts=OuterRef("pk"), undone_at=None)
    events = MoodLabel.objects.annotate(
        taken_back_by=Subquery(revert.values("who")[:1]),
        taken_back_at=Subquery(revert.values("at")[:1]),
    )
    for event in events.order_by("id").values(*ALL).iterator():
        event["at"] = event["at"].isoformat()
        if event["taken_back_by"] is None:
            del event["taken_back_by"], event["taken_back_at"]
        else:
            event["taken_back_at"] = event["taken_back_at"].isoformat()
        file.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def read(file: BinaryIO) -> Iterator[LabelEvent | RejectedRecord]:
    """Read the events of an NDJSON file, refusing lines that are none."""
    line = 0
    while raw := file.readline(MAX_LINE):
        line += 1
        try:
            yield _parse_record(line, raw)
        except (ValueError, TypeError, RecursionError, OverflowError):
            yield RejectedRecord(line, "this is no label event: " + SHAPE)
        while raw and not raw.endswith(b"\n"):
            raw = file.readline(MAX_LINE)


def stage(file: BinaryIO, refuse: Callable[[RejectedRecord], None]) -> None:
    """Put the events of `file` into the temporary table import_history."""
    copy_in("import_history", _lines(read(file), refuse))


def _lines(
    acts: Iterable[LabelEvent | RejectedRecord],
    refuse: Callable[[RejectedRecord], None],
) -> Iterator[bytes]:
    for event in acts:
        if isinstance(event, RejectedRecord):
            refuse(event)
        else:
            yield copy_line(str(value).encode() if value else None for value in event)


def _parse_record(line: int, raw: bytes) -> LabelEvent:
    """The event of one line; raises the errors of JSON, text and dates if it is none."""
    record = json.loads(raw)
    if not isinstance(record, dict) or {*record} not in ({*COLUMNS}, {*ALL}):
        raise ValueError("other names")
    texts = [value for name, value in record.items() if name != "mood"]
    if not all(isinstance(text, str) and text.encode() for text in texts):
        raise ValueError("no text")
    event = LabelEvent(line, **record)
    names = [event.who, event.taken_back_by or event.who]
    if not (
        VIDEO_ID.fullmatch(event.video_id.encode())
        and event.action in MoodLabel.Action.values
        and event.mood in (Mood.values if event.action == "label" else [None])
        and event.source in MoodLabel.Source.values
        and all(len(name) <= MAX_WHO and "\0" not in name for name in names)
    ):
        raise ValueError("an unknown value")
    taken_back_at = event.taken_back_at and _moment(record["taken_back_at"])
    return event._replace(at=_moment(record["at"]), taken_back_at=taken_back_at)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if not at.tzinfo:
        raise ValueError("no offset")
    return at.astimezone(UTC)
