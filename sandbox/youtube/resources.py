"""Videos and comments as the JSON of the YouTube Data API v3."""

from __future__ import annotations

import hashlib
import html
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sandbox.youtube.catalogue import Video
from sandbox.youtube.comments import Comment
from sandbox.youtube.paging import ResultPage

Json = dict[str, Any]

MUSIC = "10"  # its category id
CUT_AT = 160  # characters of a description that search.list shows
_SIZES = {  # name: (file, width, height)
    "default": ("default", 120, 90),
    "medium": ("mqdefault", 320, 180),
    "high": ("hqdefault", 480, 360),
    "standard": ("sddefault", 640, 480),
    "maxres": ("maxresdefault", 1280, 720),
}
_TOPICS = [
    "https://en.wikipedia.org/wiki/Music",
    "https://en.wikipedia.org/wiki/Independent_music",
]


def listing(
    kind: str,
    items: Sequence[Json],
    page: ResultPage[Any],
    *,
    per_page: int,
    **extra: str,
) -> Json:
    """The envelope of every list; `kind` is e.g. "youtube#videoListResponse"."""
    return tagged(
        {
            "kind": kind,
            **page.tokens(),
            **extra,
            "pageInfo": {"totalResults": page.total, "resultsPerPage": per_page},
            "items": list(items),
        }
    )


def tagged(resource: Json) -> Json:
    """`resource` with its etag, which changes with the content."""
    digest = hashlib.sha1(json.dumps(resource).encode(), usedforsecurity=False).digest()
    etag = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {"kind": resource["kind"], "etag": etag, **resource}


def search_result(video: Video, parts: Collection[str]) -> Json:
    """One item of search.list: its title is escaped, its description cut."""
    item: Json = {
        "kind": "youtube#searchResult",
        "id": {"kind": "youtube#video", "videoId": video.id},
    }
    if "snippet" in parts:
        item["snippet"] = {
            "publishedAt": timestamp(video.published_at),
            "channelId": video.channel_id,
            "title": html.escape(video.title).replace("&#x27;", "&#39;"),
            "description": cut(video.description),
            "thumbnails": thumbnails(video.id, ["default", "medium", "high"]),
            "channelTitle": video.channel_title,
            "liveBroadcastContent": "none",
            "publishTime": timestamp(video.published_at),
        }
    return tagged(item)


def video_resource(video: Video, parts: Collection[str]) -> Json:
    """One item of videos.list: everything, as its owner wrote it."""
    makers: dict[str, Callable[[Video], Json]] = {
        "snippet": _snippet,
        "contentDetails": _content_details,
        "status": _status,
        "statistics": _statistics,
        "topicDetails": lambda video: {"topicCategories": list(_TOPICS)},
    }
    item: Json = {"kind": "youtube#video", "id": video.id}
    item |= {part: make(video) for part, make in makers.items() if part in parts}
    return tagged(item)


def comment_thread(comment: Comment, parts: Collection[str], *, plain: bool) -> Json:
    item: Json = {"kind": "youtube#commentThread", "id": comment.id}
    if "snippet" in parts:
        item["snippet"] = {
            "channelId": comment.channel_id,
            "videoId": comment.video_id,
            "topLevelComment": _comment(comment, plain=plain),
            "canReply": True,
            "totalReplyCount": 0,
            "isPublic": True,
        }
    return tagged(item)


def thumbnails(video_id: str, sizes: Sequence[str]) -> Json:
    return {
        size: {
            "url": f"https://i.ytimg.com/vi/{video_id}/{_SIZES[size][0]}.jpg",
            "width": _SIZES[size][1],
            "height": _SIZES[size][2],
        }
        for size in sizes
    }


def cut(description: str) -> str:
    """One line of at most 160 characters, ending in " ..." if there was more."""
    line = re.sub(r"\s+", " ", description).strip()
    if len(line) <= CUT_AT:
        return line
    return line[: CUT_AT - 4].rsplit(" ", 1)[0] + " ..."


def timestamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def iso_duration(duration: timedelta) -> str:
    """PT4M13S; a zero duration is P0D, as YouTube says of streams."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    units = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    text = "".join(f"{number}{unit}" for number, unit in units if number)
    return f"PT{text}" if text else "P0D"


def _snippet(video: Video) -> Json:
    snippet = {
        "publishedAt": timestamp(video.published_at),
        "channelId": video.channel_id,
        "title": video.title,
        "description": video.description,
        "thumbnails": thumbnails(video.id, list(_SIZES)),
        "channelTitle": video.channel_title,
        "tags": list(video.tags),
        "categoryId": MUSIC,
        "liveBroadcastContent": "none",
        "defaultLanguage": video.language,
        "localized": {"title": video.title, "description": video.description},
        "defaultAudioLanguage": video.language,
    }
    return {name: value for name, value in snippet.items() if value not in (None, [])}


def _content_details(video: Video) -> Json:
    details: Json = {
        "duration": iso_duration(video.duration),
        "dimension": "2d",
        "definition": "hd",
        "caption": "false",
        "licensedContent": False,
        "contentRating": {},
        "projection": "rectangular",
    }
    if video.blocked:
        details["regionRestriction"] = {"blocked": list(video.blocked)}
    return details


def _status(video: Video) -> Json:
    return {
        "uploadStatus": "processed",
        "privacyStatus": video.privacy,
        "license": video.license,
        "embeddable": video.embeddable,
        "publicStatsViewable": True,
        "madeForKids": False,
    }


def _statistics(video: Video) -> Json:
    """Counts are strings; one that is hidden is not there."""
    statistics = {
        "viewCount": video.view_count,
        "likeCount": video.like_count,
        "favoriteCount": 0,
        "commentCount": None if video.comments_disabled else video.comment_count,
    }
    return {name: str(n) for name, n in statistics.items() if n is not None}


def _comment(comment: Comment, *, plain: bool) -> Json:
    shown = comment.text
    if not plain:
        shown = html.escape(shown, quote=False).replace("\n", "<br />")
    return tagged(
        {
            "kind": "youtube#comment",
            "id": comment.id,
            "snippet": {
                "channelId": comment.channel_id,
                "videoId": comment.video_id,
                "textDisplay": shown,
                "textOriginal": comment.text,
                "authorDisplayName": comment.author,
                "authorProfileImageUrl": "https://example.org/listener.jpg",
                "authorChannelUrl": f"https://example.org/{comment.author_channel_id}",
                "authorChannelId": {"value": comment.author_channel_id},
                "canRate": True,
                "viewerRating": "none",
                "likeCount": comment.like_count,
                "publishedAt": timestamp(comment.published_at),
                "updatedAt": timestamp(comment.published_at),
            },
        }
    )
