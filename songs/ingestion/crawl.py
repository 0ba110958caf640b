"""Where the crawl of a search stands, and what it asks next.

search.list ends after about 500 results, so a crawl (1) reads the plain search to its
end, (2) repeats it in windows of time, a calendar year each, back to YouTube's first,
and (3) from then on sweeps what was uploaded since the last sweep, once a run.
Pure: knows neither database nor network. SearchProfile.cursor keeps it as JSON.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

logger = logging.getLogger(__name__)

FIRST_YEAR = 2005  # YouTube's first video
CAP = 450  # results; search.list stops at about 500 and some of them are filtered out
ENDLESS = 1_000  # results; more than search.list can have, so its tokens lead nowhere
SHORTEST = timedelta(days=1)  # a window is not split below this
OVERLAP = timedelta(days=1)  # new uploads reach the search index late

Window = tuple[datetime | None, datetime | None]  # published after, published before


class CrawlPhase(StrEnum):
    PAGES = "pages"
    WINDOWS = "windows"
    NEW = "new"


class BadCrawlCursor(ValueError):
    """The cursor is not one that a crawl has written; {} starts from the beginning."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """A point of the crawl; each step returns the next point."""

    search: dict[str, str]  # what is crawled: origin and parameters
    phase: CrawlPhase
    started: datetime  # when the crawl, or its latest sweep, began
    todo: tuple[Window, ...]  # the first is being read; none: idle until the next run
    token: str | None = None  # of the next page of the first window
    used: tuple[str, ...] = ()  # tokens of that window; one that returns is a loop
    found: int = 0  # results of that window so far
    restarted: bool = False  # that window, after a token that was refused

    @classmethod
    def start(cls, search: dict[str, str], *, now: datetime) -> Crawl:
        now = now.replace(microsecond=0)
        return cls(search, CrawlPhase.PAGES, started=now, todo=((None, None),))

    @property
    def idle(self) -> bool:
        return not self.todo

    def resume(self, now: datetime) -> Crawl:
        """The crawl at the start of a run: an idle one begins its next sweep."""
        if not self.idle:
            return self
        now = now.replace(microsecond=0)
        return replace(self, started=now, todo=((self.started - OVERLAP, now),))

    def params(self) -> dict[str, str]:
        """What the window adds to the parameters of search.list."""
        after, before = self.todo[0]
        params = {"publishedAfter": _text(after), "publishedBefore": _text(before)}
        if self.phase == CrawlPhase.NEW:
            params["order"] = "date"
        return {name: value for name, value in params.items() if value}

    def after_page(self, *, found: int, next_token: str | None) -> Crawl:
        """The next point after a page of `found` results."""
        found += self.found
        if next_token and next_token not in self.used and found < ENDLESS:
            used = (*self.used, next_token)
            return replace(self, token=next_token, used=used, found=found)
        return self._after_window(found)

    def after_refused_token(self) -> Crawl:
        """Back to the window's first page; the second time, on to the next window."""
        if self.restarted:
            return self._after_window(self.found)
        return replace(self, token=None, used=(), found=0, restarted=True)

    def _after_window(self, found: int) -> Crawl:
        window, *rest = self.todo
        halves = _halves(window) if found >= CAP else ()
        crawl = replace(
            self, todo=(*halves, *rest), token=None, used=(), found=0, restarted=False
        )
        if crawl.todo:
            return crawl
        if self.phase == CrawlPhase.PAGES:
            return replace(crawl, phase=CrawlPhase.WINDOWS, todo=_years(self.started))
        return replace(crawl, phase=CrawlPhase.NEW)

    def cursor(self) -> dict[str, Any]:
        """The crawl as JSON; `from_cursor` reads it."""
        return {
            "search": self.search,
            "phase": self.phase.value,
            "started": _text(self.started),
            "todo": [[_text(after), _text(before)] for after, before in self.todo],
            "token": self.token,
            "used": list(self.used),
            "found": self.found,
            "restarted": self.restarted,
        }


def from_cursor(cursor: object, search: dict[str, str], *, now: datetime) -> Crawl:
    """The crawl that `cursor` describes.

    An empty cursor, one of another search (a person changed the profile, or it stands
    in the sandbox), and one that makes no sense (with a warning: people can edit it)
    start from the beginning.
    """
    if cursor == {}:
        return Crawl.start(search, now=now)
    try:
        crawl = _parsed(cursor, now=now)
    except BadCrawlCursor as exc:
        logger.warning("a search starts over, its cursor makes no sense: %s", exc)
        return Crawl.start(search, now=now)
    return crawl if crawl.search == search else Crawl.start(search, now=now)


def _parsed(cursor: object, *, now: datetime) -> Crawl:
    """Raises BadCrawlCursor."""
    if not isinstance(cursor, dict):
        raise BadCrawlCursor("it is not an object")
    try:
        crawl = Crawl(
            search=cursor["search"],
            phase=CrawlPhase(cursor["phase"]),
            started=_moment(cursor["started"]),
            todo=tuple(_window(ends) for ends in cursor["todo"]),
            token=cursor["token"],
            used=tuple(cursor["used"]),
            found=cursor["found"],
            restarted=cursor["restarted"],
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise BadCrawlCursor(f"{type(exc).__name__} {exc}") from exc
    if not isinstance(crawl.token, str | None) or not isinstance(crawl.found, int):
        raise BadCrawlCursor("its token is not text, or found is not a number")
    if crawl.started > now + SHORTEST:
        raise BadCrawlCursor("it starts in the future")
    if crawl.idle and crawl.phase != CrawlPhase.NEW:
        raise BadCrawlCursor("nothing is left to do before the new uploads")
    return crawl


def _window(ends: list[str | None]) -> Window:
    after, before = (None if end is None else _moment(end) for end in ends)
    if after and before and after >= before:
        raise BadCrawlCursor("a window ends before it starts")
    return after, before


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise BadCrawlCursor(f"{text} has no time zone")
    return moment.astimezone(UTC)


def _text(moment: datetime | None) -> str | None:
    """RFC 3339, as YouTube wants it."""
    return moment and moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _years(now: datetime) -> tuple[Window, ...]:
    """One window per calendar year (UTC), this one first."""
    starts = [
        datetime(year, 1, 1, tzinfo=UTC) for year in range(now.year, FIRST_YEAR - 1, -1)
    ]
    ends = [now, *starts]
    return tuple(
        (after, before)
        for after, before in zip(starts, ends, strict=False)
        if after < before
    )


def _halves(window: Window) -> tuple[Window, ...]:
    """The window's two halves, the newer first; none if they would be too short."""
    after, before = window
    if after is None or before is None or before - after < 2 * SHORTEST:
        return ()
    middle = (after + (before - after) / 2).replace(microsecond=0)
    return (middle, before), (after, middle)
