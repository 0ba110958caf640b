"""Who may ask how often."""

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.http.auth import program
from web import rate_limits
from web.client_ip import client_address, digest
from web.rate_limits import Allowance

if TYPE_CHECKING:  # the views of the framework import this module
    from rest_framework.views import APIView

MOST_REMEMBERED = 10_000
STREAMS = ("csv", "ndjson")
COSTLY_PARAMETERS = {"q", "facets"}
Refusal = tuple[datetime, int]  # until when, and the limit that was exceeded


class Counted(NamedTuple):
    """Whose requests of which kind are counted, and how many each window may hold."""

    what: str
    who: str
    rate_limits: dict[int, int]


class TokenQuota(BaseThrottle):
    """Counts each request that comes with a program's token; others pass.

    PostgreSQL counts each request in one statement (web.rate_limits), whichever web
    process it meets. Who is over the limit is remembered in the process until the time
    has come, so that further requests cost no such statement.
    """

    refused: dict[tuple[str, str, tuple[int, ...]], Refusal] = {}  # in this process
    seconds = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        counted = self.counted(request)
        if counted is None:
            return True
        allowance = self.allowance(counted, timezone.now())
        view.headers.update(rate_limit(allowance))
        self.seconds = allowance.wait
        return not self.seconds

    def wait(self) -> int:
        return self.seconds

    def counted(self, request: Request) -> Counted | None:
        """What this request counts as; None: nothing."""
        token = program(request)
        return token and Counted("token", str(token.pk), token.limits)

    def allowance(self, counted: Counted, now: datetime) -> Allowance:
        """Count one request, unless it is known that it is one too many."""
        what, who, limits_ = counted
        key = what, who, tuple(limits_.values())  # another quota is another chance
        until, limit = self.refused.get(key, (now, 0))
        if until > now:
            return Allowance(limit, -1, math.ceil((until - now).total_seconds()))
        allowance = rate_limits.count_request(what, who=who, limits=limits_, now=now)
        if allowance.wait:
            if len(self.refused) >= MOST_REMEMBERED:
                self.refused.clear()  # they are counted again, and refused again
            self.refused[key] = now + timedelta(seconds=allowance.wait), allowance.limit
        return allowance


class AddressThrottle(TokenQuota):
    """Bounds the POSTs of one address; a program has the quota of its token instead."""

    what: str  # is counted
    setting: str  # names the limits
    methods: tuple[str, ...] = ("POST",)

    def counted(self, request: Request) -> Counted | None:
        if program(request) is not None or not self.bounds(request):
            return super().counted(request)
        address = digest(client_address(request))
        return Counted(self.what, address, getattr(settings, self.setting))

    def bounds(self, request: Request) -> bool:
        """Whether the request is one of those that an address has so many of."""
        return request.method in self.methods


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


class CostlyReadThrottle(AddressThrottle):
    """Reads of one address that the database works for, whatever caches hold."""

    what, setting = "costly read", "COSTLY_READ_LIMITS"
    methods = ("GET", "HEAD")


class RecommenderThrottle(CostlyReadThrottle):
    """Questions to recommenders, those with likes in their body, too."""

    methods = ("GET", "HEAD", "POST")


class VideosThrottle(CostlyReadThrottle):
    """Of the list of videos: searches, counts, and whole tables. Pages are cheap."""

    def bounds(self, request: Request) -> bool:
        streams = request.accepted_renderer.format in STREAMS
        costly = streams or COSTLY_PARAMETERS & set(request.query_params)
        return super().bounds(request) and bool(costly)


def rate_limit(allowance: Allowance) -> dict[str, str]:
    """Headers that say how many requests are left, and for how many seconds."""
    return {
        "RateLimit-Limit": str(allowance.limit),
        "RateLimit-Remaining": str(max(0, allowance.left)),
        "RateLimit-Reset": str(allowance.resets),
    }
