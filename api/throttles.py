"""Who may ask how often."""

import math
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from songs import limits
from songs.addresses import network
from songs.limits import Allowance

MOST_REMEMBERED = 10_000
Refusal = tuple[datetime, int]  # until when, and the limit that was exceeded


class AddressThrottle(BaseThrottle):
    """Bounds the POSTs of one address, whichever web process it meets.

    PostgreSQL counts each request in one statement (songs.limits). An address that is
    over its limit is remembered in the process until its time has come, so that
    further requests of it cost no statement at all.
    """

    what: str  # is counted
    setting: str  # names the limits
    refused: dict[tuple[str, str], Refusal] = {}  # in this process
    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method != "POST":
            return True
        address, now = client_address(request), timezone.now()
        person = self.what, network(address)
        allowance = self._remembered(person, now)
        if allowance is None:
            limit = getattr(settings, self.setting)
            allowance = limits.count_request(
                self.what, address=address, limits=limit, now=now
            )
            self._remember(person, allowance, now)
        view.headers.update(rate_limit(allowance))
        self.seconds = allowance.wait
        return not self.seconds

    def wait(self) -> int:
        return self.seconds

    def _remembered(self, person: tuple[str, str], now: datetime) -> Allowance | None:
        until, limit = self.refused.get(person, (now, 0))
        seconds = math.ceil((until - now).total_seconds())
        return Allowance(limit, -1, seconds) if seconds > 0 else None

    def _remember(
        self, person: tuple[str, str], allowance: Allowance, now: datetime
    ) -> None:
        if not allowance.wait:
            return
        if len(self.refused) >= MOST_REMEMBERED:
            self.refused.clear()  # they are counted again, and refused again
        until = now + timedelta(seconds=allowance.wait)
        self.refused[person] = until, allowance.limit


class SuggestionThrottle(AddressThrottle):
    """Moods that one address may suggest."""

    what, setting = "suggestion", "SUGGESTION_LIMITS"


class SignInThrottle(AddressThrottle):
    """Google tokens that one address may have verified."""

    what, setting = "sign-in", "SIGN_IN_LIMITS"


class PredictionThrottle(AddressThrottle):
    """Calls of one address that ask what the model says of texts."""

    what, setting = "prediction", "PREDICTION_LIMITS"


class ClaimThrottle(AddressThrottle):
    """Content ID claims that one address may report."""

    what, setting = "claim", "CLAIM_LIMITS"


def rate_limit(allowance: Allowance) -> dict[str, str]:
    """Headers that say how many requests are left, and for how many seconds."""
    return {
        "RateLimit-Limit": str(allowance.limit),
        "RateLimit-Remaining": str(max(0, allowance.left)),
        "RateLimit-Reset": str(allowance.resets),
    }


def client_address(request: HttpRequest | Request) -> str:
    """The address that the outermost of our own proxies saw.

    Each proxy appends the address it was asked from, so that what a client writes
    into the header stands before the TRUSTED_PROXY_HOPS last entries.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    path = [*filter(str.strip, forwarded), request.META.get("REMOTE_ADDR", "")]
    return path[-min(settings.TRUSTED_PROXY_HOPS + 1, len(path))].strip()
