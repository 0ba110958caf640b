"""The search index: filters by parameters, ranks by the words of the query."""

from __future__ import annotations

import re
from binascii import crc32
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from sandbox.youtube import parameters
from sandbox.youtube.catalogue import Video
from sandbox.youtube.errors import ErrorReply, bad_parameter
from sandbox.youtube.parameters import Params

Test = Callable[[Video], bool]

ORDERS = {"date", "rating", "relevance", "title", "videoCount", "viewCount"}
_FOUR, _TWENTY = timedelta(minutes=4), timedelta(minutes=20)
_TITLE, _TAG, _REST = 4, 2, 1  # what a word of the query is worth there

_DURATIONS: dict[str, Test] = {
    "any": lambda video: True,
    "short": lambda video: video.duration < _FOUR,
    "medium": lambda video: _FOUR <= video.duration <= _TWENTY,
    "long": lambda video: video.duration > _TWENTY,
}
_LICENCES: dict[str, Test] = {
    "any": lambda video: True,
    "creativeCommon": lambda video: video.license == "creativeCommon",
    "youtube": lambda video: video.license == "youtube",
}
_EMBEDDABLE: dict[str, Test] = {
    "any": lambda video: True,
    "true": lambda video: video.embeddable,
}
_VIDEO_ONLY = {  # parameters that need type=video
    "videoDuration": _DURATIONS,
    "videoEmbeddable": _EMBEDDABLE,
    "videoLicense": _LICENCES,
    "videoSyndicated": _EMBEDDABLE,
}


class SearchIndex:
    """Finds videos; a query puts them in order and leaves none of them out."""

    def __init__(self, videos: Sequence[Video]) -> None:
        self._videos = videos
        self._weights = {video.id: _word_weights(video) for video in videos}

    def find(self, params: Params) -> list[Video]:
        """Raises errors.ErrorReply for parameters that search.list refuses."""
        tests = _tests(params)
        order = parameters.choice(params, "order", ORDERS, default="relevance")
        found = [video for video in self._videos if all(test(video) for test in tests)]
        query = set(_words(params.get("q", "")))
        return sorted(found, key=lambda video: self._rank(video, order, query))

    def _rank(
        self, video: Video, order: str, query: set[str]
    ) -> tuple[float | str, int | str]:
        if order == "date":
            return -video.published_at.timestamp(), video.id
        if order == "rating":
            return -(video.like_count or 0), video.id
        if order == "title":
            return video.title, video.id
        if order == "viewCount":
            return -video.view_count, video.id
        weights = self._weights[video.id]
        return -sum(weights[word] for word in query), crc32(video.id.encode())


def _tests(params: Params) -> list[Test]:
    types = set(params.get("type", "video,channel,playlist").split(","))
    if not types <= {"video", "channel", "playlist"}:
        raise bad_parameter("invalidParameter", "Invalid type", location="type")
    tests: list[Test] = []
    for name, choices in _VIDEO_ONLY.items():
        if name in params:
            if types != {"video"}:
                raise _invalid_search_filter(name)
            tests.append(choices[parameters.choice(params, name, choices, default="")])
    if "video" not in types:  # the sandbox has no channels and no playlists
        tests.append(lambda video: False)
    if "channelId" in params:
        tests.append(lambda video: video.channel_id == params["channelId"])
    return tests + _window(params)


def _window(params: Params) -> list[Test]:
    after = parameters.moment(params, "publishedAfter")
    before = parameters.moment(params, "publishedBefore")
    tests: list[Test] = []
    if after is not None:
        tests.append(lambda video: video.published_at >= after)
    if before is not None:
        tests.append(lambda video: video.published_at < before)
    return tests


def _invalid_search_filter(name: str) -> ErrorReply:
    return bad_parameter(
        "invalidSearchFilter",
        "The request contains an invalid combination of search filters and/or "
        f"restrictions. Note that you must set the type parameter to video to use {name}.",
        location=name,
    )


def _word_weights(video: Video) -> Counter[str]:
    weights: Counter[str] = Counter()
    rest = f"{video.channel_title} {video.description}"
    for text, worth in ((rest, _REST), (" ".join(video.tags), _TAG)):
        weights.update(dict.fromkeys(_words(text), worth))
    weights.update(dict.fromkeys(_words(video.title), _TITLE))
    return weights


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
