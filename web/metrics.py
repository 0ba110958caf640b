"""`/metrics` for Prometheus: requests, and what apps tell of themselves.

Not for everybody: a scraper brings METRICS_TOKEN, a person of the staff is signed in.
"""

import os
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector, Metric

from background import registry
from web import access_log
from web.errors import error_body

PRIVATE = (
    "This is for the staff who are signed in, and for requests with the header "
    "Authorization: Bearer METRICS_TOKEN."
)


class Everything(Collector):
    """The requests of all web processes, and what apps entered in the registry."""

    def collect(self) -> Iterator[Metric]:
        yield from _requests()
        now = timezone.now()
        for collect in registry.metric_collectors:
            yield from collect(now)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return JsonResponse(error_body(PRIVATE, "permission_denied"), status=403)
    text = generate_latest(Everything())
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: HttpRequest) -> bool:
    """A request that brings a token is judged by that alone, without the database."""
    given = request.headers.get("Authorization")
    if given is None:
        return request.user.is_staff
    expected = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and constant_time_compare(given, expected)


def _requests() -> Iterator[Metric]:
    """Of all processes of gunicorn (gunicorn.conf.py names their folder), or of ours.

    How many there were is counted with their durations, and has a name of its own.
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    collector = MultiProcessCollector(None, folder) if folder else access_log.REGISTRY
    total = Metric("http_requests", "Requests answered.", "counter")
    for metric in collector.collect():
        yield metric
        for sample in metric.samples:
            if sample.name == access_log.COUNT:
                total.add_sample("http_requests_total", sample.labels, sample.value)
    yield total
