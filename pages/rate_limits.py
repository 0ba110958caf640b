"""Pages that are as costly as what the API bounds are bounded by the same counts."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from api.http.throttles import CostlyReadThrottle, Counted, rate_limit
from web.client_ip import client_address, digest

COSTLY = {  # names of URLs: pages that read tables, or ask recommenders
    *("dataset", "rows", "column"),
    *("similar", "recommended", "taste", "clean", "tops", "profile"),
}


class PageLimits:
    """Answers 429 to an address that asks for more than it may."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.resolver_match.url_name not in COSTLY:
            return None
        throttle = CostlyReadThrottle()
        address = digest(client_address(request))
        counted = Counted(throttle.what, address, settings.COSTLY_READ_LIMITS)
        allowance = throttle.allowance(counted, timezone.now())
        if not allowance.wait:
            return None
        page = render(request, "429.html", {"wait": allowance.wait}, status=429)
        said = rate_limit(allowance) | {"Retry-After": str(allowance.wait)}
        for name, value in said.items():
            page[name] = value
        return page
