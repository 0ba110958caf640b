"""Rate limits of the API: by the token of a program, else by address."""

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
    """Limits the requests of a program's token; counts no others."""

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
        """The quota that this request is counted in; None: it is not counted."""
        token = program(request)
        return token and RateQuota("token", str(token.pk), token.limits)


class AddressThrottle(TokenQuota):
    """Limits the POSTs of one address; a program has the quota of its token instead."""

    what: str  # the kind of request that is counted
    setting: str  # the name of the setting with its limits
    methods: tuple[str, ...] = ("POST",)

    def quota(self, request: Request) -> RateQuota | None:
        if program(request) is not None or not self.counts(request):
            return super().quota(request)
        return quota_of_address(request, self.what, self.setting)

    def counts(self, request: Request) -> bool:
        """Whether the request counts towards the limit of its address."""
        return request.method in self.methods


class SuggestionThrottle(AddressThrottle):
    """Suggested moods of one address."""

    what, setting = "suggestion", "SUGGESTION_LIMITS"


class SignInThrottle(AddressThrottle):
    """Sign-ins of one address: Google tokens to verify."""

    what, setting = "sign-in", "SIGN_IN_LIMITS"


class PredictionThrottle(AddressThrottle):
    """Predictions of texts for one address."""

    what, setting = "prediction", "PREDICTION_LIMITS"


class ClaimThrottle(AddressThrottle):
    """Reported Content ID claims of one address."""

    what, setting = "claim", "CLAIM_LIMITS"


class CostlyReadThrottle(AddressThrottle):
    """Reads of one address that are costly for the database, whatever caches hold."""

    what, setting = COSTLY_READ
    methods = ("GET", "HEAD")


class RecommenderThrottle(CostlyReadThrottle):
    """Questions to recommenders, also those with likes in their body."""

    methods = ("GET", "HEAD", "POST")


class VideosThrottle(CostlyReadThrottle):
    """Searches, facets and whole tables of the list of videos; its pages are cheap."""

    def counts(self, request: Request) -> bool:
        streams = request.accepted_renderer.format in STREAMS
        costly = streams or COSTLY_PARAMETERS & set(request.query_params)
        return super().counts(request) and bool(costly)
