"""Content ID claims that people report, and what reviewers make of them.

Reports are append-only: the first of an address for a video on a day stands, and a
review adds its verdict. Only an accepted one lowers the statement of songs.licensing.risk.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import IntegrityError
from django.utils import timezone

from songs.models import ContentClaim, NewVideo
from web.client_ip import digest

Verdict = ContentClaim.Verdict


def report(
    video_id: str,
    *,
    claimant: str,
    details: str = "",
    address: str,
    now: datetime | None = None,
) -> tuple[ContentClaim, bool]:
    """Keep the report that somebody at `address` makes; gone videos take reports too.

    Returns the report that stands and whether it is new: a second one for a video
    within a day (UTC) changes nothing. Raises NewVideo.DoesNotExist.
    """
    now = now or timezone.now()
    if not NewVideo.objects.filter(pk=video_id).exists():
        raise NewVideo.DoesNotExist(video_id)
    defaults = {"claimant": claimant, "details": details, "at": now}
    try:
        return ContentClaim.objects.get_or_create(
            video_id=video_id,
            address=digest(address),
            day=now.astimezone(UTC).date(),
            defaults=defaults,
        )
    except IntegrityError as exc:  # a sample that is removed at this moment
        raise NewVideo.DoesNotExist(video_id) from exc


def review(claims: Collection[int], verdict: Verdict, *, who: str) -> int:
    """Settle those that still wait; returns how many that were."""
    waiting = ContentClaim.objects.waiting().filter(pk__in=claims)
    return waiting.update(verdict=verdict, reviewed_by=who, reviewed_at=timezone.now())


def withdraw(claims: Collection[int], *, who: str) -> int:
    """Reject what was accepted, e.g. once the claim was lifted; returns how many."""
    accepted = ContentClaim.objects.accepted().filter(pk__in=claims)
    return accepted.update(
        verdict=Verdict.REJECTED, reviewed_by=who, reviewed_at=timezone.now()
    )
