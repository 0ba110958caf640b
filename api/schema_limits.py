"""The headers that say how often somebody may still ask, on every route that counts."""

from typing import Any

COUNTS = {
    "RateLimit-Limit": "Requests that the tightest of your windows holds.",
    "RateLimit-Remaining": "Requests that it still takes.",
    "RateLimit-Reset": "Seconds until it is over.",
    "Retry-After": "Seconds to wait.",
}
*LEFT, WAIT = COUNTS
REFUSED = "429"


def declare(document: dict[str, Any], operations: list[dict[str, Any]]) -> None:
    """Give the headers to what an operation answers, where it may refuse by count."""
    document["components"]["headers"] = {
        name: {"schema": {"type": "integer"}, "description": text}
        for name, text in COUNTS.items()
    }
    for operation in operations:
        answers = operation["responses"]
        for status in answers if REFUSED in answers else ():
            if status < "400":
                _add(answers[status], LEFT)
            elif status == REFUSED:
                _add(answers[status], [*LEFT, WAIT])


def _add(answer: dict[str, Any], names: list[str]) -> None:
    headers = answer.setdefault("headers", {})
    for name in names:
        headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})
