"""Offered videos by filters and an order, as querysets, and the bounds they are read in.

A page is a range of one index, read from the key where the last one ended: it costs
the same at any depth. What no index serves ends at TIMEOUT_MS with QueryTooSlow.
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
from django.db.models import Expression, Q, QuerySet
from psycopg2.errors import QueryCanceled

from songs.browse.fetch import Values, fetch
from songs.models import ListedVideo, Mood
from songs.models.listed import UNKNOWN_DAY, ListedVideoQuerySet
from songs.models.video import NewVideoQuerySet

TIMEOUT_MS = 2_000
MAX_REMEMBERED = 500  # sets of columns
UNKNOWN = "unknown"  # chooses videos of which a fact is not known
BOUNDED = f"""
    SELECT set_config('statement_timeout', '{TIMEOUT_MS}', true),
           set_config('jit', 'off', true)"""  # compiling takes longer than a page
UNDIVIDED = """,
           set_config('max_parallel_workers_per_gather', '0', true)"""  # so does to fork

Column = str | Expression
Candidates = list[str] | NewVideoQuerySet | None  # None: all videos


class QueryTooSlow(Exception):
    """No index serves this combination of filters, and it took too long without."""


class VideoOrder(StrEnum):
    NEWEST = "newest"
    VIEWS = "views"
    CONFIDENCE = "confidence"
    RANK = "rank"


KEYS = {
    VideoOrder.NEWEST: "published",
    VideoOrder.VIEWS: "views",
    VideoOrder.CONFIDENCE: "surety",
    VideoOrder.RANK: "published",  # of equal rank
}
LOOKUPS = {
    "mood": "mood",
    "channel": "channel_id",
    "licence": "licence",
    "language": "language",
    "min_duration": "seconds__gte",
    "max_duration": "seconds__lte",
    "published_after": "published__gte",
    "published_before": "published__lt",
}
MAY_BE_UNKNOWN = ("licence", "language")
LABELLED = {
    "true": Q(labeled=True),
    "false": Q(labeled=False),
    UNKNOWN: Q(labeled=None),
}


@dataclass(frozen=True, slots=True)
class VideoFilter:
    """Which videos, and in which order; None leaves a fact open."""

    ordering: VideoOrder = VideoOrder.NEWEST
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
class Cursor:
    """Where a page starts: after this key in the order, or before it if `backwards`.

    The key is that of the row that ended another page: what orders, an id, and with
    ranks the rank. None is the end that one comes from.
    """

    key: tuple[Any, ...] | None = None
    backwards: bool = False


FIRST = Cursor()


def query(
    filters: VideoFilter,
    columns: Iterable[Column],
    size: int | None,
    cursor: Cursor = FIRST,
    *,
    among: Candidates = None,
    words: Q | None = None,
) -> QuerySet[ListedVideo, Values]:
    """The rows of a page, each with its key before its columns."""
    key = KEYS[filters.ordering]
    videos = matching(filters, among, words, _with((key, "video_id", *columns)))
    videos = videos.ordered(key, backwards=cursor.backwards)
    if cursor.key:
        videos = videos.beyond(cursor.key[:2], key, backwards=cursor.backwards)
    return videos[:size]


def matching(
    filters: VideoFilter,
    among: Candidates = None,
    words: Q | None = None,
    videos: ListedVideoQuerySet | None = None,
) -> ListedVideoQuerySet:
    """The offered videos that pass all filters but `q`, in no order.

    Those of `among` have the words already; else `words` is the condition for them.
    """
    videos = ListedVideo.objects.all() if videos is None else videos
    if isinstance(among, list):
        videos = videos.with_ids(among)
    elif among is not None:
        videos = videos.filter(pk__in=among)
    elif words is not None:
        videos = videos.filter(words)
    if conditions := list(_conditions(filters)):
        videos = videos.filter(*conditions)
    if filters.source is not None:
        person = filters.source == "person"
        videos = videos.labelled() if person else videos.predicted()
    if filters.min_confidence is not None:
        videos = videos.at_least_confident(filters.min_confidence)
    if filters.has_tag is not None:
        videos = videos.with_tag(filters.has_tag)
    return videos


@contextmanager
def bounded() -> Iterator[None]:
    """Queries of at most TIMEOUT_MS each, in one transaction; raises QueryTooSlow."""
    with _in_time(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BOUNDED)
        yield


def fetch_bounded(videos: QuerySet[Any, Values]) -> list[Values]:
    """The rows of one query that is sent with its bounds, as one message.

    PostgreSQL makes one transaction of a message. In a longer one a failure must leave
    the rest in force.
    """
    longer = transaction.atomic() if connection.in_atomic_block else nullcontext()
    with _in_time(), longer:
        return fetch(videos, bounds=f"{BOUNDED}{UNDIVIDED}")


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except OperationalError as exc:
        if isinstance(exc.__cause__, QueryCanceled):
            raise QueryTooSlow from exc
        raise


@lru_cache(maxsize=MAX_REMEMBERED)
def _with(columns: tuple[Column, ...]) -> ListedVideoQuerySet:
    """To resolve twenty names is a third of what a page takes of the processor."""
    return ListedVideo.objects.values_list(*columns)


def _conditions(filters: VideoFilter) -> Iterator[Q]:
    for name, lookup in LOOKUPS.items():
        value = getattr(filters, name)
        if value == UNKNOWN and name in MAY_BE_UNKNOWN:
            yield Q(**{f"{lookup}__isnull": True})
        elif value is not None:
            yield Q(**{lookup: value})
    if filters.labelled is not None:
        yield LABELLED[filters.labelled]
    if filters.published_before and not filters.published_after:
        yield Q(published__gt=UNKNOWN_DAY)
