"""All rows of a list of videos, newest first: some at a time, by queries of their own.

A cursor would hold a transaction, or a copy of the whole list in the database, for as
long as a slow client takes to read. What changes meanwhile is shown as it was or as it is.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from songs.browse.fetch import FIRST_ROWS, Values, fetch
from songs.models import NewVideo

CURSOR_KEY = ("published_at", "video_id")
Row = dict[str, Any]
Rows = QuerySet[NewVideo, Row]


def rows(videos: Rows, *, size: int) -> Iterator[Row]:
    """Read `videos`, which have `values()` and are `newest_first()`, `size` at a time."""
    names = [*videos.query.values_select, *videos.query.annotations]
    hidden = [name for name in CURSOR_KEY if name not in names]
    videos = videos.values(*names, *hidden)
    names = list(videos.query.selected)
    limit = min(size, FIRST_ROWS)
    page = fetch(videos[:limit])
    while page:
        last = dict(zip(names, page[-1], strict=True))
        for values in page:
            row = dict(zip(names, values, strict=True))
            for name in hidden:
                del row[name]
            yield row
        more, limit = len(page) == limit, size
        page = _after(videos, *map(last.get, CURSOR_KEY), size) if more else []


def _after(
    videos: Rows, published: datetime | None, video_id: str, size: int
) -> list[Values]:
    if published is None:
        return fetch(videos.filter(published_at=None, video_id__gt=video_id)[:size])
    beyond = Q(published_at__lt=published) | Q(video_id__gt=video_id)
    page = fetch(videos.filter(beyond, published_at__lte=published)[:size])
    if len(page) < size:  # undated videos are the last
        page += fetch(videos.filter(published_at=None)[: size - len(page)])
    return page
