"""Finds offered videos: by filters and words, in an order, a page at a time.

A page is a range of one index, read from the place where the last one ended: it costs
the same at any depth. What no index serves ends at TIMEOUT_MS with TooSlow.

The rank of a video is whether all the words are in its title; of equal rank the newest
is first. So a ranking is two lists, newest first, one after the other: exact for any
number of videos, and read a page at a time like every order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Expression, QuerySet
from psycopg2.errors import QueryCanceled

from songs.browse import fulltext
from songs.browse.fetch import FIRST_ROWS, Values, fetch
from songs.browse.fulltext import Some, Where, Words
from songs.models import ListedVideo, Mood, NewVideo
from songs.models.listed import UNKNOWN_DAY, ListedVideoQuerySet

TIMEOUT_MS = 2_000
STREAMED_ROWS = 2_000  # of one query
MOST_REMEMBERED = 500  # sets of columns
MOST_TAGGED = 10_000  # videos; of more, a walk along an order meets enough
MOST_INDEXED = 20_000  # videos with words; of more, a walk along an order meets enough
RANKS = (Where.TITLE, Where.ELSEWHERE)
UNKNOWN = "unknown"  # asks for videos of which a fact is not known
BOUNDED = f"""
    SELECT set_config('statement_timeout', '{TIMEOUT_MS}', true),
           set_config('jit', 'off', true)"""  # compiling takes longer than a page
UNDIVIDED = """,
           set_config('max_parallel_workers_per_gather', '0', true)"""  # so does to fork

Column = str | Expression


class TooSlow(Exception):
    """No index serves this combination of filters, and it took too long without."""


class Order(StrEnum):
    NEWEST = "newest"
    VIEWS = "views"
    CONFIDENCE = "confidence"
    RANK = "rank"


LABELLED: dict[str, dict[str, Any]] = {
    "true": {"labeled": True},
    "false": {"labeled": False},
    UNKNOWN: {"labeled__isnull": True},
}
KEYS = {
    Order.NEWEST: "published",
    Order.VIEWS: "views",
    Order.CONFIDENCE: "surety",
    Order.RANK: "published",  # of equal rank
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which videos, and in which order; None wants nothing in particular."""

    ordering: Order = Order.NEWEST
    q: str | None = None  # as `websearch` reads it
    mood: Mood | None = None
    source: str | None = None  # "person", "model"
    min_confidence: float | None = None
    labelled: str | None = None  # "true", "false" (skipped), UNKNOWN
    channel: str | None = None
    licence: str | None = None  # or UNKNOWN
    language: str | None = None  # or UNKNOWN
    min_duration: int | None = None  # seconds
    max_duration: int | None = None
    published_after: datetime | None = None  # from then on
    published_before: datetime | None = None  # without that moment
    has_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page starts: beyond this place, or before it if `backwards`.

    The place is the one that ended another page: what orders, an id, and with ranks
    the rank. None is the end that the way comes from.
    """

    place: tuple[Any, ...] | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order that was asked for, and the places to go on from."""

    rows: list[Values]
    next: tuple[Any, ...] | None
    previous: tuple[Any, ...] | None


FIRST = Start()


def page(
    wanted: Wanted, columns: Iterable[Column], *, size: int, start: Start | None = None
) -> Page:
    """Read `size` rows of `columns` of ListedVideo from `start` on. Raises TooSlow."""
    start, columns = start or FIRST, tuple(columns)
    if wanted.q is None:
        some = None if wanted.has_tag is None else _tagged(wanted.has_tag)
        found = _alone(query(wanted, columns, size + 1, start, some=some))
    else:
        with bounded():
            found = list(_with_words(wanted, columns, size + 1, start))
    width = 3 if wanted.ordering is Order.RANK else 2
    more, found = len(found) > size, found[:size]
    if start.backwards:
        found.reverse()
    places = [row[:width] for row in found]
    return Page(
        [row[width:] for row in found],
        next=places[-1] if places and (more or start.backwards) else None,
        previous=places[0]
        if places and (more if start.backwards else start.place)
        else None,
    )


def rows(
    wanted: Wanted, columns: Iterable[Column], *, start: Start | None = None
) -> Iterator[Values]:
    """Read all from `start` on, a page after the other. Raises TooSlow on the way."""
    columns, more, size = tuple(columns), True, min(STREAMED_ROWS, FIRST_ROWS)
    while more:
        found = page(wanted, columns, size=size, start=start)
        yield from found.rows
        more, size = found.next is not None, STREAMED_ROWS
        start = Start(found.next)


def query(
    wanted: Wanted,
    columns: Iterable[Column],
    size: int,
    start: Start = FIRST,
    *,
    some: Some = None,
    where: Where = Where.ANYWHERE,
) -> QuerySet[ListedVideo, Values]:
    """The rows of a page, each with its place before its columns."""
    key = KEYS[wanted.ordering]
    videos = matching(wanted, some, where, _all((key, "video_id", *columns)))
    videos = videos.ordered(key, backwards=start.backwards)
    if start.place:
        videos = videos.beyond(start.place[:2], key, backwards=start.backwards)
    return videos[:size]


