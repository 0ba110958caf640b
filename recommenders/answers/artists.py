"""Profiles of artists from Last.fm: shown from PostgreSQL, fetched by the worker.

A list of artists shows the profiles that are there, and never waits: those that are
missing are put down as wanted, and a task fetches them. Only the names
of a recommender whose owner asked for it are ever sent.
"""

import logging
import time
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DataError, transaction
from django.db.models import Max
from django.utils import timezone

from background import locks
from recommenders.answers import lastfm
from recommenders.answers.lastfm import (
    ArtistInfo,
    LastfmError,
    LastfmKeyRefused,
    RateLimited,
)
from recommenders.models import ArtistProfile

logger = logging.getLogger(__name__)

KEPT = timedelta(days=30)
RENEWED_AFTER = timedelta(days=7)  # those that are still asked for
PAUSES = {  # after a failure nobody is asked about for so long
    LastfmKeyRefused: timedelta(hours=1),
    RateLimited: timedelta(minutes=5),
    LastfmError: timedelta(minutes=15),
}
BETWEEN_S = 0.25  # Last.fm allows five requests a second
MAX_AT_ONCE = 100  # artists of one task, so that others get their turn
WORK = "lastfm profiles"
MAX_NAME = 300  # characters of an artist's name


def is_on() -> bool:
    return bool(settings.LASTFM_API_KEY)


def of(names: Iterable[str], *, now: datetime | None = None) -> dict[str, ArtistInfo]:
    """The profiles that are known, by name; wants the others, and waits for none.

    Empty where no key is set.
    """
    keys = {name: key_of(name) for name in names if _may_be_asked(name)}
    if not is_on() or not keys:
        return {}
    now = now or timezone.now()
    fresh = ArtistProfile.objects.fresh(now).filter(pk__in=set(keys.values()))
    rows = {row.pk: row for row in fresh}
    young = {key for key, row in rows.items() if row.fetched > now - RENEWED_AFTER}
    _request({key: name for name, key in keys.items() if key not in young}, now)
    return {
        name: _info(rows[key])
        for name, key in keys.items()
        if key in rows and rows[key].found
    }


def key_of(name: str) -> str:
    """Under what a name is kept: as Last.fm does, without regard to case."""
    return unicodedata.normalize("NFKC", name).casefold().strip()[:MAX_NAME]


def fetch_wanted(
    *, sleep: Callable[[float], None] = time.sleep, most: int = MAX_AT_ONCE
) -> int:
    """Ask Last.fm about the artists that are wanted; returns how many were.

    After a failure nobody is asked about for a while, and what is wanted stays so.
    Raises LastfmError, and AlreadyRunning where another process fetches.
    """
    with locks.alone(WORK):
        due = list(ArtistProfile.objects.due(timezone.now())[:most])
        for nth, row in enumerate(due):
            if nth:
                sleep(BETWEEN_S)
            try:
                artist = lastfm.get_info(
                    row.name,
                    key=settings.LASTFM_API_KEY,
                    endpoint=settings.LASTFM_API_ENDPOINT or lastfm.LASTFM,
                )
            except LastfmError as exc:
                _move_to_end(row)
                _pause(exc)
                raise
            _store_if_valid(row, artist)
        return len(due)


def are_wanted() -> bool:
    """Whether somebody is to be asked about now."""
    return is_on() and ArtistProfile.objects.due(timezone.now()).exists()


def open_again(now: datetime) -> datetime:
    """When Last.fm may be asked again."""
    waiting = ArtistProfile.objects.filter(wanted__isnull=False, not_before__gt=now)
    return waiting.aggregate(Max("not_before"))["not_before__max"] or now


def forget_expired(now: datetime) -> int:
    """Delete what is too old to be shown and wanted by nobody; returns how many."""
    old = ArtistProfile.objects.filter(expires__lte=now, wanted=None)
    return old.delete()[0]


def _may_be_asked(name: str) -> bool:
    return 0 < len(name) <= MAX_NAME and lastfm.is_one_line(name)


def _info(row: ArtistProfile) -> ArtistInfo:
    return ArtistInfo(row.biography, tuple(row.tags), row.url, row.image)


def _request(names: dict[str, str], now: datetime) -> None:
    """Mark artists as wanted; those that wait already keep their place."""
    if not names:
        return
    columns = {"wanted": now, "not_before": open_again(now)}
    ArtistProfile.objects.filter(pk__in=names, wanted=None).update(**columns)
    ArtistProfile.objects.bulk_create(
        [
            ArtistProfile(folded=key, name=name, **columns)
            for key, name in names.items()
        ],
        ignore_conflicts=True,
    )


def _pause(exc: LastfmError) -> None:
    pause = next(pause for kind, pause in PAUSES.items() if isinstance(exc, kind))
    logger.warning("no profiles of artists for %s: %s", pause, exc)
    wanted = ArtistProfile.objects.filter(wanted__isnull=False)
    wanted.update(not_before=timezone.now() + pause)


def _move_to_end(row: ArtistProfile) -> None:
    """Let the others be asked about first: the failure may be of this artist alone."""
    ArtistProfile.objects.filter(pk=row.pk).update(wanted=timezone.now())


def _store_if_valid(row: ArtistProfile, artist: ArtistInfo | None) -> None:
    """Keep an answer; one that the database does not take is as good as none."""
    now = timezone.now()
    try:
        with transaction.atomic():
            _store(row, artist, now)
    except (ValueError, DataError) as exc:
        logger.warning("an artist's profile is not kept: %s", type(exc).__name__)
        _store(row, None, now)


def _store(row: ArtistProfile, artist: ArtistInfo | None, now: datetime) -> None:
    row.found = artist is not None
    artist = artist or ArtistInfo("", (), "", "")
    row.biography, row.tags = artist.biography, list(artist.tags)
    row.url, row.image = artist.url, artist.image
    row.fetched, row.expires, row.wanted, row.not_before = now, now + KEPT, None, None
    row.save()
