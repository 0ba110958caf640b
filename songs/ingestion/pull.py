"""`get_new_videos`: walk the searches through YouTube and store what they find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from songs.ingestion import quota, upsert
from songs.ingestion import runs as jobs
from songs.ingestion.crawl import Phase, Walk, resume
from songs.ingestion.quota import Clock, MeteredTransport
from songs.models import IngestRun, NewVideo, Origin, RefusedVideo, SearchProfile
from songs.youtube import client
from songs.youtube.http import HttpTransport

JOB = IngestRun.Job.GET_NEW_VIDEOS
Status = IngestRun.Status

FRESH = timedelta(days=25)  # a video read since is not asked for again
GONE_FRESH = timedelta(days=1)  # one that was gone and is found again may be back
COUNTS = ("found", "new", "updated", "unchanged", "refused", "calls")
REFUSED_FRESH = timedelta(days=30)

SANDBOX_KEY = "sandbox"  # it wants one as YouTube does, any will do
NO_KEY = (
    "DEVELOPER_KEY is not set. Make an API key for YouTube Data API v3 in the Google "
    "Cloud console, or set YOUTUBE_API_ENDPOINT to the address of a sandbox."
)


class UnknownProfile(Exception):
    """No search profile has this name; the admin lists them."""


class SearchRefused(client.YouTubeError):
    """YouTube refuses a profile's search; the others were walked, see `pulled`."""

    def __init__(self, message: str, pulled: Pulled) -> None:
        super().__init__(message)
        self.pulled = pulled


@dataclass(frozen=True, slots=True)
class Limits:
    """What a pull asks for, beside its budget of searches."""

    pages: int | None = None  # of each search, at most; it gets one turn only
    max_results: int = client.MAX_IDS  # a page, 1 to 50; a search costs the same
    dry_run: bool = False  # ask, and store nothing


EVERYTHING = Limits()


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
        reasons = ", ".join(f"{reason} {n}" for reason, n in sorted(refused.items()))
        return (
            f"found {self._sum('found')}: {self._sum('new')} new, "
            f"{self._sum('updated')} updated, {self._sum('unchanged')} unchanged, "
            f"{refused.total()} refused{f' ({reasons})' if reasons else ''}; "
            f"spent {calls['search']} searches, {calls['units']} units"
        )

    def _sum(self, count: str) -> int:
        return sum(getattr(run, count) for run in self.runs)


def youtube_transport(
    *, endpoint: str | None = None, now: Clock = timezone.now
) -> MeteredTransport:
    """The transport that the settings describe, or one to another `endpoint`.

    Without DEVELOPER_KEY only a sandbox answers: what it says has the origin sample,
    and a quota of its own. Raises youtube.KeyRefused without key and endpoint.
    """
    key, endpoint = settings.DEVELOPER_KEY, endpoint or settings.YOUTUBE_API_ENDPOINT
    if not key and not endpoint:
        raise client.KeyRefused(NO_KEY)
    return MeteredTransport(
        lambda spend: HttpTransport(
            key or SANDBOX_KEY, spend=spend, endpoint=endpoint or None
        ),
        origin=Origin.YOUTUBE if key else Origin.SAMPLE,
        now=now,
    )


def pull(
    transport: MeteredTransport,
    profiles: Sequence[SearchProfile] | None = None,
    *,
    budget: int | None = None,
    limits: Limits = EVERYTHING,
) -> Pulled:
    """Walk the profiles (all enabled ones) on from where they stand.

    `budget` is in searches, without one what is left of the day's quota. Each profile
    gets a fair share of it, and what one leaves goes to the others.

    Raises SearchRefused once the others have run, another youtube.YouTubeError at
    once, and AlreadyRunning; what was stored stays.
    """
    with jobs.exclusive(JOB):
        if profiles is None:
            profiles = enabled_profiles()
        searches = budget or transport.left("search")
        return _take_turns(transport, profiles, searches, limits)


