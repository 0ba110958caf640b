"""The client of the YouTube Data API: errors, records, and the three calls we make.

Knows neither Django nor the network: the transport is an argument, and the one
that speaks HTTP is `songs.youtube.http.HttpTransport`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from songs.youtube.fields import (
    BadField,
    Fields,
    comment_text,
    thumbnail_url,
    topic_names,
)

logger = logging.getLogger(__name__)

Item = dict[str, Any]  # a JSON object

MAX_IDS = 50  # per videos.list call
VIDEO_PARTS = "snippet,contentDetails,status,statistics,topicDetails"

_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_COMMENT_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class YouTubeError(Exception):
    """YouTube could not be reached, or its response could not be parsed."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.__doc__)


class QuotaExceeded(YouTubeError):
    """The day's quota is spent; go on after midnight Pacific time."""


class KeyRefused(YouTubeError):
    """YouTube does not accept DEVELOPER_KEY; check it in the Google Cloud console."""


class Unreachable(YouTubeError):
    """YouTube gave no usable answer; check the network and try again later.

    `cause` describes the last failure.
    """

    def __init__(self, cause: str, *, tries: int = 1) -> None:
        super().__init__(f"YouTube gave no usable answer (tries: {tries}): {cause}")
        self.cause = cause


class RequestRefused(YouTubeError):
    """YouTube refuses this request and would again; correct its parameters.

    `reason` is YouTube's own word for it, e.g. "invalidSearchFilter".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"YouTube refused the request: {reason}")
        self.reason = reason


class InvalidPageToken(RequestRefused):
    """The page token is no longer valid; start the search again without it."""


class CommentsDisabled(YouTubeError):
    """The video's comments are switched off; there are none to fetch."""


class VideoNotFound(YouTubeError):
    """YouTube has no such video any more."""


class UnreadableVideo(YouTubeError):
    """One video lacks, or garbles, what we need; the rest of its page is still good.

    `video_id` is None when the id itself is the trouble; `reason` is free of ids,
    so that refusals can be counted by reason.
    """

    def __init__(self, video_id: str | None, reason: str) -> None:
        super().__init__(f"{video_id or 'an item without a video id'}: {reason}")
        self.video_id = video_id
        self.reason = reason


class UnreadableComment(YouTubeError):
    """One comment lacks, or garbles, what we need; the others are still good."""


class Transport(Protocol):
    """Sends one call to YouTube and returns its response."""

    def call(self, method: str, params: Mapping[str, str | int]) -> Item:
        """Response to e.g. "search.list": an object whose `items`, if any, is a list.

        Raises YouTubeError.
        """
        ...


def call_cost(method: str) -> tuple[str, int]:
    """The quota bucket that a call draws on, and how much it takes from it."""
    return ("search", 1) if method == "search.list" else ("units", 1)


@dataclass(frozen=True, slots=True)
class Video:
    """A video as videos.list describes it. None is "YouTube does not say"."""

    video_id: str  # 11 characters
    video_title: str | None
    video_description: str | None
    channel_id: str | None
    channel_title: str | None
    published_at: datetime  # timezone-aware, UTC
    duration: timedelta | None  # zero for a live stream that has not ended
    licence: str | None  # "creativeCommon" or "youtube"
    embeddable: bool | None
    privacy: str | None  # "public", "unlisted" or "private"
    region_blocked: tuple[str, ...]  # ISO 3166-1 alpha-2
    region_allowed: tuple[str, ...] | None  # (): nowhere; None: everywhere
    thumbnail: str | None  # https URL, 320x180 where there is one
    tags: tuple[str, ...]
    language: str | None  # BCP 47; the spoken one where it is known
    topics: tuple[str, ...]  # titles of Wikipedia articles, e.g. "Rock music"
    view_count: int | None
    like_count: int | None
    comment_count: int | None

    @classmethod
    def from_item(cls, item: object) -> Video:
        """Read one item of videos.list; raises UnreadableVideo."""
        video_id = _video_id(item)
        try:
            return cls._from_fields(video_id, Fields(item))
        except BadField as exc:
            raise UnreadableVideo(video_id, str(exc)) from exc

    @classmethod
    def _from_fields(cls, video_id: str, item: Fields) -> Video:
        snippet, content = item.part("snippet"), item.part("contentDetails")
        status, statistics = item.part("status"), item.part("statistics")
        region = content.part("regionRestriction")
        return cls(  # with limits that no YouTube value reaches and our columns hold
            video_id=video_id,
            video_title=snippet.line("title"),
            video_description=snippet.text("description"),
            channel_id=snippet.text("channelId", limit=64),
            channel_title=snippet.line("channelTitle"),
            published_at=snippet.moment("publishedAt"),
            duration=content.duration("duration"),
            licence=status.text("license", limit=20),
            embeddable=status.flag("embeddable"),
            privacy=status.text("privacyStatus", limit=20),
            region_blocked=region.regions("blocked") or (),
            region_allowed=region.regions("allowed"),
            thumbnail=thumbnail_url(snippet.part("thumbnails")),
            tags=snippet.texts("tags") or (),
            language=snippet.text("defaultAudioLanguage", limit=35)
            or snippet.text("defaultLanguage", limit=35),
            topics=topic_names(item.part("topicDetails")),
            view_count=statistics.count("viewCount"),
            like_count=statistics.count("likeCount"),
            comment_count=statistics.count("commentCount"),
        )


