"""Crawl the searches through YouTube and store what they find (`get_new_videos`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q

from songs.ingestion import crawl, quota, runs, upsert
from songs.ingestion.crawl import Crawl, CrawlPhase
from songs.ingestion.transport import MeteredTransport
from songs.models import IngestRun, NewVideo, Origin, RefusedVideo, SearchProfile
from songs.models.video import REFRESH_AGE
from songs.youtube import client

JOB = IngestRun.Job.GET_NEW_VIDEOS
Status = IngestRun.Status

GONE_FRESH = timedelta(days=1)  # one that was gone and is in a result again may be back
COUNTS = ("found", "new", "updated", "unchanged", "refused", "calls")
REFUSED_FRESH = timedelta(days=30)


class UnknownProfile(Exception):
    """No search profile has this name; the admin lists them."""


class SearchRefused(client.YouTubeError):
    """YouTube refuses a profile's search; the others were crawled, see `pulled`."""

    def __init__(self, message: str, pulled: Pulled) -> None:
        super().__init__(message)
        self.pulled = pulled


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a pull, besides its budget of searches."""

    pages: int | None = None  # of each search, at most; it gets one turn only
    max_results: int = client.MAX_IDS  # a page, 1 to 50; a search costs the same
    dry_run: bool = False  # spend quota, and store nothing


EVERYTHING = Limits()


@dataclass
class Search:
    """One search to crawl: that of a profile, or a query that is searched once."""

    name: str
    params: dict[str, str]  # of search.list
    profile: SearchProfile | None = None  # None: searched once, no cursor is kept
    cursor: dict[str, Any] = field(default_factory=dict)  # where the next turn goes on

    @classmethod
    def of(cls, profile: SearchProfile) -> Search:
        return cls(profile.name, profile.search_params(), profile, profile.cursor)

    @classmethod
    def once(cls, query: str) -> Search:
        """A search for `query` with what a new profile has by default."""
        return cls(query, SearchProfile(query=query).search_params())


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did; `paused` says why it ended early and when it can go on."""

    runs: list[IngestRun]
    paused: str | None = None

    def __str__(self) -> str:
        refused, calls = Counter[str](), Counter[str]()
        for run in self.runs:
            refused.update(run.refused)
            calls.update(run.calls)
        reasons = runs.reasons(refused)
        return (
            f"found {self._sum('found')}: {self._sum('new')} new, "
            f"{self._sum('updated')} updated, {self._sum('unchanged')} unchanged, "
            f"{refused.total()} refused{f' ({reasons})' if reasons else ''}; "
            f"spent {calls['search']} searches, {calls['units']} units"
        )

    def _sum(self, count: str) -> int:
        return sum(getattr(run, count) for run in self.runs)


def pull(
    transport: MeteredTransport,
    profiles: Sequence[SearchProfile] | None = None,
    *,
    query: str | None = None,
    budget: int | None = None,
    limits: Limits = EVERYTHING,
) -> Pulled:
    """Crawl on from where the profiles (all enabled ones) stand; or search for `query`.

    `budget` is in searches, without one what is left of the day's quota. Each profile
    gets a fair share of it, and what one leaves goes to the others. A `query` is
    searched once: only the plain search is read.

    Raises SearchRefused once the others have run, another youtube.YouTubeError at
    once, and AlreadyRunning; what was stored stays.
    """
    with runs.exclusive(JOB):
        if query:
            searches = [Search.once(query)]
        else:
            chosen = enabled_profiles() if profiles is None else profiles
            searches = [Search.of(profile) for profile in chosen]
        return _take_turns(
            transport, searches, budget or transport.left("search"), limits
        )


