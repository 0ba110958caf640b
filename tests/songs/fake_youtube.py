"""YouTube without a network: a transport that answers from a list, and its items."""

from collections.abc import Mapping
from typing import Any

from songs.youtube.client import Item


class FakeTransport:
    """Gives (or raises) its answers in turn and remembers what it was asked."""

    def __init__(self, *answers: Item | Exception) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, Mapping[str, str | int]]] = []

    def call(self, method: str, params: Mapping[str, str | int]) -> Item:
        self.calls.append((method, params))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def video_item(video_id: object = "sandboxVid1", **parts: Any) -> Item:
    """An item of videos.list; `snippet` adds to its snippet, other parts are added."""
    snippet = {
        "publishedAt": "2019-03-21T20:37:49Z",
        "channelId": "UCsample",
        "title": "Rain & Tea",
        "description": "Slow piano.",
    }
    item = {"id": video_id, "snippet": snippet | parts.pop("snippet", {})}
    return item | parts


def search_item(video_id: str = "sandboxVid1") -> Item:
    """An item of search.list."""
    return {"id": {"kind": "youtube#video", "videoId": video_id}, "snippet": {}}


def comment_item(comment_id: object = "Ugx1", **snippet: Any) -> Item:
    """An item of commentThreads.list; `snippet` adds to the comment's snippet."""
    snippet = {
        "authorDisplayName": "Ann",
        "textOriginal": "Lovely",
        "likeCount": 3,
        "publishedAt": "2019-04-20T01:03:39.000Z",
    } | snippet
    return {"snippet": {"topLevelComment": {"id": comment_id, "snippet": snippet}}}