@dataclass(frozen=True, slots=True)
class Comment:
    """A top-level comment under a video."""

    comment_id: str
    video_id: str
    author: str | None  # display name
    text: str  # plain text, not HTML
    like_count: int | None
    published_at: datetime  # timezone-aware, UTC

    @classmethod
    def from_item(cls, item: object, *, video_id: str) -> Comment:
        """Read one item of commentThreads.list; raises UnreadableComment."""
        try:
            comment = Fields(item).part("snippet").part("topLevelComment")
            comment_id = comment.text("id") or ""
            if not _COMMENT_ID.fullmatch(comment_id):
                raise BadField("no comment id")
            snippet = comment.part("snippet")
            return cls(
                comment_id=comment_id,
                video_id=video_id,
                author=snippet.line("authorDisplayName"),
                text=comment_text(snippet),
                like_count=snippet.count("likeCount"),
                published_at=snippet.moment("publishedAt"),
            )
        except BadField as exc:
            raise UnreadableComment(f"a comment of {video_id}: {exc}") from exc


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of search results: ids only, videos.list has the whole text."""

    video_ids: tuple[str, ...]  # in YouTube's order, each once
    refused: tuple[tuple[str | None, str], ...]  # (id if readable, reason)
    next_page_token: str | None  # None: the search ends here


@dataclass(frozen=True, slots=True)
class VideoListing:
    """What videos.list returned for the requested ids."""

    videos: tuple[Video, ...]
    refused: tuple[tuple[str | None, str], ...]  # (id if readable, reason)
    missing: tuple[str, ...]  # requested and not in the response: gone or private


def search_page(
    transport: Transport,
    params: Mapping[str, str | int],
    *,
    page_token: str | None = None,
) -> SearchPage:
    """One page of a search; `params` are search.list parameters such as q and type.

    A page without items ends the search whatever token it carries, and so does a
    token that leads back to the same page: YouTube sends both past its cap of about
    500 results. Longer loops are for the caller, who knows the tokens it has used.

    Raises InvalidPageToken for a token that has expired, YouTubeError otherwise.
    """
    paging = {"pageToken": page_token} if page_token else {}
    answer = transport.call("search.list", {**params, "part": "id,snippet", **paging})
    items = answer.get("items", [])
    video_ids: dict[str, None] = {}
    refused: list[tuple[str | None, str]] = []
    for item in items:
        try:
            video_ids[_result_id(item)] = None  # a page may name a video twice
        except UnreadableVideo as exc:
            logger.warning("skipped a search result: %s", exc)
            refused.append((exc.video_id, exc.reason))
    token = answer.get("nextPageToken")
    goes_on = items and isinstance(token, str) and token != page_token
    return SearchPage(
        video_ids=tuple(video_ids),
        refused=tuple(refused),
        next_page_token=(token or None) if goes_on else None,
    )


def list_videos(transport: Transport, ids: Sequence[str]) -> VideoListing:
    """Describe up to 50 videos in one call; none at all costs no call.

    While an item's id is unreadable no id counts as missing: it may be any of them.

    Raises YouTubeError if the call fails, ValueError past 50 ids.
    """
    if len(ids) > MAX_IDS:
        raise ValueError(f"{len(ids)} ids, videos.list takes {MAX_IDS}")
    if not ids:
        return VideoListing(videos=(), refused=(), missing=())
    answer = transport.call(
        "videos.list", {"part": VIDEO_PARTS, "id": ",".join(ids), "maxResults": MAX_IDS}
    )
    videos: dict[str, Video] = {}
    refused: list[tuple[str | None, str]] = []
    for item in answer.get("items", []):
        try:
            video = Video.from_item(item)
        except UnreadableVideo as exc:
            logger.warning("skipped a video: %s", exc)
            refused.append((exc.video_id, exc.reason))
        else:
            videos.setdefault(video.video_id, video)
    return VideoListing(
        videos=tuple(videos.values()),
        refused=tuple(refused),
        missing=_missing(ids, answered={*videos, *(id_ for id_, _ in refused)}),
    )


def list_comments(
    transport: Transport, video_id: str, *, max_results: int = 20
) -> list[Comment]:
    """The most relevant comments of a video, at most `max_results` (1 to 100).

    An unreadable comment is logged and left out.

    Raises CommentsDisabled, VideoNotFound, or another YouTubeError.
    """
    params: dict[str, str | int] = {
        "part": "snippet",
        "videoId": video_id,
        "maxResults": max_results,
        "order": "relevance",
        "textFormat": "plainText",
    }
    comments: dict[str, Comment] = {}
    for item in transport.call("commentThreads.list", params).get("items", []):
        try:
            comment = Comment.from_item(item, video_id=video_id)
        except UnreadableComment as exc:
            logger.warning("skipped %s", exc)
        else:
            comments.setdefault(comment.comment_id, comment)
    return list(comments.values())


def _video_id(item: object) -> str:
    video_id = item.get("id") if isinstance(item, Mapping) else None
    if not isinstance(video_id, str) or not _VIDEO_ID.fullmatch(video_id):
        raise UnreadableVideo(None, "no valid video id")
    return video_id


def _result_id(item: object) -> str:
    """The video id of a search result, which may be a channel or a playlist."""
    result = item.get("id") if isinstance(item, Mapping) else None
    if not isinstance(result, Mapping) or "videoId" not in result:
        raise UnreadableVideo(None, "not a video")
    return _video_id({"id": result["videoId"]})


def _missing(
    ids: Sequence[str], *, answered: Collection[str | None]
) -> tuple[str, ...]:
    if None in answered:
        return ()
    return tuple(id_ for id_ in dict.fromkeys(ids) if id_ not in answered)
