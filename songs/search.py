"""Finds offered videos: by filters and words, in an order, a page at a time.

A page is a range of one index, read from the place where the last one ended: it costs
the same at any depth. What no index serves ends at TIMEOUT_MS with TooSlow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Expression, QuerySet
from psycopg2.errors import QueryCanceled

from songs.models import ListedVideo, Mood, NewVideo
from songs.models.listed import UNKNOWN_DAY, ListedVideoQuerySet, Place, websearch
from songs.models.video import NewVideoQuerySet

TIMEOUT_MS = 2_000
MOST_RANKED = 10_000
MOST_BY_IDS = 10_000
FENCE = 10**9  # a limit that no result reaches keeps the planner's two parts apart
STREAMED_ROWS = 500  # of one query
NOBODYS_ID = ""  # Django makes no SQL of an empty list
UNKNOWN = "unknown"  # asks for videos of which a fact is not known
BOUNDED = f"""
    SELECT set_config('statement_timeout', '{TIMEOUT_MS}', true),
           set_config('jit', 'off', true)"""  # compiling takes longer than a page

# Ranks are made of the chosen ones alone: each reads all words of a video.
RANKED = """
    WITH matches AS MATERIALIZED ({matches}), ranked AS (
        SELECT ts_rank(search, websearch_to_tsquery('english', %s)) AS rank, video_id
          FROM (SELECT video_id FROM matches LIMIT {most}) newest
          JOIN songs_newvideo USING (video_id)
    ), places AS MATERIALIZED (
        SELECT rank, video_id FROM ranked
         WHERE {beyond} ORDER BY rank {way}, video_id {way} LIMIT {size})
    SELECT (SELECT count(*) FROM matches), array(SELECT rank FROM places),
           array(SELECT video_id FROM places)"""

Values = tuple[Any, ...]
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
# Matches that the full-text index finds sooner than a walk, which has to meet a page
# of them, or MOST_RANKED.
MOST_INDEXED = dict.fromkeys(Order, 20_000) | {Order.RANK: 200_000}
KEYS = {Order.NEWEST: "published", Order.VIEWS: "views", Order.CONFIDENCE: "surety"}


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
    """Where a page starts: beyond this place, or before it if `backwards`."""

    place: Place
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the order that was asked for, and the places to go on from."""

    rows: list[Values]
    next: Place | None
    previous: Place | None
    matches: int | None = None  # that were ranked, where that is the order
    all_ranked: bool = True  # False: there are more, and these are the newest


def page(
    wanted: Wanted, columns: Iterable[Column], *, size: int, start: Start | None = None
) -> Page:
    """Read `size` rows of `columns` of ListedVideo from `start` on. Raises TooSlow."""
    with bounded():
        if wanted.ordering is Order.RANK:
            return _ranked_page(wanted, columns, size, start)
        return _page(list(query(wanted, columns, size + 1, start)), size, start)


def query(
    wanted: Wanted, columns: Iterable[Column], size: int, start: Start | None = None
) -> QuerySet[ListedVideo, Values]:
    """The rows of a page, each with its place before its columns."""
    key = KEYS[wanted.ordering]
    backwards = start is not None and start.backwards
    videos = matching(wanted, few(wanted)).ordered(key, backwards=backwards)
    if start:
        videos = videos.beyond(start.place, key, backwards=backwards)
    return videos.values_list(key, "video_id", *columns)[:size]


def rows(
    wanted: Wanted, columns: Iterable[Column], *, start: Start | None = None
) -> Iterator[Values]:
    """Read all from `start` on, a page after the other. Raises TooSlow on the way."""
    columns = tuple(columns)
    if wanted.ordering is Order.RANK:
        yield from _ranked_rows(wanted, columns, start)
        return
    more = True
    while more:
        found = page(wanted, columns, size=STREAMED_ROWS, start=start)
        yield from found.rows
        more = found.next is not None
        start = Start(found.next) if found.next else None


