"""Who may ask how often."""

from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.http.auth import program
from web.rate_limits import (
    COSTLY_READ,
    RateQuota,
    allow,
    quota_of_address,
    rate_limit_headers,
)

if TYPE_CHECKING:  # the views of the framework import this module
    from rest_framework.views import APIView

STREAMS = ("csv", "ndjson")
COSTLY_PARAMETERS = {"q", "facets"}


class TokenQuota(BaseThrottle):
    """Counts each request that comes with a program's token; others pass."""

    seconds = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        quota = self.quota(request)
        if quota is None:
            return True
        allowance = allow(quota, now=timezone.now())
        view.headers.update(rate_limit_headers(allowance))
        self.seconds = allowance.wait
        return not self.seconds

    def wait(self) -> int:
        return self.seconds

    def quota(self, request: Request) -> RateQuota | None:
        """What this request counts as; None: nothing."""
        token = program(request)
        return token and RateQuota("token", str(token.pk), token.limits)


class AddressThrottle(TokenQuota):
    """Bounds the POSTs of one address; a program has the quota of its token instead."""

    what: str  # is counted
    setting: str  # names the limits
    methods: tuple[str, ...] = ("POST",)

    def quota(self, request: Request) -> RateQuota | None:
        if program(request) is not None or not self.bounds(request):
            return super().quota(request)
        return quota_of_address(request, self.what, self.setting)

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

    what, setting = COSTLY_READ
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
