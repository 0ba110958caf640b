"""For platforms and monitors: is the process alive, and can it do its work?"""

import logging

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.urls import re_path
from django.views.decorators.http import require_safe

from background import registry

logger = logging.getLogger(__name__)

RETRY_AFTER_S = 10


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 without a migrated database; degraded, but 200, where a model is missing."""
    unknown = dict.fromkeys(["database", "migrations", *registry.readiness])
    parts: dict[str, str | None] = unknown | {"database": "ok"}
    try:
        parts["migrations"] = _migrations()
        if parts["migrations"] == "ok":
            parts |= {part: ask() for part, ask in registry.readiness.items()}
    except (DatabaseError, InterfaceError) as exc:
        logger.error("not ready: %s", type(exc).__name__)
        parts = unknown | {"database": "unreachable"}
    if parts["migrations"] != "ok" or None in parts.values():
        body = {"status": "unavailable", **parts}
        headers = {"Retry-After": str(RETRY_AFTER_S)}
        return JsonResponse(body, status=503, headers=headers)
    status = "ok" if {*parts.values()} == {"ok"} else "degraded"
    return JsonResponse({"status": status, **parts})


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "waiting" if waiting else "ok"


urlpatterns = [
    re_path(r"^live/?$", live),
    re_path(r"^ready/?$", ready),
    re_path(r"^$", ready),
]
