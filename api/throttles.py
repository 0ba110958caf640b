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

MOST_REMEMBERED = 10_000


class SuggestionThrottle(BaseThrottle):
    """Bounds the suggestions of one address, whichever web process it meets.

    PostgreSQL counts each request in one statement (songs.limits). An address that is
    over its limit is remembered in the process until its time has come, so that
    further requests of it cost no statement at all.
    """

    refused: dict[str, datetime] = {}  # until when, in this process
    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method != "POST":
            return True
        address, now = client_address(request), timezone.now()
        person = network(address)
        self.seconds = self._remembered(person, now)
        if not self.seconds:
            self.seconds = limits.count_request(
                "suggestion",
                address=address,
                limits=settings.SUGGESTION_LIMITS,
                now=now,
            )
            if self.seconds:
                self._remember(person, until=now + timedelta(seconds=self.seconds))
        return not self.seconds

    def wait(self) -> int:
        return self.seconds

    def _remembered(self, person: str, now: datetime) -> int:
        until = self.refused.get(person, now)
        return max(0, math.ceil((until - now).total_seconds()))

    def _remember(self, person: str, *, until: datetime) -> None:
        if len(self.refused) >= MOST_REMEMBERED:
            self.refused.clear()  # they are counted again, and refused again
        self.refused[person] = until


def client_address(request: HttpRequest | Request) -> str:
    """The address that the outermost of our own proxies saw.

    Each proxy appends the address it was asked from, so that what a client writes
    into the header stands before the TRUSTED_PROXY_HOPS last entries.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    path = [*filter(str.strip, forwarded), request.META.get("REMOTE_ADDR", "")]
    return path[-min(settings.TRUSTED_PROXY_HOPS + 1, len(path))].strip()
