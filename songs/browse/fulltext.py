"""Pages of videos with the words of a search: by rank, newest first, or in any order.

The rank of a video is whether all the words are in its title; of equal rank the newest
is first. So a ranking is two lists, newest first, one after the other: exact for any
number of videos, and read a page at a time like every order.

The full-text index names all videos with a word, in no order. So it is asked for those
of some months: as many as hold a page, judging by how frequent the words are, then
more. What nearly every video has is met soon enough on a walk from video to video.
docs/decisions/0021 says what each of these ways is for, and what it saves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from math import ceil

from django.contrib.postgres.search import SearchVectorExact
from django.db import connection
from django.db.models import F, Max, Q

from songs.browse.fetch import Values
from songs.browse.queries import (
    Candidates,
    Column,
    Cursor,
    VideoFilter,
    VideoOrder,
    query,
)
from songs.models import ListedVideo, NewVideo
from songs.models.fulltext import Months, TitleWords
from songs.models.listed import UNKNOWN_DAY, websearch
from songs.models.video import NewVideoQuerySet

FEW = 1_000  # so many ids cost less than to look closer
MAX_BY_IDS = 10_000
MAX_INDEXED = 20_000  # of more, a walk along another order meets enough
FENCE = 10**9  # a limit that no result reaches keeps the planner's two parts apart
SPAN = 20 * 12  # months that there may be videos of, about
SPARE = 4  # times the page, for a start: some videos do not pass the filters
NEARLY_ALL = 0.25  # of all videos
HOW_MANY = "SELECT reltuples FROM pg_class WHERE oid = 'songs_newvideo'::regclass"


class Zone(IntEnum):
    """Where in a video the words must be; in a cursor its number is the rank."""

    ANYWHERE = 0
    TITLE = 1
    ELSEWHERE = 2  # anywhere, and not all of them in the title


RANKS = (Zone.TITLE, Zone.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class SearchWords:
    """Words as `websearch` reads them."""

    text: str
    zone: Zone = Zone.ANYWHERE

    def match(self, column: str) -> Q:
        """The condition on `column`, which is the column `search` of videos."""
        words = websearch(self.text)
        anywhere = Q(**{column: words})
        if self.zone is Zone.ANYWHERE:
            return anywhere
        in_title = Q(SearchVectorExact(TitleWords(column), words))
        if self.zone is Zone.ELSEWHERE:
            return anywhere & ~in_title
        # What is in the title is in the video. Only of `-word` the rest may have more,
        # and to look for a very common word there takes 10 ms.
        return anywhere & in_title if "-" in self.text else in_title

    @property
    def listed(self) -> Q:
        """The condition on listed videos."""
        return self.match("video__search")


def page_rows(
    filters: VideoFilter, columns: tuple[Column, ...], size: int, cursor: Cursor
) -> list[Values]:
    """Rows of a page as `queries.query` has them; a ranking has the rank in the key."""
    words = SearchWords(filters.q or "")
    if filters.ordering is VideoOrder.NEWEST:
        return _newest(filters, words, columns, size, cursor)
    if filters.ordering is not VideoOrder.RANK:
        among = all_matches(words, most=MAX_INDEXED)
        return list(
            query(filters, columns, size, cursor, among=among, words=words.listed)
        )
    way = RANKS[::-1] if cursor.backwards else RANKS
    first = Zone(cursor.key[2]) if cursor.key else way[0]
    rows: list[Values] = []
    for rank in way[way.index(first) :]:
        if len(rows) == size:
            break
        start = cursor if rank is first else Cursor(None, cursor.backwards)
        ranked = SearchWords(words.text, rank)
        for row in _newest(filters, ranked, columns, size - len(rows), start):
            rows.append((*row[:2], int(rank), *row[2:]))
    return rows


def all_matches(words: SearchWords, *, most: int) -> Candidates:
    """All videos with the words; None where those are about more than `most`."""
    return None if _estimate(words) > most else _candidates(words)


def _newest(
    filters: VideoFilter,
    words: SearchWords,
    columns: tuple[Column, ...],
    size: int,
    cursor: Cursor,
) -> list[Values]:
    rows: list[Values] = []
    for among in _growing(words, size, cursor):
        if among != []:
            page = query(
                filters, columns, size, cursor, among=among, words=words.listed
            )
            rows = list(page)
        if len(rows) == size:
            break
    return rows


def _growing(words: SearchWords, size: int, cursor: Cursor) -> Iterator[Candidates]:
    """Ever more of the videos with the words, from the cursor on; at last all.

    Each time those are all of some months, so that the first `size` of them that pass
    other filters are the right ones.
    """
    estimate = _estimate(words)
    if estimate > MAX_BY_IDS and estimate > NEARLY_ALL * _n_videos():
        yield None
        return
    if estimate <= MAX_BY_IDS and (ids := _ids(words, most=FEW)) is not None:
        yield ids
        return
    months = ceil(SPARE * size * SPAN / max(estimate, FEW))
    at = cursor.key[0] if cursor.key else None
    if at is None and not cursor.backwards:
        at = ListedVideo.objects.aggregate(newest=Max("published"))["newest"]
    while months < SPAN and at not in (None, UNKNOWN_DAY):
        yield _candidates(words, _window(at, months, backwards=cursor.backwards))
        months *= SPARE
    yield _candidates(words)


def _window(at: datetime, months: int, *, backwards: bool) -> list[int]:
    """The month of `at`, and those after or before it on the way."""
    at = at.astimezone(UTC)
    month = at.year * 12 + at.month
    first = month if backwards else month - months + 1
    return list(range(first, first + months))


def _candidates(words: SearchWords, months: list[int] | None = None) -> Candidates:
    ids = _ids(words, months, most=MAX_BY_IDS)
    return _matches(words, months)[:FENCE] if ids is None else ids


def _ids(
    words: SearchWords, months: list[int] | None = None, *, most: int
) -> list[str] | None:
    """The ids of the videos with the words; None where those are more than `most`.

    The index knows what is in a title and cannot say what is not: that takes a look at
    all words of a video, or a second query.
    """
    if words.zone is Zone.ELSEWHERE:
        if not (ids := _ids(SearchWords(words.text), months, most=most)):
            return ids
        in_title = _ids(SearchWords(words.text, Zone.TITLE), months, most=most)
        return list(set(ids) - set(in_title or ()))
    ids = [video_id for (video_id,) in _matches(words, months)[: most + 1]]
    return ids if len(ids) <= most else None


def _matches(words: SearchWords, months: list[int] | None) -> NewVideoQuerySet:
    videos = NewVideo.objects.filter(words.match("search"))
    if months is not None:
        videos = videos.alias(months=Months("published_at"))
        videos = videos.filter(months__overlap=months)
    return videos.values_list("pk")


def _estimate(words: SearchWords) -> int:
    """How many videos PostgreSQL thinks have the words; no row is read.

    It knows how frequent the common words are, and takes others for one in 200 videos.
    """
    column = TitleWords("search") if words.zone is Zone.TITLE else F("search")
    videos = NewVideo.objects.filter(SearchVectorExact(column, websearch(words.text)))
    sql, params = videos.values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()[0]
    return plan["Plan"]["Plan Rows"]


def _n_videos() -> float:
    with connection.cursor() as cursor:
        cursor.execute(HOW_MANY)
        return cursor.fetchone()[0]