def matching(
    wanted: Wanted, few: list[str] | NewVideoQuerySet | None = None
) -> ListedVideoQuerySet:
    """The offered videos that are wanted, in no order; `few` is what `few` said."""
    videos = ListedVideo.objects.all()
    if few is not None:
        videos = videos.filter(pk__in=[NOBODYS_ID] if few == [] else few)
    for name, value in _conditions(wanted).items():
        videos = videos.filter(**{name: value})
    if wanted.source is not None:
        person = wanted.source == "person"
        videos = videos.by_people() if person else videos.by_model()
    if wanted.min_confidence is not None:
        videos = videos.surely(wanted.min_confidence)
    if wanted.has_tag is not None:
        videos = videos.with_tag(wanted.has_tag)
    if wanted.q is not None and few is None:
        videos = videos.with_words(wanted.q)
    return videos


@contextmanager
def bounded() -> Iterator[None]:
    """Queries of at most TIMEOUT_MS each, in one transaction; raises TooSlow."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(BOUNDED)
            yield
    except OperationalError as exc:
        if isinstance(exc.__cause__, QueryCanceled):
            raise TooSlow from exc
        raise


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


def few(wanted: Wanted) -> list[str] | NewVideoQuerySet | None:
    """The ids of all videos with the words, where the full-text index finds them sooner.

    None: so many have the words that a walk along the order meets enough of them.
    PostgreSQL knows how frequent the common words are, but not that a walk unpacks the
    words of each video it passes; and it takes all other words for one in 200 rows.
    """
    if wanted.q is None:
        return None
    found = NewVideo.objects.filter(search=websearch(wanted.q)).values_list("pk")
    sql, params = found.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()[0]
    estimate = plan["Plan"]["Plan Rows"]
    if estimate > MOST_INDEXED[wanted.ordering]:
        return None
    if estimate > MOST_BY_IDS:
        return found[:FENCE]
    ids = [video_id for (video_id,) in found[: MOST_BY_IDS + 1]]
    return ids if len(ids) <= MOST_BY_IDS else found[:FENCE]


def _page(found: list[Values], size: int, start: Start | None, **facts: Any) -> Page:
    """`found` begins each row with its place, and has one row more if there are more."""
    more, found = len(found) > size, found[:size]
    backwards = start is not None and start.backwards
    if backwards:
        found.reverse()
    places = [(row[0], row[1]) for row in found]
    return Page(
        [row[2:] for row in found],
        next=places[-1] if places and (more or backwards) else None,
        previous=places[0] if places and (more if backwards else start) else None,
        **facts,
    )


def _ranked_page(
    wanted: Wanted, columns: Iterable[Column], size: int, start: Start | None
) -> Page:
    matches, places = _ranked(wanted, size + 1, start)
    rows = _by_id([video_id for _, video_id in places], columns)
    found = [(rank, id_, *rows[id_]) for rank, id_ in places if id_ in rows]
    return _page(
        found,
        size,
        start,
        matches=min(matches, MOST_RANKED),
        all_ranked=matches <= MOST_RANKED,
    )


def _ranked_rows(
    wanted: Wanted, columns: Iterable[Column], start: Start | None
) -> Iterator[Values]:
    with bounded():
        remaining = iter([id_ for _, id_ in _ranked(wanted, start=start)[1]])
    while some := list(islice(remaining, STREAMED_ROWS)):
        found = _by_id(some, columns)
        yield from (found[video_id] for video_id in some if video_id in found)


def _ranked(
    wanted: Wanted, size: int = MOST_RANKED, start: Start | None = None
) -> tuple[int, list[Place]]:
    """How many of the newest matches there are, to MOST_RANKED + 1, and the places."""
    videos = matching(wanted, few(wanted)).ordered("published")
    query = videos.values_list("video_id")[: MOST_RANKED + 1].query
    matches, params = query.sql_with_params()
    backwards = start is not None and start.backwards
    beyond = f"(rank, video_id) {'>' if backwards else '<'} (%s::real, %s)"
    ranked = RANKED.format(
        matches=matches,
        most=MOST_RANKED,
        beyond=beyond if start else "true",
        way="ASC" if backwards else "DESC",
        size=size,
    )
    with connection.cursor() as cursor:
        cursor.execute(ranked, [*params, wanted.q, *(start.place if start else ())])
        n_matches, ranks, ids = cursor.fetchone()
    return n_matches, list(zip(ranks, ids, strict=True))


def _by_id(video_ids: list[str], columns: Iterable[Column]) -> dict[str, Values]:
    """The rows of these videos by id; none of those that are gone meanwhile."""
    videos = ListedVideo.objects.filter(pk__in=video_ids)
    return {row[0]: row[1:] for row in videos.values_list("video_id", *columns)}