def _take_turns(
    transport: MeteredTransport,
    profiles: Sequence[SearchProfile],
    searches: int,
    limits: Limits,
) -> Pulled:
    runs: list[IngestRun] = []
    refusals: list[str] = []
    waiting = list(profiles)
    in_turn = len(waiting)  # of this round, not yet walked
    while waiting:
        share = max(1, searches // in_turn)
        profile = waiting.pop(0)
        try:
            run = pull_profile(transport, profile, budget=share, limits=limits)
        except client.RequestRefused as exc:
            refusals.append(f"Search {profile.name!r}: {exc}")
        else:
            runs.append(run)
            if run.status == Status.PAUSED and limits.pages is None:
                waiting.append(profile)  # for what the others leave
        searches -= transport.calls.get("search", 0)  # a refused search costs too
        if searches <= 0 or (runs and runs[-1].error):
            break
        in_turn = in_turn - 1 or len(waiting)
    latest = {run.profile_id: run.status for run in runs}
    unfinished = waiting or Status.PAUSED in latest.values()
    pulled = Pulled(runs, paused=_why_paused(transport, runs) if unfinished else None)
    if refusals:
        raise SearchRefused(" ".join(refusals), pulled)
    return pulled


def pull_profile(
    transport: MeteredTransport,
    profile: SearchProfile,
    *,
    budget: int,
    limits: Limits = EVERYTHING,
) -> IngestRun:
    """Walk one search on, page by page; each page is stored before the next is asked.

    PAUSED says that its budget (in searches) is spent; with an `error`, the day's
    quota. A profile that was never saved is an ad-hoc search: only the plain search
    is read. Raises youtube.YouTubeError.
    """
    with _ledger(transport, profile, limits) as run:
        transport.calls = run.calls
        try:
            _walk(transport, profile, run, budget, limits)
        except client.QuotaExceeded as exc:
            run.status, run.error = Status.PAUSED, str(exc)
    return run


def _why_paused(transport: MeteredTransport, runs: Sequence[IngestRun]) -> str:
    if runs and runs[-1].error:
        return runs[-1].error
    if not transport.left("search"):
        return quota.spent_in_words("search", transport.now())
    stands = all(run.pk and run.profile_id for run in runs)  # in a profile's cursor
    return f"The budget is spent{'; the next run goes on from here' if stands else ''}."


def enabled_profiles() -> list[SearchProfile]:
    """The searches to walk, the one that waits the longest first."""
    last_run = F("last_run").asc(nulls_first=True)
    profiles = SearchProfile.objects.filter(enabled=True)
    return list(profiles.annotate(last_run=Max("runs")).order_by(last_run, "id"))


def chosen_profiles(query: str | None, name: str | None) -> list[SearchProfile]:
    """An ad-hoc search for `query`, else the profile `name`, else the enabled ones.

    Raises UnknownProfile.
    """
    if query:
        return [SearchProfile(name=query, query=query)]
    if not name:
        return enabled_profiles()
    named = list(SearchProfile.objects.filter(name=name))
    if not named:
        names = SearchProfile.objects.values_list("name", flat=True)
        raise UnknownProfile(f"No profile is named {name!r}; there are {list(names)}.")
    return named


@contextmanager
def _ledger(
    transport: MeteredTransport, profile: SearchProfile, limits: Limits
) -> Iterator[IngestRun]:
    saved = profile if profile.pk else None
    if limits.dry_run:
        yield IngestRun(job=JOB, profile=saved, status=Status.SUCCEEDED)
    else:
        with jobs.recorded(JOB, profile=saved, origin=transport.origin) as run:
            yield run


def _walk(
    transport: MeteredTransport,
    profile: SearchProfile,
    run: IngestRun,
    budget: int,
    limits: Limits,
) -> None:
    now = transport.now()
    search = {"origin": transport.origin, **profile.search_params()}
    walk = resume(profile.cursor, search, now=now).awake(now)
    pages = 0
    while not walk.resting and pages != limits.pages:
        if run.calls.get("search", 0) >= budget:
            run.status = Status.PAUSED
            return
        # a search whose videos cannot be described would be wasted
        transport.require("search", "units")
        walk, plan = _read_page(transport, profile, walk, run, limits)
        profile.cursor = walk.cursor()  # read again by the profile's next turn
        pages += 1
        if not limits.dry_run:
            _store(transport, profile, run, plan)
        if profile.pk is None and walk.phase != Phase.PAGES:
            return


def _read_page(
    transport: MeteredTransport,
    profile: SearchProfile,
    walk: Walk,
    run: IngestRun,
    limits: Limits,
) -> tuple[Walk, upsert.Plan]:
    """Ask for the walk's next page and for what we do not know of it; count it."""
    params = {
        **profile.search_params(),
        **walk.params(),
        "maxResults": limits.max_results,
    }
    try:
        page = client.search_page(transport, params, page_token=walk.token)
    except client.InvalidPageToken:
        if walk.token is None:
            raise
        return walk.after_refused_token(), upsert.Plan()
    plan, settled = _describe(transport, page.video_ids)
    plan.refusals.update(reason for _, reason in page.refused)
    found = len(page.video_ids) + len(page.refused)
    _count(run, plan, found=found, settled=settled)
    return walk.after_page(found=found, next_token=page.next_page_token), plan


def _describe(
    transport: MeteredTransport, ids: Sequence[str]
) -> tuple[upsert.Plan, int]:
    """What to do about the videos of a page, and how many we know well enough.

    They are described page by page, not 50 at a time over several pages: what one
    search found is stored before the next, and units are plentiful where searches
    are not (10,000 beside 100).
    """
    remembered = _remembered_refusals(ids, transport)
    unknown = [id_ for id_ in ids if id_ not in remembered]
    now, origin = transport.now(), transport.origin
    settled = _settled(unknown, origin=origin, now=now)
    to_ask = [id_ for id_ in unknown if id_ not in settled]
    listing = client.list_videos(transport, to_ask)
    plan = upsert.sort_out(listing, origin=origin, now=now)
    plan.refusals.update(remembered.values())
    return plan, len(settled)


def _count(run: IngestRun, plan: upsert.Plan, *, found: int, settled: int) -> None:
    run.found += found
    run.new += plan.new
    run.updated += plan.updated
    run.unchanged += plan.same + settled
    run.refused = dict(plan.refusals + Counter(run.refused))


def _store(
    transport: MeteredTransport,
    profile: SearchProfile,
    run: IngestRun,
    plan: upsert.Plan,
) -> None:
    """The page, where the walk goes on, and the ledger: all of them or none."""
    with transaction.atomic():
        upsert.write(plan, origin=transport.origin, now=transport.now())
        SearchProfile.objects.filter(pk=profile.pk).update(cursor=profile.cursor)
        run.save(update_fields=COUNTS)


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


def _settled(ids: Sequence[str], *, origin: str, now: datetime) -> set[str]:
    """Those that need not be asked for: read lately, or no business of a sample."""
    recent = Q(last_fetched__gt=now - FRESH, gone_since=None) | Q(
        last_fetched__gt=now - GONE_FRESH
    )
    sample = Q(origin=Origin.SAMPLE)
    settled = recent | ~sample if origin == Origin.SAMPLE else recent & ~sample
    known = NewVideo.objects.filter(settled, pk__in=ids)
    return set(known.values_list("pk", flat=True))
