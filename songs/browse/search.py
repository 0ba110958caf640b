"""Finds offered videos: by filters and words, in an order, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from songs.browse import fulltext
from songs.browse.fetch import FIRST_ROWS, Values
from songs.browse.queries import (
    FIRST,
    Candidates,
    Column,
    Cursor,
    VideoFilter,
    VideoOrder,
    bounded,
    fetch_bounded,
    query,
)
from songs.models import NewVideo

STREAMED_ROWS = 2_000  # of one query
MAX_TAGGED = 10_000  # videos; of more, a walk along an order meets enough


@dataclass(frozen=True, slots=True)
class VideoPage:
    """Rows in the order that was asked for, and the keys to go on from."""

    rows: list[Values]
    next: tuple[Any, ...] | None
    previous: tuple[Any, ...] | None


def page(
    filters: VideoFilter,
    columns: Iterable[Column],
    *,
    size: int,
    cursor: Cursor = FIRST,
) -> VideoPage:
    """Read `size` rows of `columns` of ListedVideo from `cursor` on.

    Raises QueryTooSlow.
    """
    columns = tuple(columns)
    if filters.q is None:
        among = None if filters.has_tag is None else _tagged(filters.has_tag)
        rows = fetch_bounded(query(filters, columns, size + 1, cursor, among=among))
    else:
        with bounded():
            rows = fulltext.page_rows(filters, columns, size + 1, cursor)
    width = 3 if filters.ordering is VideoOrder.RANK else 2
    more, rows = len(rows) > size, rows[:size]
    if cursor.backwards:
        rows.reverse()
    after = more or cursor.backwards
    before = more if cursor.backwards else cursor.key is not None
    return VideoPage(
        [row[width:] for row in rows],
        next=rows[-1][:width] if rows and after else None,
        previous=rows[0][:width] if rows and before else None,
    )


def rows(
    filters: VideoFilter, columns: Iterable[Column], *, cursor: Cursor = FIRST
) -> Iterator[Values]:
    """Read all from `cursor` on, a page after the other. Raises QueryTooSlow."""
    columns, more, size = tuple(columns), True, min(STREAMED_ROWS, FIRST_ROWS)
    while more:
        read = page(filters, columns, size=size, cursor=cursor)
        yield from read.rows
        more, size = read.next is not None, STREAMED_ROWS
        cursor = Cursor(read.next)


def _tagged(tag: str) -> Candidates:
    """The ids of the videos with this tag; None where those are more than MAX_TAGGED.

    PostgreSQL takes every tag for one in a hundred, and would walk from video to video.
    """
    tagged = NewVideo.objects.with_tag(tag).values_list("pk")
    ids = fetch_bounded(tagged[: MAX_TAGGED + 1])
    return None if len(ids) > MAX_TAGGED else [video_id for (video_id,) in ids]