def matching(
    wanted: Wanted,
    some: Some = None,
    where: Where = Where.ANYWHERE,
    among: ListedVideoQuerySet | None = None,
) -> ListedVideoQuerySet:
    """The offered videos that are wanted, in no order; with words those of `some`."""
    videos = ListedVideo.objects.all() if among is None else among
    if isinstance(some, list):
        videos = videos.with_ids(some)
    elif some is not None:
        videos = videos.filter(pk__in=some)
    elif wanted.q is not None:
        videos = videos.filter(Words(wanted.q, where).match("video__search"))
    for name, value in _conditions(wanted).items():
        videos = videos.filter(**{name: value})
    if wanted.source is not None:
        person = wanted.source == "person"
        videos = videos.by_people() if person else videos.by_model()
    if wanted.min_confidence is not None:
        videos = videos.surely(wanted.min_confidence)
    if wanted.has_tag is not None:
        videos = videos.with_tag(wanted.has_tag)
    return videos


@contextmanager
def bounded() -> Iterator[None]:
    """Queries of at most TIMEOUT_MS each, in one transaction; raises TooSlow."""
    with _in_time(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BOUNDED)
        yield


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except OperationalError as exc:
        if isinstance(exc.__cause__, QueryCanceled):
            raise TooSlow from exc
        raise


def _alone(videos: QuerySet[Any, Values]) -> list[Values]:
    """The rows of a bounded query that is sent with its bounds, as one message.

    PostgreSQL makes one transaction of a message. In a longer one a failure must leave
    the rest in force.
    """
    longer = transaction.atomic() if connection.in_atomic_block else nullcontext()
    with _in_time(), longer:
        return fetch(videos, bounds=f"{BOUNDED}{UNDIVIDED}")


def _tagged(tag: str) -> list[str] | None:
    """The ids of the videos with this tag; None where those are more than MOST_TAGGED.

    PostgreSQL takes every tag for one in a hundred, and would walk from video to video.
    """
    ids = _alone(NewVideo.objects.with_tag(tag).values_list("pk")[: MOST_TAGGED + 1])
    return None if len(ids) > MOST_TAGGED else [video_id for (video_id,) in ids]


@lru_cache(maxsize=MOST_REMEMBERED)
def _all(columns: tuple[Column, ...]) -> ListedVideoQuerySet:
    """To look up twenty names takes longer than the rest of a query's making."""
    return ListedVideo.objects.values_list(*columns)


def _conditions(wanted: Wanted) -> dict[str, Any]:
    known = {
        "mood": wanted.mood,
        "channel_id": wanted.channel,
        "seconds__gte": wanted.min_duration,
        "seconds__lte": wanted.max_duration,
        "published__gte": wanted.published_after,
        "published__lt": wanted.published_before,
    }
    conditions = {name: value for name, value in known.items() if value is not None}
    for name in ("licence", "language"):
        value = getattr(wanted, name)
        if value is not None:
            unknown = value == UNKNOWN
            conditions |= {f"{name}__isnull": True} if unknown else {name: value}
    if wanted.labelled is not None:
        conditions |= LABELLED[wanted.labelled]
    if wanted.published_before and not wanted.published_after:
        conditions["published__gt"] = UNKNOWN_DAY
    return conditions


def _with_words(
    wanted: Wanted, columns: tuple[Column, ...], size: int, start: Start
) -> Iterable[Values]:
    if wanted.ordering is Order.RANK:
        return _ranked(wanted, columns, size, start)
    if wanted.ordering is Order.NEWEST:
        return _newest_with_words(wanted, columns, size, start)
    some = fulltext.every(Words(wanted.q or ""), most=MOST_INDEXED)
    return query(wanted, columns, size, start, some=some)


def _ranked(
    wanted: Wanted, columns: tuple[Column, ...], size: int, start: Start
) -> list[Values]:
    """Rows of the rank where `start` is, then of the ranks on the way from there."""
    way = RANKS[::-1] if start.backwards else RANKS
    at = way.index(start.place[2]) if start.place else 0
    found: list[Values] = []
    for rank in way[at:]:
        missing = size - len(found)
        here = start if rank == way[at] else Start(None, start.backwards)
        if missing:
            rows = _newest_with_words(wanted, columns, missing, here, rank)
            found += [(*row[:2], int(rank), *row[2:]) for row in rows]
    return found


def _newest_with_words(
    wanted: Wanted,
    columns: tuple[Column, ...],
    size: int,
    start: Start,
    where: Where = Where.ANYWHERE,
) -> list[Values]:
    found: list[Values] = []
    for some in fulltext.newest(
        Words(wanted.q or "", where),
        size=size,
        place=start.place[0] if start.place else None,
        backwards=start.backwards,
    ):
        if some != []:
            found = list(query(wanted, columns, size, start, some=some, where=where))
        if len(found) == size:
            break
    return found
