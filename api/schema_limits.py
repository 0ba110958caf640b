"""The headers of routes that count how often an address asks."""

from drf_spectacular.utils import OpenApiParameter

LEFT = {
    "RateLimit-Limit": "Requests that the tightest of your windows holds.",
    "RateLimit-Remaining": "Requests that it still takes.",
    "RateLimit-Reset": "Seconds until it is over.",
}


def limited(*answers: int) -> list[OpenApiParameter]:
    """The headers of these answers and of a refusal."""
    left = [_header(name, text, [*answers, 429]) for name, text in LEFT.items()]
    return [*left, _header("Retry-After", "Seconds to wait.", [429])]


def _header(name: str, description: str, answers: list[int]) -> OpenApiParameter:
    where = OpenApiParameter.HEADER
    return OpenApiParameter(name, int, where, description=description, response=answers)