def _take_turns(
    transport: MeteredTransport,
    searches: Sequence[Search],
    budget: int,
    limits: Limits,
) -> Pulled:
    done: list[IngestRun] = []
    refusals: list[str] = []
    waiting = list(searches)
    in_turn = len(waiting)  # of this round, without a turn so far
    end = transport.calls["search"] + budget
    left = budget
    while waiting:
        search = waiting.pop(0)
        try:
            run = _take_turn(transport, search, max(1, left // in_turn), limits)
        except client.RequestRefused as exc:
            refusals.append(f"Search {search.name!r}: {exc}")
        else:
            done.append(run)
            if run.status == Status.PAUSED and limits.pages is None:
                waiting.append(search)  # for what the others leave
        left = end - transport.calls["search"]  # a refused search costs too
        if left <= 0 or (done and done[-1].error):
            break
        in_turn = in_turn - 1 or len(waiting)
    latest = {run.profile_id: run.status for run in done}
    paused = None
    if waiting or Status.PAUSED in latest.values():
        goes_on = not limits.dry_run and all(search.profile for search in searches)
        paused = _why_paused(transport, done, goes_on=goes_on)
    pulled = Pulled(done, paused)
    if refusals:
        raise SearchRefused(" ".join(refusals), pulled)
    return pulled


def _take_turn(
    transport: MeteredTransport, search: Search, budget: int, limits: Limits
) -> IngestRun:
    """Crawl one search on, page by page; each is stored before the next is requested.

    PAUSED says that its budget (in searches) is spent; with an `error`, the day's
    quota. Raises youtube.YouTubeError.
    """
    with _ledger(transport, search, dry_run=limits.dry_run) as run:
        turn = _Turn(transport, search, limits, run, transport.calls.copy())
        try:
            turn.crawl(budget)
        except client.QuotaExceeded as exc:
            run.status, run.error = Status.PAUSED, str(exc)
        finally:
            run.calls = turn.calls()
    return run


def _why_paused(
    transport: MeteredTransport, done: Sequence[IngestRun], *, goes_on: bool
) -> str:
    if done and done[-1].error:
        return done[-1].error
    if not transport.left("search"):
        return quota.spent_message("search", transport.now())
    return (
        f"The budget is spent{'; the next run goes on from here' if goes_on else ''}."
    )


def enabled_profiles() -> list[SearchProfile]:
    """The searches to crawl, the one that waits the longest first."""
    last_run = F("last_run").asc(nulls_first=True)
    profiles = SearchProfile.objects.filter(enabled=True)
    return list(profiles.annotate(last_run=Max("runs")).order_by(last_run, "id"))


def profile_named(name: str) -> SearchProfile:
    """The profile of this name, enabled or not; raises UnknownProfile."""
    profile = SearchProfile.objects.filter(name=name).first()
    if profile is None:
        names = SearchProfile.objects.values_list("name", flat=True)
        raise UnknownProfile(f"No profile is named {name!r}; there are {list(names)}.")
    return profile


@contextmanager
def _ledger(
    transport: MeteredTransport, search: Search, *, dry_run: bool
) -> Iterator[IngestRun]:
    """The row that counts a turn; that of a dry run is never stored."""
    if dry_run:
        yield IngestRun(job=JOB, profile=search.profile, status=Status.SUCCEEDED)
        return
    with runs.recorded(JOB, profile=search.profile, origin=transport.origin) as run:
        yield run


@dataclass(frozen=True, slots=True)
class _Turn:
    """One turn of a search, and the row that counts it."""

    transport: MeteredTransport
    search: Search
    limits: Limits
    run: IngestRun
    calls_before: Counter[str]  # of the transport

    def calls(self) -> dict[str, int]:
        """What this turn has spent, by bucket."""
        return dict(self.transport.calls - self.calls_before)

    def crawl(self, budget: int) -> None:
        """Read pages until the crawl is idle, or a limit or `budget` is reached."""
        now = self.transport.now()
        search = {"origin": self.transport.origin, **self.search.params}
        at = crawl.from_cursor(self.search.cursor, search, now=now).resume(now)
        pages = 0
        while not at.idle and pages != self.limits.pages:
            if self.calls().get("search", 0) >= budget:
                self.run.status = Status.PAUSED
                return
            # a search whose videos cannot be described would be wasted
            self.transport.require("search", "units")
            at, plan = self._read_page(at)
            self.search.cursor = at.cursor()
            pages += 1
            if not self.limits.dry_run:
                self._store(plan)
            if self.search.profile is None and at.phase != CrawlPhase.PAGES:
                return

    def _read_page(self, at: Crawl) -> tuple[Crawl, upsert.UpsertPlan]:
        """Fetch the next page, and those of its videos that are due; count them."""
        params = {
            **self.search.params,
            **at.params(),
            "maxResults": self.limits.max_results,
        }
        try:
            page = client.search_page(self.transport, params, page_token=at.token)
        except client.InvalidPageToken:
            if at.token is None:
                raise
            return at.after_refused_token(), upsert.UpsertPlan()
        plan, n_known = _describe(self.transport, page.video_ids)
        plan.refusals.update(reason for _, reason in page.refused)
        found = len(page.video_ids) + len(page.refused)
        self._count(plan, found=found, n_known=n_known)
        return at.after_page(found=found, next_token=page.next_page_token), plan

    def _count(self, plan: upsert.UpsertPlan, *, found: int, n_known: int) -> None:
        self.run.found += found
        self.run.new += plan.new
        self.run.updated += plan.updated
        self.run.unchanged += plan.same + n_known
        self.run.refused = dict(plan.refusals + Counter(self.run.refused))

    def _store(self, plan: upsert.UpsertPlan) -> None:
        """The page, where the crawl goes on, and the ledger: all of them or none."""
        self.run.calls = self.calls()
        with transaction.atomic():
            upsert.write(plan, origin=self.transport.origin, now=self.transport.now())
            if profile := self.search.profile:
                rows = SearchProfile.objects.filter(pk=profile.pk)
                rows.update(cursor=self.search.cursor)
            self.run.save(update_fields=COUNTS)


def _describe(
    transport: MeteredTransport, ids: Sequence[str]
) -> tuple[upsert.UpsertPlan, int]:
    """What to do about the videos of a page, and how many we know well enough.

    They are described page by page, not 50 at a time over several pages: what one
    search found is stored before the next, and units are plentiful where searches
    are not (10,000 beside 100).
    """
    remembered = _remembered_refusals(ids, transport)
    others = [id_ for id_ in ids if id_ not in remembered]
    now, origin = transport.now(), transport.origin
    known = _well_known(others, origin=origin, now=now)
    listing = client.list_videos(transport, [id_ for id_ in others if id_ not in known])
    plan = upsert.plan_upsert(listing, origin=origin, now=now)
    plan.refusals.update(remembered.values())
    return plan, len(known)


def _remembered_refusals(
    ids: Sequence[str], transport: MeteredTransport
) -> dict[str, str]:
    """Reasons, by id, of those that were refused not long ago."""
    refused = RefusedVideo.objects.filter(
        pk__in=ids,
        origin=transport.origin,
        refused_at__gt=transport.now() - REFUSED_FRESH,
    )
    return dict(refused.values_list("video_id", "reason"))


def _well_known(ids: Sequence[str], *, origin: str, now: datetime) -> set[str]:
    """Those that need no fetch: fetched lately, or not to be touched by a sandbox."""
    recent = Q(last_fetched__gt=now - REFRESH_AGE, gone_since=None) | Q(
        last_fetched__gt=now - GONE_FRESH
    )
    sample = Q(origin=Origin.SAMPLE)
    well_known = recent | ~sample if origin == Origin.SAMPLE else recent & ~sample
    known = NewVideo.objects.filter(well_known, pk__in=ids)
    return set(known.values_list("pk", flat=True))
