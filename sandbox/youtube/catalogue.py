"""The videos that the sandbox knows: the project's own sample, or any CSV.

A sample video is a line of sample/videos.ndjson beside what its channel says under
every video (sample/channels.json). The line holds the mood that was meant, which
YouTube does not know; `changed` and `removed` are what the search index missed. What
it does not say is made up from the id, always the same.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parent / "sample"
SAMPLE_LINE = "A sample of MoodiBeats, no real upload."  # above every description

_FIRST_DAY = datetime(2012, 1, 1, tzinfo=UTC)
_DAYS = 8 * 365  # ends with 2019
_SHORTEST_S, _LONGEST_S = 245, 1_190  # "medium" for search.list: 4 to 20 minutes
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_MAX_CELL = 10_000_000  # characters


class BadCatalogue(Exception):
    """The catalogue cannot be read; it needs the columns of the article."""


@dataclass(frozen=True, slots=True)
class Video:
    """A video, with the names and values that the API uses where it has them."""

    id: str  # 11 characters
    title: str
    description: str
    channel_title: str
    published_at: datetime  # timezone-aware, UTC
    duration: timedelta
    view_count: int
    like_count: int | None  # None: its owner hides it
    comment_count: int
    tags: tuple[str, ...] = ()
    language: str | None = None  # BCP 47
    license: str = "creativeCommon"
    embeddable: bool = True
    privacy: str = "public"  # or "unlisted", "private"
    blocked: tuple[str, ...] = ()  # regions, ISO 3166-1 alpha-2
    comments_disabled: bool = False

    @property
    def channel_id(self) -> str:
        return "UC" + hashlib.sha256(self.channel_title.encode()).hexdigest()[:22]


class Catalogue:
    """The videos as they are now, and as the search index remembers them.

    The index lags behind, as YouTube's does: a video that was changed or removed is
    still found as it was before, and only videos.list knows better.
    """

    def __init__(self, videos: Iterable[Video]) -> None:
        self.current = {video.id: video for video in videos}
        self.indexed = tuple(self.current.values())

    def change(self, video_id: str, **columns: Any) -> None:
        """Raises KeyError for an unknown video, TypeError for an unknown column."""
        self.current[video_id] = replace(self.current[video_id], **columns)

    def remove(self, video_id: str) -> None:
        """Raises KeyError for an unknown video."""
        del self.current[video_id]


def sample() -> Catalogue:
    """The project's own catalogue, written for it."""
    channels = json.loads((SAMPLE / "channels.json").read_text(encoding="utf-8"))
    rows = list(sample_rows())
    catalogue = Catalogue(
        _from_sample(row, channels[row["channel"]], channel_title=row["channel"])
        for row in rows
    )
    for row in rows:
        if row.get("removed"):
            catalogue.remove(row["id"])
        elif "changed" in row:
            catalogue.change(row["id"], **row["changed"])
    return catalogue


def sample_rows() -> Iterator[dict[str, Any]]:
    """The lines of the sample; beside what YouTube knows they hold the mood meant."""
    with (SAMPLE / "videos.ndjson").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _from_sample(
    row: dict[str, Any], channel: dict[str, Any], *, channel_title: str
) -> Video:
    made_up = _made_up(row["id"])
    likes = {"like_count": None} if row.get("likes_hidden") else {}
    given = {
        name: row[name]
        for name in ("license", "embeddable", "comments_disabled")
        if name in row
    }
    if "minutes" in row:
        made_up["duration"] = timedelta(minutes=row["minutes"])
    texts = [SAMPLE_LINE, row["text"], channel["footer"]]
    return Video(
        id=row["id"],
        title=row["title"],
        description="\n\n".join(filter(None, texts)),
        channel_title=channel_title,
        tags=tuple(row["tags"]),
        language=row.get("language", channel.get("language")),
        blocked=tuple(row.get("blocked", ())),
        **made_up | likes | given,
    )


def read_csv(path: Path) -> Catalogue:
    """The catalogue in a CSV with the columns of the article.

    Only video_id, video_title and video_description are YouTube's; the moods beside
    them are ours and stay unsaid. Raises BadCatalogue.
    """
    csv.field_size_limit(_MAX_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if not {"video_id", "video_title"} <= set(rows.fieldnames or ()):
                raise BadCatalogue(f"{path}: no columns video_id and video_title")
            return Catalogue(_from_csv(row, line=rows.line_num) for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise BadCatalogue(f"{path}: {exc}") from exc


def _from_csv(row: dict[str, str | None], *, line: int) -> Video:
    title, video_id = row["video_title"] or "", row["video_id"] or ""
    if not _VIDEO_ID.fullmatch(video_id):
        raise BadCatalogue(f"line {line}: {video_id!r} is no video id")
    words = dict.fromkeys(re.findall(r"[^\W\d_]{3,}", title.lower()))
    return Video(
        id=video_id,
        title=title,
        description=row.get("video_description") or "",
        channel_title=f"Channel of {video_id}",  # shared ones would be made up
        tags=tuple(words)[:8],
        **_made_up(video_id),
    )


def _made_up(video_id: str) -> dict[str, Any]:
    """What nobody wrote down: time, length and counts, always the same for an id."""
    day, second, length, views, likes, comments = _numbers(video_id)[1:7]
    view_count = 10 ** (2 + views % 4) + views % 9_973
    return {
        "published_at": _FIRST_DAY
        + timedelta(days=day % _DAYS, seconds=second % 86_400),
        "duration": timedelta(
            seconds=_SHORTEST_S + length % (_LONGEST_S - _SHORTEST_S)
        ),
        "view_count": view_count,
        "like_count": view_count // (20 + likes % 60),
        "comment_count": comments % 45,
    }


def _numbers(video_id: str) -> list[int]:
    """Eight numbers below 2**32 that look random."""
    digest = hashlib.sha256(video_id.encode()).digest()
    return [int.from_bytes(digest[nth : nth + 4]) for nth in range(0, 32, 4)]
