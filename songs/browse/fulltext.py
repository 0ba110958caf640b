"""Which videos have the words of a search, the newest of them without reading all.

The full-text index names all videos with a word, in no order. So it is asked for those
of some months: as many as hold a page, judging by how frequent the words are, then
more. What nearly every video has is met soon enough on a walk from video to video.
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

from songs.models import ListedVideo, NewVideo
from songs.models.fulltext import Months, TitleWords
from songs.models.listed import UNKNOWN_DAY, websearch
from songs.models.video import NewVideoQuerySet

FEW = 1_000  # so many ids cost less than to look closer
MOST_BY_IDS = 10_000
FENCE = 10**9  # a limit that no result reaches keeps the planner's two parts apart
SPAN = 20 * 12  # months that there may be videos of, about
SPARE = 4  # times the page, for a start: some videos do not pass the filters
NEARLY_ALL = 0.25  # of all videos
HOW_MANY = "SELECT reltuples FROM pg_class WHERE oid = 'songs_newvideo'::regclass"
Some = list[str] | NewVideoQuerySet | None  # None: too many, meet them on a walk


class Where(IntEnum):
    """Where in a video the words must be."""

    ANYWHERE = 0
    TITLE = 1
    ELSEWHERE = 2  # anywhere, and not all of them in the title


@dataclass(frozen=True, slots=True)
class Words:
    """Words as `websearch` reads them."""

    text: str
    where: Where = Where.ANYWHERE

    def match(self, column: str) -> Q:
        """The condition on `column`, which is the column `search` of videos."""
        words = websearch(self.text)
        has = Q(**{column: words})
        if self.where is Where.ANYWHERE:
            return has
        in_title = Q(SearchVectorExact(TitleWords(column), words))
        if self.where is Where.ELSEWHERE:
            return has & ~in_title
        # What is in the title is in the video. Only of `-word` the rest may have more,
        # and to look for a very common word there takes 10 ms.
        return has & in_title if "-" in self.text else in_title


def every(words: Words, *, most: int) -> Some:
    """All videos with the words; None where those are about more than `most`."""
    return None if _estimate(words) > most else _found(words)


def newest(
    words: Words, *, size: int, place: datetime | None, backwards: bool
) -> Iterator[Some]:
    """Ever more of the videos with the words, from a place in time on; at last all.

    Each time those are all of some months beside the place, so that the first `size`
    of them that pass other filters are the right ones.
    """
    estimate = _estimate(words)
    if estimate > MOST_BY_IDS and estimate > NEARLY_ALL * _n_videos():
        yield None
        return
    if estimate <= MOST_BY_IDS and (ids := _ids(words, most=FEW)) is not None:
        yield ids
        return
    months = ceil(SPARE * size * SPAN / max(estimate, FEW))
    if place is None and not backwards:
        place = ListedVideo.objects.aggregate(newest=Max("published"))["newest"]
    while months < SPAN and place not in (None, UNKNOWN_DAY):
        yield _found(words, _window(place, months, backwards=backwards))
        months *= SPARE
    yield _found(words)


def _window(place: datetime, months: int, *, backwards: bool) -> list[int]:
    """The month of `place`, and those beside it on the way."""
    at = place.astimezone(UTC)
    month = at.year * 12 + at.month
    first = month if backwards else month - months + 1
    return list(range(first, first + months))


def _found(words: Words, months: list[int] | None = None) -> Some:
    ids = _ids(words, months, most=MOST_BY_IDS)
    return _having(words, months)[:FENCE] if ids is None else ids


def _ids(
    words: Words, months: list[int] | None = None, *, most: int
) -> list[str] | None:
    """The ids of the videos with the words; None where those are more than `most`.

    The index knows what is in a title and cannot say what is not: that takes a look at
    all words of a video, or a second question.
    """
    if words.where is Where.ELSEWHERE:
        if not (ids := _ids(Words(words.text), months, most=most)):
            return ids
        in_title = _ids(Words(words.text, Where.TITLE), months, most=most)
        return list(set(ids) - set(in_title or ()))
    ids = [video_id for (video_id,) in _having(words, months)[: most + 1]]
    return ids if len(ids) <= most else None


def _having(words: Words, months: list[int] | None) -> NewVideoQuerySet:
    videos = NewVideo.objects.filter(words.match("search"))
    if months is not None:
        videos = videos.alias(months=Months("published_at"))
        videos = videos.filter(months__overlap=months)
    return videos.values_list("pk")


def _estimate(words: Words) -> int:
    """How many videos PostgreSQL thinks have the words; no row is read.

    It knows how frequent the common words are, and takes others for one in 200 videos.
    """
    column = TitleWords("search") if words.where is Where.TITLE else F("search")
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
