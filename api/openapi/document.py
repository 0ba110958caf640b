"""What the OpenAPI document has beside its operations: prose, tags, rate-limit headers.

And how generation is corrected: names of requests, plain nulls, examples in paths.
"""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema

RATE_LIMIT_HEADERS = {
    "RateLimit-Limit": "Requests that the tightest of your windows holds.",
    "RateLimit-Remaining": "Requests that it still takes.",
    "RateLimit-Reset": "Seconds until it is over.",
    "Retry-After": "Seconds to wait.",
}
*ALLOWANCE, WAIT = RATE_LIMIT_HEADERS
THROTTLED = "429"


def _add_rate_limit_headers(
    document: dict[str, Any], operations: list[dict[str, Any]]
) -> None:
    """Add them to the responses of each operation that may answer 429."""
    document["components"]["headers"] = {
        name: {"schema": {"type": "integer"}, "description": text}
        for name, text in RATE_LIMIT_HEADERS.items()
    }
    for operation in operations:
        responses = operation["responses"]
        for status in responses if THROTTLED in responses else ():
            if status < "400":
                _add(responses[status], ALLOWANCE)
            elif status == THROTTLED:
                _add(responses[status], [*ALLOWANCE, WAIT])


def _add(response: dict[str, Any], names: list[str]) -> None:
    headers = response.setdefault("headers", {})
    for name in names:
        headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})


INTRODUCTION = """\
Creative Commons music videos and the mood that each is in.

- **Reading needs no account.** Answers have an `ETag` and may be kept for a moment; an
  `Authorization` header that means nothing here does no harm.
- **Programs** that ask often send a token, `Authorization: Bearer mb_...`: it has a quota of
  its own, and scopes for what it may write. Answers that were counted have `RateLimit-*`.
- **Errors** are `{"detail", "code"}`: branch on `code`, show `detail`. Each operation names
  its codes; any may also answer 405, 406 or 500. Codes may be added.
- **Null** means "not known", never "none" and never 0.
- Each route answers with and without its trailing slash.
"""
TAGS = {
    "The catalogue": "Find videos by mood, words and numbers, a page at a time.",
    "Licences": "May I use this music? What was verified, and a credit to paste.",
    "Suggested moods": "What anybody may say about a video, without an account.",
    "Datasets": "Tables that people uploaded: rows, and what the columns hold.",
    "The mood model": "What the model says of your own texts.",
    "Recommenders": "Who likes this likes that: out of uploaded tables.",
    "Listeners and playlists": "Sign in with Google; playlists whose order is kept here.",
    "Whole lists": "All videos in one bare array, as clients of 2019 read them.",
}
PATH_EXAMPLES: dict[str, str | int] = {
    "video_id": "dQw4w9WgXcQ",
    "slug": "sample",
    "user_id": 1017,
    "playlist_id": 20005,
    "row_id": 30031,
    "dataset": "plays",
    "column": 3,
}
NULL = "#/components/schemas/NullEnum"
LABELLED_AS_ITSELF = re.compile(r"^\* `(.+)` - \1$\n?", re.MULTILINE)
Node = dict[str, Any]


class DocumentSchema(AutoSchema):
    """Keeps the names of components: a class `ClaimRequest` stays `ClaimRequest`."""

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        name = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Request") if direction == "request" else name


def postprocess(result: Node, **generation: Any) -> Node:
    """Correct the generated document, as the last step of its generation."""
    result["info"]["description"] = INTRODUCTION
    operations = [one for path in result["paths"].values() for one in path.values()]
    used = {tag for operation in operations for tag in operation["tags"]}
    result["tags"] = [
        {"name": name, "description": text}
        for name, text in TAGS.items()
        if name in used
    ]
    for operation in operations:
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path" and parameter["name"] in PATH_EXAMPLES:
                parameter["example"] = PATH_EXAMPLES[parameter["name"]]
    _add_rate_limit_headers(result, operations)
    _tidy(result)
    result["components"]["schemas"].pop("NullEnum", None)
    return result


def _tidy(node: Any) -> None:
    """Remove repetitions: nulls as a component, lengths and labels of choices."""
    inside = node.values() if isinstance(node, dict) else node
    for part in inside if isinstance(node, (dict, list)) else ():
        _tidy(part)
    if not isinstance(node, dict):
        return
    if node.get("$ref") == NULL:
        del node["$ref"]
        node["type"] = "null"
    if "enum" in node:
        node.pop("minLength", None)
        node.pop("maxLength", None)
    if isinstance(text := node.get("description"), str) and "* `" in text:
        node["description"] = LABELLED_AS_ITSELF.sub("", text).strip()
        if not node["description"]:
            del node["description"]
