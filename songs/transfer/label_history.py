"""The history of labels as NDJSON: one act a line, in the order of the history.

{"video_id": "...", "action": "label", "mood": "SAD", "who": "ada",
 "source": "admin", "at": "2026-01-31T12:00:00.123456+00:00"}

An act that somebody took back says so: taken_back_by (who) and taken_back_at (when).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple

from django.db.models import OuterRef, Subquery

from songs.models import LabelRevert, Mood, MoodLabel
from songs.transfer.copy import copy_in, copy_line
from songs.transfer.csv_rows import VIDEO_ID, Refused

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


class Act(NamedTuple):
    """One act of one person, as MoodLabel holds it; `line` counts from 1."""

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
    """Write every act, in the order of the history; returns how many."""
    count = 0
    revert = LabelRevert.objects.filter(acts=OuterRef("pk"), undone_at=None)
    acts = MoodLabel.objects.annotate(
        taken_back_by=Subquery(revert.values("who")[:1]),
        taken_back_at=Subquery(revert.values("at")[:1]),
    )
    for act in acts.order_by("id").values(*ALL).iterator():
        act["at"] = act["at"].isoformat()
        if act["taken_back_by"] is None:
            del act["taken_back_by"], act["taken_back_at"]
        else:
            act["taken_back_at"] = act["taken_back_at"].isoformat()
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
    if not isinstance(record, dict) or {*record} not in ({*COLUMNS}, {*ALL}):
        raise ValueError("other names")
    texts = [value for name, value in record.items() if name != "mood"]
    if not all(isinstance(text, str) and text.encode() for text in texts):
        raise ValueError("no text")
    act = Act(line, **record)
    names = [act.who, act.taken_back_by or act.who]
    if not (
        VIDEO_ID.fullmatch(act.video_id.encode())
        and act.action in MoodLabel.Action.values
        and act.mood in (Mood.values if act.action == "label" else [None])
        and act.source in MoodLabel.Source.values
        and all(len(name) <= MAX_WHO and "\0" not in name for name in names)
    ):
        raise ValueError("an unknown value")
    taken_back_at = act.taken_back_at and _moment(record["taken_back_at"])
    return act._replace(at=_moment(record["at"]), taken_back_at=taken_back_at)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if not at.tzinfo:
        raise ValueError("no offset")
    return at.astimezone(UTC)
